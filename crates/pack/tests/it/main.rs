//! Tests of the pack room from outside: real packs, and every error by its code.

mod errors; // one small bad pack for every code
mod expressions; // the language: types, values, random expressions
mod packs; // the packs of the house
mod schema; // the schemas for editors, held equal to the reader
mod written; // documents that repeat declarations
