//! Every URL, in one list. The router, the OpenAPI document and the test that walks all of it as everybody are made
//! from it; a URL that does not stand here is not answered. Refuses to know how a deed is done.

use crate::answer::Coming;
use crate::call::{Call, Reply};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::routes as r;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// The methods used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Does.
    Post,
    /// Ends.
    Delete,
}

impl Method {
    /// As on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        }
    }
}

/// Who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Everybody, signed in or not.
    Nobody,
    /// Programs on this machine; others are told that there is no such thing.
    Here,
    /// Whoever is signed in, even when the password must be changed first.
    Session,
    /// Whoever is signed in and has chosen a password of their own.
    Anyone,
    /// Whose role may do this deed of the pack.
    Deed(&'static str),
}

/// At which pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// No pace of its own.
    Free,
    /// Attempts to sign in.
    SignIn,
    /// Reading.
    Read,
    /// Writing.
    Deed,
    /// Long work.
    Long,
}

/// What a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// No body.
    Nothing,
    /// A JSON object of this schema.
    Json(&'static str),
    /// A JSON object of the register's own schema with this ending.
    OfRegister(&'static str),
    /// Files and fields in parts, of this schema.
    Parts(&'static str),
    /// One file as it is.
    File,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// A JSON document of this schema.
    Json(&'static str),
    /// A JSON document of the register's own schema with this ending.
    OfRegister(&'static str),
    /// The same with status 201.
    Made(&'static str),
    /// The register's own, with status 201.
    MadeOfRegister(&'static str),
    /// Nothing.
    Nothing,
    /// A file of one of these types.
    File(&'static [&'static str]),
}

/// A parameter of the query. Its words stand under `param.`.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it is in OpenAPI's words.
    pub kind: Kind,
    /// Whether it may stand several times.
    pub many: bool,
    /// Whether it must stand.
    pub needed: bool,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number between these.
    Count(usize, usize),
    /// One of these words.
    One(&'static [&'static str]),
}

const fn text(name: &'static str) -> Param {
    Param {
        name,
        kind: Kind::Text,
        many: false,
        needed: false,
    }
}

static AT: Param = text("at");
static KNOWN: Param = text("known");
static PERIOD: Param = text("period");
static IN: Param = text("in");
static AFTER: Param = text("after");
static TOPIC: Param = text("topic");
static ID: Param = Param {
    many: true,
    ..text("id")
};
static Q: Param = Param {
    needed: true,
    ..text("q")
};
static LIMIT: Param = Param {
    kind: Kind::Count(1, 500),
    ..text("limit")
};
static FORMAT: Param = Param {
    kind: Kind::One(&["csv", "ndjson", "xlsx"]),
    ..text("format")
};

/// A deed whose office is asked on a thread that may block.
pub(crate) type Deed = fn(&Call) -> Result<Reply, Problem>;
/// A request whose body is read piece by piece.
pub(crate) type Reading =
    fn(Arc<Desk>, Coming) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;

/// How a URL is answered.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    Deed(Deed),
    /// It may take minutes.
    Long(Deed),
    Reading(Reading),
}

/// One URL.
pub struct Url {
    /// Its name, also of its words under `url.`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path under `/api`, names in braces.
    pub path: &'static str,
    /// Who may.
    pub need: Need,
    /// At which pace.
    pub rate: Rate,
    /// Parameters of the query.
    pub asks: &'static [&'static Param],
    /// Whether the handler knows further parameters: fields of the register.
    pub open_query: bool,
    /// What a request carries.
    pub takes: Takes,
    /// What is answered.
    pub gives: Gives,
    pub(crate) run: Run,
}

impl Url {
    /// Whether it changes nothing.
    pub fn is_safe(&self) -> bool {
        self.method == Method::Get
    }
}

const GET: Method = Method::Get;
const POST: Method = Method::Post;
const DELETE: Method = Method::Delete;
