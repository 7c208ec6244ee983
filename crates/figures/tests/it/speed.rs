//! A town's figures within a budget. Measured in release only:
//! `cargo test --release -p figures --test it speed -- --ignored --nocapture`.

use crate::town::{BOOK, FORD, HILL, RIVER, Store, ask, read};
use figures::Engine;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use vocabulary::Value;

static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The time this thread has had a core, so that neighbours do not count; where the system does not tell, the clock's.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|text| text.split(' ').next()?.parse().ok());
    told.map_or_else(|| BEGUN.elapsed(), Duration::from_nanos)
}

/// Sixty figures over one register: bands, codes and conditions as reports have them.
fn sixty() -> String {
    let mut text = include_str!("../pack.toml").to_owned();
    let figure = |id: &str, condition: &str, rest: &str| {
        format!(
            "\n[[figure]]\nid = \"{id}\"\ntitle = \"x\"\ntext = \"x\"\nunit = \"人\"\nfrom = \"person\"\n\
             where = \"{condition}\"\nmeasure = \"count\"\n{rest}\n"
        )
    };
    for (name, condition) in [
        ("all", "name is not null"),
        ("men", "sex = '1'"),
        ("women", "sex = '2'"),
        ("taught", "education in ('10', '21')"),
    ] {
        let bands = "by = { of = \"age(birth)\", bands = [\"<=6\", \"7-17\", \"18-30\", \"31-40\", \"41-50\", \"51-59\", \"60-79\", \"80-89\", \">=90\"] }";
        text.push_str(&figure(&format!("p.{name}.age"), condition, bands));
        let codes = "by = { of = \"education\", codes = \"education\" }";
        text.push_str(&figure(&format!("p.{name}.edu"), condition, codes));
        text.push_str(&figure(
            &format!("p.{name}.old"),
            &format!("{condition} and age(birth) >= 60"),
            "",
        ));
        text.push_str(&figure(
            &format!("p.{name}.here"),
            &format!("{condition} and unit.name is null"),
            "",
        ));
    }
    text
}

fn town(people: i64) -> Store {
    let store = Store::new(read(&sixty()));
    store.batch("BEGIN");
    // A fixed recurrence: the same town every time.
    let mut seed = 7_i64;
    for person in 1..=people {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        let birth = (1930 + seed / 7 % 92) * 10_000 + (1 + seed / 3 % 12) * 100 + 1 + seed % 28;
        let education = ["10", "21", "31"][usize::try_from(seed % 3).expect("three")];
        let fields = [
            ("name", Value::Text(format!("村民{person}"))),
            ("birth", Value::Int(birth)),
            ("sex", Value::from(if seed % 2 == 0 { "1" } else { "2" })),
            ("education", Value::from(education)),
        ];
        let division = [RIVER, HILL, FORD][usize::try_from(person % 3).expect("three")];
        store.put("person", person, division, &fields);
    }
    store.batch("COMMIT");
    store.cover("person", BOOK);
    store
}

/// Holds at any size; `YIBEN_PEOPLE=48000 cargo test --release -p figures sixty_figures -- --nocapture` measures.
#[test]
#[allow(clippy::print_stdout, reason = "a measurement is read by people")]
fn sixty_figures_of_a_town_agree_with_their_traces() {
    let asked = std::env::var("YIBEN_PEOPLE")
        .ok()
        .and_then(|people| people.parse().ok());
    for people in [asked.unwrap_or(1_000)] {
        let store = town(people);
        let engine = Engine::new(&store.pack, &store);
        let ids: Vec<_> = engine
            .ids(&ask())
            .expect("the store answers")
            .into_iter()
            .filter(|id| id.figure.starts_with("p."))
            .collect();
        let mut taken = Vec::new();
        for _ in 0..7 {
            let begun = worked();
            engine.answer(&ids, &ask()).expect("the store answers");
            taken.push(worked() - begun);
        }
        let least = taken.iter().min().expect("seven");
        println!(
            "{} figures over {people} records: {:?}, least {least:?}",
            ids.len(),
            taken[0]
        );
        println!(
            "columns: {}",
            store.sent.borrow()[0].0.matches("COUNT(").count()
        );
        let begun = worked();
        let found = engine.consistent(&ask()).expect("the store answers");
        println!("every trace against its figure: {:?}", worked() - begun);
        assert_eq!(found, []);
    }
}
