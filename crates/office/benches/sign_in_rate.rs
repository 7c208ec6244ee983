//! How many people sign in a second: each by a real password, each written to the book and durable before it is answered,
//! from as many threads as there are cores, on the hamlet. Prints the best of three runs.
//! `cargo bench -p office --bench sign_in_rate`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use office::clock::{SystemClock, SystemEntropy};
use office::people::{Gate, Secret};
use office::{
    Actor, House, InitInput, Office, PersonAddInput, PersonGrantInput, RedeemInput, SignInInput,
};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const PASSWORD: &str = "Kmzw-pqtr-lvbn-7";
const PEOPLE: usize = 20;
const EACH: usize = 10;
const RUNS: usize = 3;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let init = InitInput {
        path: path.clone(),
        pack: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/hamlet"),
        book: "511729102000".to_owned(),
        name: "hamlet".to_owned(),
        sm3: false,
    };
    let root = Actor::new("root", None);
    let made = Office::init(&init, root.clone(), Box::new(SystemClock), SystemEntropy);
    let mut office = made.expect("a book");
    let gate = Gate::new(None);
    for n in 0..PEOPLE {
        add(&mut office, &gate, &name(n));
    }
    drop(office);
    let house = House::open(&path, Arc::new(SystemClock), SystemEntropy).expect("a house");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let best = (0..RUNS)
        .map(|_| run(&house, &gate, threads))
        .fold(0.0, f64::max);
    println!("{best:.0} sign-ins/s from {threads} threads, each durable before it is answered");
}

fn name(n: usize) -> String {
    format!("p.{n}")
}

fn add(office: &mut Office, gate: &Gate, name: &str) {
    office.acts(Actor::new("root", None));
    let input = PersonAddInput {
        name: name.to_owned(),
        display: name.to_owned(),
    };
    let token = office.person_add(&input).expect("added").token;
    let grant = PersonGrantInput {
        name: name.to_owned(),
        role: "clerk".to_owned(),
        ..PersonGrantInput::default()
    };
    office.person_grant(&grant).expect("granted");
    office.acts(Actor::nobody(None));
    let input = RedeemInput {
        token,
        name: None,
        display: None,
        password: Secret::new(PASSWORD.to_owned()),
    };
    office.redeem(gate, &input).expect("redeemed");
}

fn run(house: &House, gate: &Gate, threads: usize) -> f64 {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for n in (thread..PEOPLE * EACH).step_by(threads) {
                    let input = SignInInput {
                        name: name(n % PEOPLE),
                        password: Secret::new(PASSWORD.to_owned()),
                        role: None,
                    };
                    let mut office = house.office(Actor::nobody(None));
                    office.sign_in(gate, &input).expect("in");
                }
            });
        }
    });
    f64::from(u32::try_from(PEOPLE * EACH).expect("small")) / start.elapsed().as_secs_f64()
}
