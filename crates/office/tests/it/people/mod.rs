//! People who sign in: every rule, with a clock that is turned by hand.

mod audit; // what is written down
mod rights; // every role against every deed
mod sign_in; // in, out, and the passwords between
mod three; // nobody is two of the three administrators

use office::clock::{Clock, SystemEntropy};
use office::people::{Gate, Secret, Session, Token};
use office::{
    Actor, ChangePasswordInput, InitInput, Office, OfficeError, PasswordPolicy, PersonAddInput,
    PersonGrantInput, RedeemInput, Refusal, SignInInput, SignedIn,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use vocabulary::Moment;

pub(super) const GOOD: &str = "Kmzw-pqtr-lvbn-7";
pub(super) const BETTER: &str = "Wqxr-tzkp-mvhd-4";

/// The roles of the tests: three administrators, somebody of a village, somebody of the town.
const ROLES: &str = r#"
[role.system]
title = "系统管理员"
admin = "system"
may = ["people", "pack", "backup"]
[role.security]
title = "安全管理员"
admin = "security"
may = ["people", "person_add", "person_grant", "person_revoke", "person_lock", "person_link"]
[role.audit]
title = "审计管理员"
admin = "audit"
may = ["audit"]
[role.clerk]
title = "业务员"
may = ["import", "settle", "undo", "figure", "trace", "check", "report", "history"]
registers = ["*"]
personal = true
[role.cadre]
title = "村干部"
level = "village"
may = ["figure"]
registers = ["*"]
"#;

/// Stands until it is turned.
#[derive(Clone)]
pub(super) struct Turned(Arc<AtomicI64>);

impl Clock for Turned {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

/// A book with people, and a gate before it.
pub(super) struct Town {
    folder: tempfile::TempDir,
    pub(super) clock: Turned,
    pub(super) gate: Gate,
    pub(super) office: Office,
}

impl Town {
    /// With two villages and nobody in it.
    pub(super) fn empty(policy: PasswordPolicy) -> Town {
        let folder = tempfile::tempdir().expect("a folder");
        let hamlet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/hamlet");
        let pack = folder.path().join("pack");
        copy(&hamlet, &pack);
        std::fs::write(pack.join("roles.toml"), ROLES).expect("written");
        let now = Moment::parse("2023-01-05T00:00:00Z").expect("a moment");
        let clock = Turned(Arc::new(AtomicI64::new(now.0)));
        let init = InitInput {
            path: folder.path().join("a.db"),
            pack,
            book: "511729102000".to_owned(),
            name: "桥头镇".to_owned(),
            sm3: false,
        };
        let actor = Actor::new("root", None);
        let mut office =
            Office::init(&init, actor, Box::new(clock.clone()), SystemEntropy).expect("a book");
        let villages = folder.path().join("villages.geojson");
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"行政村"},"geometry":null},
            {"type":"Feature","properties":{"名称":"青山村","代码":"511729102201","类型":"行政村"},"geometry":null}]}"#;
        std::fs::write(&villages, text).expect("written");
        let input = office::ImportInput {
            paths: vec![villages],
            commit: true,
            ..office::ImportInput::default()
        };
        office.import(&input, &|_, _, _| {}).expect("imported");
        Town {
            folder,
            clock,
            gate: Gate::new(Some(policy)),
            office,
        }
    }

    /// With Chen, a clerk, who has the password [`GOOD`].
    pub(super) fn with_chen(policy: PasswordPolicy) -> Town {
        let mut town = Town::empty(policy);
        town.person("chen");
        town.grant("chen", "clerk", None).expect("granted");
        town
    }

    /// Somebody with the password [`GOOD`] and no role.
    pub(super) fn person(&mut self, name: &str) {
        let link = self.add(name);
        self.redeem(&link, GOOD).expect("redeemed");
    }

    pub(super) fn add(&mut self, name: &str) -> Token {
        let input = PersonAddInput {
            name: name.to_owned(),
            display: format!("{name} 某"),
        };
        self.office.person_add(&input).expect("added").token
    }

    pub(super) fn redeem(&mut self, link: &Token, password: &str) -> Result<String, OfficeError> {
        let input = RedeemInput {
            token: link.clone(),
            name: None,
            display: None,
            password: secret(password),
        };
        self.comes("10.0.0.9");
        let done = self.office.redeem(&self.gate, &input);
        self.root();
        done
    }

    pub(super) fn grant(
        &mut self,
        name: &str,
        role: &str,
        within: Option<&str>,
    ) -> Result<i64, OfficeError> {
        let input = PersonGrantInput {
            name: name.to_owned(),
            role: role.to_owned(),
            within: within.map(str::to_owned),
            ..PersonGrantInput::default()
        };
        self.office.person_grant(&input).map(|(_, tx)| tx)
    }

    /// An office for whoever comes from an address.
    pub(super) fn comes(&mut self, address: &str) {
        self.office.acts(Actor::nobody(Some(address.to_owned())));
    }

    pub(super) fn root(&mut self) {
        self.office.acts(Actor::new("root", None));
    }

    pub(super) fn sign_in(&mut self, name: &str, password: &str) -> Result<SignedIn, OfficeError> {
        let input = SignInInput {
            name: name.to_owned(),
            password: secret(password),
            role: None,
        };
        self.comes("10.0.0.7");
        let done = self.office.sign_in(&self.gate, &input);
        self.root();
        done
    }

    pub(super) fn change(
        &mut self,
        token: &Token,
        old: &str,
        new: &str,
    ) -> Result<i64, OfficeError> {
        let input = ChangePasswordInput {
            old: secret(old),
            new: secret(new),
        };
        let done = self.office.change_password(&self.gate, token, &input);
        self.root();
        done
    }

    pub(super) fn touch(&self, token: &Token) -> Option<Session> {
        self.gate.touch(token, self.clock.now())
    }

    pub(super) fn turn(&self, seconds: i64) {
        self.clock
            .0
            .fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(super) fn ledger(&self) -> PathBuf {
        self.folder.path().join("a.db")
    }
}

pub(super) fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub(super) const MINUTE: i64 = 60;
pub(super) const DAY: i64 = 86_400;

/// The code and the kind of a refusal.
pub(super) fn refusal<T: std::fmt::Debug>(done: Result<T, OfficeError>) -> (String, Refusal) {
    match done {
        Err(OfficeError::SignIn { said, why, .. }) => (said.code, why),
        other => panic!("let in, or refused otherwise: {other:?}"),
    }
}

/// The code of what cannot be used.
pub(super) fn asked<T: std::fmt::Debug>(done: Result<T, OfficeError>) -> String {
    match done {
        Err(OfficeError::Asked(said)) => said.code,
        other => panic!("done, or refused otherwise: {other:?}"),
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).expect("copied");
        }
    }
}
