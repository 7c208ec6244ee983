//! A server that runs on a desk's ledger, with somebody signed in.

use super::http::Line;
use e2e::Desk;
use serde_json::json;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// What everybody here signs in with.
pub(super) const PASSWORD: &str = "quiet-river-77-stones";

/// A running `yiben serve`; killed when dropped.
pub(super) struct Server {
    child: Child,
    pub(super) port: u16,
}

impl Server {
    /// Starts it; its log is `serve.log` in the desk's folder.
    pub(super) fn start(desk: &Desk, more: &[&str]) -> Server {
        let log = File::options()
            .create(true)
            .append(true)
            .open(desk.path("serve.log"));
        let mut child = Command::new(e2e::binary())
            .args(["serve", "--port", "0", "--ledger"])
            .arg(desk.path("yiben.db"))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log.expect("a log"))
            .spawn()
            .expect("it starts");
        let out = child.stdout.take().expect("piped");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let said = lines
            .find(|line| line.contains("http://"))
            .expect("it says where");
        let port = said
            .rsplit(':')
            .next()
            .and_then(|port| port.trim().parse().ok());
        // The rest is read to nobody, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Server {
            child,
            port: port.expect("a port"),
        }
    }

    /// As a power cut would.
    pub(super) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    /// As the system would; answers the exit code.
    pub(super) fn stop(mut self) -> Option<i32> {
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(told.expect("told").success());
        self.child.wait().expect("gone").code()
    }

    pub(super) fn sign_in(&self, name: &str) -> String {
        let mut line = Line::open(self.port, "").expect("connected");
        let body = json!({"name": name, "password": PASSWORD});
        let answer = line
            .ask("POST", "/api/session", None, Some(&body))
            .expect("answered");
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.cookie.expect("a cookie")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Adds somebody in a role, before the server runs; answers the link by which he chooses a password.
pub(super) fn somebody(desk: &Desk, name: &str, role: &str) -> String {
    let added = desk
        .yiben(&["people", "add", name, "--as", "陈静", "--json"])
        .done()
        .json();
    desk.yiben(&["people", "grant", name, role]).done();
    added["link"].as_str().expect("a link").to_owned()
}

/// Chooses the password by the link.
pub(super) fn redeem(server: &Server, link: &str) {
    let mut line = Line::open(server.port, "").expect("connected");
    let body = json!({"token": link, "password": PASSWORD});
    let answer = line
        .ask("POST", "/api/session/link", None, Some(&body))
        .expect("answered");
    assert_eq!(answer.status, 200, "{}", answer.body);
}
