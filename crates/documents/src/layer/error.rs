//! Why a file is no layer, each reason with its next step.

use crate::sheet::WORDS;
use vocabulary::{Finding, FindingClass};

/// Why a file is no layer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayerError {
    /// Not JSON; where the reader stopped.
    #[error("not JSON at line {line}, column {column}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, in bytes, from 1.
        column: usize,
        /// The file ends there: it was cut off.
        cut: bool,
    },
    /// JSON, but no features.
    #[error("neither a FeatureCollection nor a Feature")]
    NotFeatures,
    /// Its `crs` names another reference than longitude and latitude of WGS 84 or CGCS2000.
    #[error("another reference system: {0}")]
    Reference(String),
    /// Every shape lies in metres or the like; a coordinate of it.
    #[error("no degrees: {0}")]
    Projected(String),
    /// Every shape has its latitude first.
    #[error("latitude before longitude")]
    Swapped,
    /// Beyond a limit.
    #[error("too large")]
    Large,
}

impl From<serde_json::Error> for LayerError {
    fn from(error: serde_json::Error) -> LayerError {
        LayerError::Json {
            line: error.line(),
            column: error.column(),
            cut: error.is_eof(),
        }
    }
}

impl LayerError {
    /// The finding about the file.
    pub fn finding(&self) -> Finding {
        let (mut line, mut column, mut value) = (String::new(), String::new(), String::new());
        let (code, said) = match self {
            LayerError::Json {
                line: at,
                column: byte,
                cut,
            } => {
                (line, column) = (at.to_string(), byte.to_string());
                ("D300", if *cut { "said_cut" } else { "said" })
            }
            LayerError::NotFeatures => ("D301", "said"),
            LayerError::Reference(name) => {
                value.clone_from(name);
                ("D302", "said")
            }
            LayerError::Projected(at) => {
                value.clone_from(at);
                ("D303", "said")
            }
            LayerError::Swapped => ("D304", "said"),
            LayerError::Large => ("D305", "said"),
        };
        let params = [("line", &*line), ("column", &*column), ("value", &*value)];
        let next = if said == "said_cut" {
            "next_cut"
        } else {
            "next"
        };
        // Not every file of this form is meant as a map.
        let class = match self {
            LayerError::NotFeatures => FindingClass::Notice,
            _ => FindingClass::Rejected,
        };
        Finding::new(
            code,
            class,
            WORDS.say(&format!("{code}.{said}"), &params),
            WORDS.say(&format!("{code}.{next}"), &params),
        )
    }
}
