//! A stranger reads the document and tries everything that it allows and much that it does not: schemathesis of PyPI, in an
//! environment of its own. Where it cannot be had the test says so aloud and is not run.

use super::server::{Server, redeem, somebody};
use e2e::Desk;
use std::path::{Path, PathBuf};
use std::process::Command;

#[expect(clippy::print_stderr, reason = "a test that is not run says so aloud")]
fn python() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-schemathesis");
    let (program, done) = (home.join("bin/schemathesis"), home.join("installed"));
    if !done.exists() {
        let made = Command::new("python3")
            .args(["-m", "venv"])
            .arg(&home)
            .status();
        let made = made.is_ok_and(|status| status.success());
        let install = || {
            let mut pip = Command::new(home.join("bin/python"));
            pip.args(["-m", "pip", "install", "--quiet", "schemathesis"]);
            pip.status().is_ok_and(|status| status.success())
        };
        if !made || !install() {
            eprintln!("NOT RUN: schemathesis cannot be installed here");
            return None;
        }
        std::fs::write(&done, "").expect("written");
    }
    Some(program)
}

#[test]
fn schemathesis_finds_no_fault_of_ours_and_no_breach_of_the_document() {
    let Some(program) = python() else { return };
    let desk = Desk::empty();
    let pack = e2e::root().join("packs/hamlet").display().to_string();
    desk.yiben(&[
        "init",
        "--pack",
        &pack,
        "--book",
        "511729102000",
        "--name",
        "桥头镇",
    ])
    .done();
    let link = somebody(&desk, "chenjing", "clerk");
    let server = Server::start(&desk, &["--no-pace"]);
    redeem(&server, &link);
    let cookie = server.sign_in("chenjing");
    let base = format!("http://127.0.0.1:{}/api", server.port);
    let ran = Command::new(program)
        .arg("run")
        .arg(format!("{base}/openapi.json"))
        .args(["--url", &base])
        .args([
            "--header",
            &format!("Cookie: {cookie}"),
            "--header",
            "X-Yiben: 1",
        ])
        // A stream without end, and what would sign the stranger out.
        .args([
            "--exclude-operation-id",
            "events",
            "--exclude-operation-id",
            "sign_out",
        ])
        .args([
            "--exclude-operation-id",
            "sign_out_everywhere",
            "--exclude-operation-id",
            "password",
        ])
        .args([
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance",
        ])
        .args(["--checks", "response_schema_conformance"])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            "8",
            "--seed",
            "7",
        ])
        .args(["--request-timeout", "30", "--suppress-health-check", "all"])
        .current_dir(desk.path(""))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    // He was let in, and did not knock at a closed door all the time.
    let log = std::fs::read_to_string(desk.path("serve.log")).expect("a log");
    let answered = |status: &str| log.matches(&format!("\"status\":{status}")).count();
    let (done, refused) = (answered("20"), answered("4"));
    assert!(
        done > 100 && refused > 300,
        "{done} done, {refused} refused: {said}"
    );
    assert!(answered("401") < 50 && answered("500") == 0, "{said}");
    assert_eq!(server.stop(), Some(0));
}
