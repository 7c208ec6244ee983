//! The language: types, values, random expressions.
