//! Creating, opening, locking, and every way in which a file is refused.

use ledger::{HashAlg, Ledger, LedgerError, Mode};
use testkit::{both_stores, hamlet_reader};

#[test]
fn a_book_opens_again_with_its_pack_and_its_chain() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sm3);
        let head = ledger.reader().expect("reader").head().expect("head");
        assert_eq!(head.0, 1);
        drop(ledger);
        let ledger = stand.open().expect("opens");
        assert_eq!(ledger.reader().expect("reader").head().expect("head"), head);
        assert_eq!(ledger.pack().version, "1.0.0");
        assert_eq!(ledger.book().alg, HashAlg::Sm3);
        let divisions = ledger.reader().expect("reader").divisions().expect("read");
        assert_eq!(
            (divisions[0].id, divisions[0].level.as_str()),
            (ledger.book().id, "town")
        );
    });
}

#[test]
fn one_writer_at_a_time_and_the_other_learns_its_pid() {
    both_stores(|mut stand| {
        let held = stand.create(HashAlg::Sha256);
        let refused = stand.open().err().expect("locked");
        assert!(
            matches!(refused, LedgerError::Locked { pid } if pid == std::process::id()),
            "{refused}"
        );
        drop(held);
        // The file still names a pid, but nobody holds it.
        stand.open().expect("a stale lock stops nobody");
    });
}

#[test]
fn a_reader_opens_beside_the_writer_and_cannot_write() {
    both_stores(|mut stand| {
        let _writer = stand.create(HashAlg::Sha256);
        let mut ledger = Ledger::open_read_with(&stand.path(), &*hamlet_reader()).expect("opens");
        let deed = stand.deed("try");
        let refused = ledger
            .write(deed, Mode::Commit, |_| Ok::<_, LedgerError>(()))
            .expect_err("read only");
        assert!(matches!(refused, LedgerError::ReadOnly(_)));
    });
}

#[test]
fn what_is_no_ledger_of_ours_is_refused_by_name() {
    both_stores(|mut stand| {
        let missing = stand.open().err().expect("no file");
        assert!(matches!(missing, LedgerError::NoFile(_)));
        std::fs::write(
            stand.path(),
            "a text that is long enough to be taken for a page",
        )
        .expect("written");
        let other = stand.open().err().expect("no ledger");
        assert!(matches!(other, LedgerError::NotALedger(_)), "{other}");
        std::fs::remove_file(stand.path()).expect("removed");
        drop(stand.create(HashAlg::Sha256));
        let key = stand.path().with_extension("db.key");
        let bytes = std::fs::read(&key).expect("a key of 32 bytes");
        assert_eq!(bytes.len(), 32);
        std::fs::write(&key, [9; 32]).expect("written");
        assert!(matches!(
            stand.open().err().expect("refused"),
            LedgerError::WrongKey(_)
        ));
        std::fs::remove_file(&key).expect("removed");
        let gone = stand.open().err().expect("refused");
        assert!(matches!(gone, LedgerError::NoKey(_)));
        assert!(gone.next().contains("密钥"));
        std::fs::write(&key, bytes).expect("written");
        stand.open().expect("opens with its own key");
    });
}

#[cfg(unix)]
#[test]
fn the_key_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    both_stores(|mut stand| {
        drop(stand.create(HashAlg::Sha256));
        let key = std::fs::metadata(stand.path().with_extension("db.key")).expect("a key");
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    });
}

#[test]
fn a_book_of_another_version_is_named_as_such() {
    both_stores(|mut stand| {
        drop(stand.create(HashAlg::Sha256));
        let bytes = std::fs::read(stand.path()).expect("the book");
        let mark = b"schema3";
        let at = bytes.windows(mark.len()).position(|window| window == mark);
        let digit = at.expect("the number of the schema") + mark.len() - 1;
        for (version, code) in [(b'1', "L021"), (b'9', "L004")] {
            let mut other = bytes.clone();
            other[digit] = version;
            std::fs::write(stand.path(), other).expect("written");
            let error = stand.open().err().expect("refused");
            assert_eq!(error.code(), code, "{error}");
            assert!(error.said().contains(char::from(version)));
        }
    });
}
