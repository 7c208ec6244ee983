//! What the pack declares, and the places of the book.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use serde_json::{Value as Json, json};

/// Name, version, and what may be asked for.
pub(crate) fn pack(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let pack = office.pack();
    let figures = pack
        .figures
        .iter()
        .map(|one| json!({"id": one.id, "title": one.title, "unit": one.unit, "text": one.text}));
    let levels = pack.levels.iter();
    let levels = levels.map(|one| json!({"name": one.name, "title": one.title}));
    let roles = pack.roles.iter();
    let roles = roles.map(|one| json!({"role": one.name, "title": one.title}));
    let codes = pack.code_lists.values().map(|list| {
        let codes = list.codes.iter();
        let codes = codes.map(|one| json!({"code": one.code, "title": one.title}));
        json!({"name": list.name, "title": list.title, "codes": codes.collect::<Vec<Json>>()})
    });
    let periods = pack
        .parameters
        .values()
        .filter_map(|one| one.period.clone());
    Ok(Reply::json(json!({
        "name": pack.name, "title": pack.title, "version": pack.version,
        "book": office.book_id().to_string(), "book_name": office.book_name(),
        "figures": figures.collect::<Vec<Json>>(), "levels": levels.collect::<Vec<Json>>(),
        "roles": roles.collect::<Vec<Json>>(), "codes": codes.collect::<Vec<Json>>(),
        "periods": periods.collect::<Vec<String>>(),
    }))
    .tagged(Some(tag)))
}
