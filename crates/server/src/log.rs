//! What the server writes about itself: one JSON line a request and a fault. No personal data: never a query, a name, a
//! body or an error's text; a path appears as its template.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// What tells two runs of the program apart.
static RUN: LazyLock<u64> = LazyLock::new(|| {
    let mut bytes = [0_u8; 8];
    // Only names lines of the log; were there no randomness, the number alone would do.
    let _ = getrandom::fill(&mut bytes);
    u64::from_le_bytes(bytes)
});

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number for a request or a fault, by which a person who was told it finds it in the log.
pub(crate) fn fresh_id() -> String {
    let run = *RUN & 0xff_ffff;
    format!("{run:06x}-{:x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The name of an error's variants, without their contents: the first word of how Rust prints it.
pub(crate) fn shape_of(error: &dyn std::error::Error) -> String {
    let printed = format!("{error:?}");
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    printed.chars().take_while(|letter| word(*letter)).collect()
}

/// Begins to write lines to standard error; a second call in one process changes nothing.
pub fn begin() {
    let _ = tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_current_span(false)
        .with_span_list(false)
        .with_max_level(tracing::Level::INFO)
        .try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_its_kind_and_not_its_words() {
        let error = office::OfficeError::Report("张三".to_owned());
        assert_eq!(shape_of(&error), "Report");
        assert_ne!(fresh_id(), fresh_id());
    }
}
