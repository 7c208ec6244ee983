//! May.

const SQL: &str = "SELECT 1";
