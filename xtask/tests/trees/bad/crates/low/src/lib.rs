mod util;
use high::deed;

// TODO: later. A comment may say 村, and SystemTime::now() too.
fn told() -> (&'static str, std::time::SystemTime) {
    ("村", std::time::SystemTime::now())
}

fn asked() -> [&'static str; 4] {
    ["SELECT * FROM person", "resident", "division", "/home/somebody/file"]
}

#[cfg(test)]
mod tests {
    #[test]
    #[ignore]
    fn it_is_told() {
        assert_eq!(super::told().0, "村");
        std::thread::sleep(std::time::Duration::from_secs(1));
        let _ = (std::time::SystemTime::now(), "resident", "SELECT 1");
    }
}
