//! Documents in, documents out: workbooks as offices really keep them, and finished reports as
//! Word, HTML and text. Refuses to know ledger and figures: a report arrives finished.

pub mod html; // a report as one HTML file
pub mod layer; // map layers in
pub mod mark; // a workbook with its findings marked on it
pub mod markdown; // a filled template into it
pub mod report; // the one document model
pub mod sheet; // workbooks in
pub mod text; // a report as plain text
pub mod word; // a report as a Word file
