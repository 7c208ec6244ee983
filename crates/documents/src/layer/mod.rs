//! Map layers in: a GeoJSON file (RFC 7946) as features with properties. Refuses to know what a layer is for:
//! which property is a name or a code is answered by words of a list, never by one file.

use serde_json::Value as Json;
use vocabulary::Words;

/// A layer of features.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The features in the file's order.
    pub features: Vec<Feature>,
}

/// A feature as a place tree needs it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feature {
    /// What findings name it by: its `id`, else its code, else its name, else its position from 1.
    pub identifier: String,
    /// Its name.
    pub name: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// The word for its kind.
    pub kind: Option<String>,
    /// Longitude and latitude of its named centre in millionths of a degree.
    pub centre: Option<(i64, i64)>,
}

/// Why a file is no layer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayerError {
    /// Not JSON, with line and column.
    #[error("{0}")]
    Json(String),
    /// JSON, but not a FeatureCollection.
    #[error("type is not FeatureCollection")]
    NotFeatures,
}

/// Reads a layer.
pub fn open(bytes: &[u8]) -> Result<Layer, LayerError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let json: Json = serde_json::from_slice(bytes).map_err(|e| LayerError::Json(e.to_string()))?;
    if json.get("type").and_then(Json::as_str) != Some("FeatureCollection") {
        return Err(LayerError::NotFeatures);
    }
    let features = json
        .get("features")
        .and_then(Json::as_array)
        .ok_or(LayerError::NotFeatures)?;
    let words = Words::read(include_str!("../../words/layer.toml"));
    let features = features
        .iter()
        .enumerate()
        .map(|(i, json)| feature(json, i + 1, &words))
        .collect();
    Ok(Layer { features })
}

fn feature(json: &Json, position: usize, words: &Words) -> Feature {
    let properties = json.get("properties").and_then(Json::as_object);
    let named = |part: &str| -> Option<&Json> {
        let names = words.get(part)?.split(' ');
        let properties = properties?;
        names
            .filter_map(|name| properties.get(name))
            .find(|value| !value.is_null())
    };
    let text = |part: &str| match named(part)? {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let (name, code, kind) = (text("name"), text("code"), text("kind"));
    let id = match json.get("id") {
        Some(Json::String(id)) => Some(id.clone()),
        Some(Json::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let identifier = id
        .or_else(|| code.clone())
        .or_else(|| name.clone())
        .unwrap_or_else(|| position.to_string());
    let centre = named("centre").and_then(Json::as_array).and_then(|pair| {
        let degree = |at: usize| pair.get(at).and_then(Json::as_f64).map(millionths);
        degree(0).zip(degree(1))
    });
    Feature {
        identifier,
        name,
        code,
        kind,
        centre,
    }
}

/// A place on the map is kept in millionths of a degree (a tenth of a metre); it decides no figure.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a degree times a million fits 64 bits many times over"
)]
fn millionths(degrees: f64) -> i64 {
    (degrees * 1_000_000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_is_read_by_any_of_the_usual_property_names() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"行政村","党群服务中心":[106.864192,31.653755]},"geometry":null},
            {"type":"Feature","id":7,"properties":{"NAME":"河街社区","CODE":511729102221},"geometry":null}]}"#;
        let layer = open(text.as_bytes()).expect("a layer");
        assert_eq!(layer.features[0].identifier, "511729102200");
        assert_eq!(layer.features[0].centre, Some((106_864_192, 31_653_755)));
        assert_eq!(layer.features[1].identifier, "7");
        assert_eq!(layer.features[1].code.as_deref(), Some("511729102221"));
    }

    #[test]
    fn what_is_no_layer_says_where() {
        assert!(
            matches!(open(b"{\"type\":"), Err(LayerError::Json(why)) if why.contains("line 1"))
        );
        assert_eq!(open(b"[1]"), Err(LayerError::NotFeatures));
    }
}
