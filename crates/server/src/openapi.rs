//! x
use serde_json::{Value as Json, json};
pub(crate) fn document(pack: &impl Sized) -> Json {
    let _ = pack;
    json!({})
}
