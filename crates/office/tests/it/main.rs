//! The office through its public doors, on the smallest pack and small sheets.

mod agree; // codes of one class
mod as_of; // answers of then stay the answers
mod content; // what a book says, without its numbers
mod describe; // what a pack declares, told
mod desk; // a book, files to import, questions
mod erase; // somebody leaves by law
mod figures; // figures, traces and reports
mod hamlet; // the smallest pack with its own example files
mod house; // a book open for many
mod identity; // who is who, whatever the order of files
mod import; // what an import takes, refuses and remembers
mod language; // what packs may say of sheets
mod layers; // map layers into registers
mod link; // rows that mean a record and do not make it
mod map; // headers that people have said something of
mod marked; // the files with their findings marked on them
mod order; // a town's workbooks in every order
mod people; // who signs in, and what is written down of it
mod rights; // what a role may not do
mod rules; // ready rules over households at risk
mod search; // a record found
mod settle; // findings settled
mod tree; // places that workbooks list
mod undo; // imports taken back
mod wide; // several records of one row
mod written; // pages of the book that repeat the township pack
