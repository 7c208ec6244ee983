//! A server in front of a book on the hamlet pack with two villages, and people who are signed in.

use crate::http::{Answer, Ask};
use office::clock::{Clock, SystemClock, SystemEntropy};
use office::{Actor, House, ImportInput, InitInput, Office};
use serde_json::{Value as Json, json};
use server::{Server, Settings};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "quiet-river-77-stones";

/// A server that runs until it is dropped.
pub(crate) struct Desk {
    pub(crate) at: SocketAddr,
    pub(crate) folder: tempfile::TempDir,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    first: String,
}

/// Somebody's cookie.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    at: SocketAddr,
    pub(crate) cookie: String,
}

/// Two residents in one household, as a village keeps them.
pub(crate) const RESIDENTS: &str = "户编号,村,农户类型,承包地,姓名,性别,出生日期
0001,大石村,一般户,3.2亩,陈大山,男,1975-06-18
0001,大石村,一般户,3.2亩,李桂花,女,1977-01-05
0003,青山村,脱贫户,0.2公顷,郑有才,男,1969.10
";

/// Roles of every kind: the hamlet's own are too few to tell who may what.
pub(crate) const ROLES: &str = r#"
[role.clerk]
title = "业务员"
may = ["import", "settle", "undo", "record", "correct", "end", "withdraw", "show", "search", "figure", "trace", "check",
  "report", "history", "export"]
registers = ["*"]
personal = true

[role.reader]
title = "查看人"
may = ["figure", "trace", "report", "show"]
registers = ["household"]

[role.cadre]
title = "村干部"
may = ["record", "correct", "show", "search", "history", "check", "figure"]
registers = ["*"]
personal = true
level = "village"

[role.system]
title = "系统管理员"
may = ["backup", "rebuild"]
registers = []
admin = "system"

[role.security]
title = "安全管理员"
may = ["people", "person_add", "person_grant", "person_revoke", "person_lock", "person_link"]
registers = []
admin = "security"

[role.auditing]
title = "审计管理员"
may = ["audit"]
registers = []
admin = "audit"
"#;

/// The hamlet pack with these roles, in a folder.
fn pack(folder: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/hamlet");
    let to = folder.join("pack");
    copy(&from, &to);
    std::fs::write(to.join("roles.toml"), ROLES).expect("written");
    to
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("copied");
        }
    }
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk::with(|_| {})
    }

    /// With other settings than the usual ones.
    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let clock = || -> Box<dyn Clock> { Box::new(SystemClock) };
        let init = InitInput {
            path: path.clone(),
            pack: pack(folder.path()),
            book: "511729102000".to_owned(),
            name: "桥头镇".to_owned(),
            sm3: false,
        };
        let actor = Actor::new("tester", None);
        let mut office = Office::init(&init, actor, clock(), SystemEntropy).expect("a book");
        let villages = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"行政村"},"geometry":null},
            {"type":"Feature","properties":{"名称":"青山村","代码":"511729102201","类型":"行政村"},"geometry":null}]}"#;
        let file = folder.path().join("villages.geojson");
        std::fs::write(&file, villages).expect("written");
        let import = ImportInput {
            paths: vec![file],
            commit: true,
            ..ImportInput::default()
        };
        office.import(&import, &|_, _, _| {}).expect("imported");
        drop(office);
        let house = House::open(&path, Arc::new(SystemClock), SystemEntropy).expect("a house");
        let mut settings = Settings {
            port: 0,
            ..Settings::default()
        };
        change(&mut settings);
        let server = Server::new(house, &path, settings).expect("a server");
        let at = server.address().expect("an address");
        let first = server.first_link().expect("asked").expect("nobody yet");
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let stopped = async {
                let _ = stopped.await;
            };
            server.run(stopped).expect("served");
        });
        Desk {
            at,
            folder,
            stop: Some(stop),
            thread: Some(thread),
            first,
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("a.db")
    }

    /// A request by nobody.
    pub(crate) fn ask(&self, ask: &Ask) -> Answer {
        ask.send(self.at)
    }

    /// The first administrator: `root`, in the first role that may say who may.
    pub(crate) fn first(&self) -> Signed {
        let body =
            json!({"token": self.first, "name": "root", "display": "第一人", "password": PASSWORD});
        let answer = self.ask(&Ask::new("POST", "/api/session/link").json(&body));
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        self.sign_in("root")
    }

    /// A clerk, for the whole book.
    pub(crate) fn clerk(&self) -> Signed {
        let root = self.first();
        self.somebody(&root, "wang", "clerk", None)
    }

    pub(crate) fn sign_in(&self, name: &str) -> Signed {
        let body = json!({"name": name, "password": PASSWORD});
        let answer = self.ask(&Ask::new("POST", "/api/session").json(&body));
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        let cookie = answer.header("set-cookie").expect("a cookie");
        Signed {
            at: self.at,
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
        }
    }

    /// Somebody in a role, made by the administrator.
    pub(crate) fn somebody(
        &self,
        by: &Signed,
        name: &str,
        role: &str,
        within: Option<&str>,
    ) -> Signed {
        let made = by.post("/api/people", &json!({"name": name, "display": name}));
        assert_eq!(made.status, 201, "{:?}", made.json());
        let token = made.json()["link"].as_str().expect("a link").to_owned();
        let grant = json!({"role": role, "in": within});
        let granted = by.post(&format!("/api/people/{name}/grant"), &grant);
        assert_eq!(granted.status, 200, "{:?}", granted.json());
        let body = json!({"token": token, "password": PASSWORD});
        let answer = self.ask(&Ask::new("POST", "/api/session/link").json(&body));
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        self.sign_in(name)
    }

    /// Stops as if told to, and waits.
    pub(crate) fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            thread.join().expect("it ended well");
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Signed {
    pub(crate) fn send(&self, ask: Ask) -> Answer {
        ask.with("Cookie", &self.cookie).send(self.at)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Ask::new("GET", path))
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Answer {
        self.send(Ask::new("POST", path).json(body))
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send(Ask::new("DELETE", path))
    }

    /// Sends a workbook and commits it.
    pub(crate) fn import(&self, name: &str, text: &str) -> Json {
        let ask = Ask::new("POST", "/api/imports").parts(&[(name, text.as_bytes())], &[]);
        let made = self.send(ask);
        assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
        let id = made.json()["id"].as_str().expect("an id").to_owned();
        let done = self.post(&format!("/api/imports/{id}/commit"), &json!({}));
        assert_eq!(done.status, 200, "{}", String::from_utf8_lossy(&done.body));
        done.json()
    }
}
