//! Map layers in: a GeoJSON file (RFC 7946) as features, each with its properties and its shape. Refuses to know what a
//! layer is for: which property is a name or a code is answered by words of a list, never by one file, and what a
//! property is for by the forms that are handed in.

mod error; // why a file is no layer
mod geometry; // coordinates become a shape, or the reason why not
mod table; // features become the rows of a form

pub use error::LayerError;
pub use table::{forms, match_layer};

use crate::sheet::{Limits, Sheet};
use geometry::{Fault, Read};
use serde_json::Value as Json;
use std::collections::HashMap;
use vocabulary::{Shape, ShapeKind, Words};

/// A layer of features.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The features in the file's order.
    pub features: Vec<Feature>,
    /// Their properties as a sheet: a header of names, then a row a feature.
    sheet: Sheet,
    /// Why a feature has no shape, by feature.
    faults: Vec<Option<Fault>>,
    /// How many have heights, which are not kept.
    heights: usize,
    /// Identifiers that several features bear.
    repeated: Vec<String>,
}

/// A feature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feature {
    /// What findings name it by: its `id`, else its code, its number, its name, else its position from 1. What several
    /// bear is followed by the position.
    pub identifier: String,
    /// Its name.
    pub name: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// The word for its kind.
    pub kind: Option<String>,
    /// Longitude and latitude of its named centre in millionths of a degree.
    pub centre: Option<(i64, i64)>,
    /// Where and how large it is.
    pub shape: Option<Shape>,
}

/// Reads a layer.
pub fn open(bytes: &[u8], limits: &Limits) -> Result<Layer, LayerError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.file_bytes {
        return Err(LayerError::Large);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let json: Json = serde_json::from_slice(bytes)?;
    let single;
    let features = match json.get("type").and_then(Json::as_str) {
        Some("FeatureCollection") => json.get("features").and_then(Json::as_array),
        Some("Feature") => {
            single = vec![json.clone()];
            Some(&single)
        }
        _ => None,
    };
    let features = features.ok_or(LayerError::NotFeatures)?;
    let words = Words::read(include_str!("../../words/layer.toml"));
    reference(&json, &words)?;
    let mut layer = Layer {
        features: Vec::with_capacity(features.len()),
        sheet: table::sheet(features, limits)?,
        faults: Vec::with_capacity(features.len()),
        heights: 0,
        repeated: Vec::new(),
    };
    for (at, json) in features.iter().enumerate() {
        let (mut feature, mut fault) = (feature(json, at + 1, &words), None);
        let mut heights = false;
        match geometry::read(json.get("geometry").unwrap_or(&Json::Null), &mut heights) {
            Read::Shape(shape) => feature.shape = Some(shape),
            Read::Fault(why) => fault = Some(why),
        }
        layer.heights += usize::from(heights);
        layer.features.push(feature);
        layer.faults.push(fault);
    }
    layer.refused()?;
    layer.name_apart();
    Ok(layer)
}

/// Coordinates are degrees of WGS 84 or CGCS2000, whatever the file is called: any other reference is refused.
fn reference(json: &Json, words: &Words) -> Result<(), LayerError> {
    let Some(crs) = json.get("crs").filter(|crs| !crs.is_null()) else {
        return Ok(());
    };
    let name = crs.get("properties").and_then(|p| p.get("name"));
    let name = name.and_then(Json::as_str).unwrap_or_default();
    let bare: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    let known = words.get("reference").unwrap_or_default().split(' ');
    if known
        .into_iter()
        .any(|known| known.eq_ignore_ascii_case(&bare))
    {
        return Ok(());
    }
    let said = if name.is_empty() {
        crs.to_string()
    } else {
        name.to_owned()
    };
    Err(LayerError::Reference(said.chars().take(80).collect()))
}

impl Layer {
    /// What most of its shapes are; none when it has no shape.
    pub fn kind(&self) -> Option<ShapeKind> {
        let count = |kind: ShapeKind| {
            let kinds = self.features.iter().filter_map(|f| f.shape.as_ref());
            kinds.filter(|shape| shape.kind() == kind).count()
        };
        let most = ShapeKind::ALL.into_iter().max_by_key(|kind| count(*kind))?;
        (count(most) > 0).then_some(most)
    }

    /// Whether it is a list alone: no feature has so much as a broken shape.
    pub fn is_list(&self) -> bool {
        let is_absent = |fault: &Option<Fault>| matches!(fault, Some(Fault::Absent));
        self.faults.iter().all(is_absent)
    }

    /// A fault of every feature is one of the file.
    fn refused(&self) -> Result<(), LayerError> {
        if self.features.iter().any(|feature| feature.shape.is_some()) {
            return Ok(());
        }
        let faults = || self.faults.iter().flatten();
        if faults().next().is_some() && faults().all(|f| matches!(f, Fault::Swapped)) {
            return Err(LayerError::Swapped);
        }
        match faults().find_map(Fault::projected) {
            Some(at) if faults().all(|f| f.projected().is_some()) => {
                Err(LayerError::Projected(at.to_owned()))
            }
            _ => Ok(()),
        }
    }

    fn name_apart(&mut self) {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for feature in &self.features {
            *counts.entry(feature.identifier.clone()).or_default() += 1;
        }
        for (at, feature) in self.features.iter_mut().enumerate() {
            if counts[&feature.identifier] > 1 {
                if !self.repeated.contains(&feature.identifier) {
                    self.repeated.push(feature.identifier.clone());
                }
                feature.identifier = format!("{}#{}", feature.identifier, at + 1);
            }
        }
    }
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
        Some(Json::String(id)) => Some(id.clone()).filter(|id| !id.trim().is_empty()),
        Some(Json::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let identifier = id
        .or_else(|| code.clone())
        .or_else(|| text("number"))
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
        shape: None,
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

    fn read(text: &str) -> Result<Layer, LayerError> {
        open(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn a_village_is_read_by_any_of_the_usual_property_names() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"行政村","党群服务中心":[106.864192,31.653755]},"geometry":null},
            {"type":"Feature","id":7,"properties":{"NAME":"河街社区","CODE":511729102221},"geometry":null}]}"#;
        let layer = read(text).expect("a layer");
        assert_eq!(layer.features[0].identifier, "511729102200");
        assert_eq!(layer.features[0].centre, Some((106_864_192, 31_653_755)));
        assert_eq!(layer.features[1].identifier, "7");
        assert_eq!(layer.features[1].code.as_deref(), Some("511729102221"));
    }

    #[test]
    fn what_is_no_layer_says_where() {
        assert!(matches!(
            read("{\"type\":"),
            Err(LayerError::Json {
                line: 1,
                cut: true,
                ..
            })
        ));
        assert_eq!(read("[1]"), Err(LayerError::NotFeatures));
    }
}
