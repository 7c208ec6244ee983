//! The built binary, from outside. One process for all, because most tests share one imported town.

mod again; // the same file twice, the files in another order
mod answers; // figures equal the example's known answers
mod book; // the tutorial and the how-tos do what they say
mod by_hand; // records written by hand, and read
mod codes; // exit codes, and what stands on which stream
mod describe; // what a pack declares, told
mod desk; // findings settled, imports taken back, headers remembered
mod economy; // the latest number reported, a share of nothing
mod fixtures; // workbooks and broken files, made here
mod keeping; // later versions, second writers, a hand in the file, secrets
mod layers; // map layers: counts, areas, lengths
mod leaks; // nothing personal where it has no place
mod messy; // cells that cannot be taken, villages nobody knows
mod people; // who signs in, and the audit
mod planted; // every planted error is named, and nothing else
mod proof; // the second verifier, and hands in the ledger's file
mod refused; // files that are no workbooks
mod registers; // every declared sheet
mod renamed; // the town under other headers
mod report; // the documents written
mod school; // a pack and an example of another kind
mod serve; // over HTTP: killed, quiet, tried by a stranger
mod shapes; // JSON exactly as documented
mod shared; // the town imported once
mod traces; // every figure opens to what it says
mod variant; // the example's workbooks re-written by rule
mod variants; // no variant moves a figure
