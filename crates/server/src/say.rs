//! The server's own sentences.

use std::sync::LazyLock;
use vocabulary::Words;

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("../words/zh.toml")));

/// A sentence with its parameters.
pub(crate) fn say(key: &str, params: &[(&str, &str)]) -> String {
    WORDS.say(key, params)
}
