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
static REGISTERS: Param = Param {
    many: true,
    ..text("register")
};
static LIMIT: Param = Param {
    kind: Kind::Count(1, 500),
    ..text("limit")
};
static FORMAT: Param = Param {
    kind: Kind::One(&["csv", "ndjson", "xlsx"]),
    ..text("format")
};

static FILTER: Param = text("filter");
static SORT: Param = text("sort");
static REVEAL: Param = text("reveal");
static FIELDS: Param = Param {
    many: true,
    ..text("fields")
};
static LIST: &[&Param] = &[
    &FILTER, &SORT, &FIELDS, &AFTER, &LIMIT, &AT, &KNOWN, &IN, &REVEAL,
];
static ONE: &[&Param] = &[&AT, &KNOWN, &REVEAL];
static EXPORT: &[&Param] = &[&FORMAT, &FILTER, &SORT, &FIELDS, &AT, &KNOWN, &IN, &REVEAL];

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

/// A URL that reads a JSON document, for a deed.
const fn read(
    id: &'static str,
    path: &'static str,
    deed: &'static str,
    asks: &'static [&'static Param],
    schema: &'static str,
    run: Deed,
) -> Url {
    Url {
        id,
        method: GET,
        path,
        need: Need::Deed(deed),
        rate: Rate::Read,
        asks,
        open_query: false,
        takes: Takes::Nothing,
        gives: Gives::Json(schema),
        run: Run::Deed(run),
    }
}

/// A URL that does a deed told in JSON and answers JSON.
const fn does(
    id: &'static str,
    path: &'static str,
    deed: &'static str,
    takes: &'static str,
    gives: &'static str,
    run: Deed,
) -> Url {
    Url {
        method: POST,
        rate: Rate::Deed,
        takes: Takes::Json(takes),
        ..read(id, path, deed, &[], gives, run)
    }
}

/// Every URL.
pub static URLS: &[Url] = &[
    // ---------------------------------------------------------------------------------------- the server itself
    Url {
        need: Need::Nobody,
        rate: Rate::Free,
        ..read("health", "/health", "", &[], "Health", r::system::health)
    },
    Url {
        need: Need::Here,
        rate: Rate::Free,
        gives: Gives::File(&["text/plain"]),
        ..read("metrics", "/metrics", "", &[], "", r::system::metrics)
    },
    Url {
        need: Need::Anyone,
        ..read(
            "openapi",
            "/openapi.json",
            "",
            &[],
            "OpenApi",
            r::system::openapi,
        )
    },
    Url {
        need: Need::Anyone,
        gives: Gives::File(&["text/event-stream"]),
        ..read("events", "/events", "", &[&TOPIC], "", r::events::events)
    },
    // ------------------------------------------------------------------------------------------------ in and out
    Url {
        need: Need::Nobody,
        rate: Rate::SignIn,
        ..does(
            "sign_in",
            "/session",
            "",
            "SignIn",
            "Me",
            r::session::sign_in,
        )
    },
    Url {
        need: Need::Nobody,
        rate: Rate::SignIn,
        ..does(
            "redeem",
            "/session/link",
            "",
            "Redeem",
            "Redeemed",
            r::session::redeem,
        )
    },
    Url {
        method: DELETE,
        need: Need::Session,
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        ..does("sign_out", "/session", "", "", "", r::session::sign_out)
    },
    Url {
        method: DELETE,
        need: Need::Session,
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        ..does(
            "sign_out_everywhere",
            "/sessions",
            "",
            "",
            "",
            r::session::sign_out_everywhere,
        )
    },
    Url {
        need: Need::Session,
        ..does(
            "password",
            "/session/password",
            "",
            "Password",
            "Written",
            r::session::password,
        )
    },
    Url {
        need: Need::Session,
        ..does("role", "/session/role", "", "Role", "Me", r::session::role)
    },
    Url {
        need: Need::Session,
        ..read("me", "/me", "", &[], "Me", r::session::me)
    },
    // -------------------------------------------------------------------------------------------- what there is
    Url {
        need: Need::Anyone,
        ..read("pack", "/pack", "", &[], "Pack", r::pack::pack)
    },
    // --------------------------------------------------------------------------------------------------- records
    Url {
        need: Need::Anyone,
        ..read(
            "registers",
            "/registers",
            "",
            &[],
            "Registers",
            r::registers::list,
        )
    },
    Url {
        need: Need::Anyone,
        ..read(
            "divisions",
            "/divisions",
            "",
            &[&IN, &KNOWN],
            "Divisions",
            r::registers::divisions,
        )
    },
    Url {
        open_query: true,
        gives: Gives::OfRegister("List"),
        ..read(
            "records",
            "/registers/{register}/records",
            "show",
            LIST,
            "",
            r::registers::records,
        )
    },
    Url {
        takes: Takes::OfRegister("New"),
        gives: Gives::Made("Recorded"),
        ..does(
            "record",
            "/registers/{register}/records",
            "record",
            "",
            "",
            r::registers::record,
        )
    },
    Url {
        gives: Gives::OfRegister("One"),
        ..read(
            "show",
            "/registers/{register}/records/{record}",
            "show",
            ONE,
            "",
            r::registers::show,
        )
    },
    read(
        "history",
        "/registers/{register}/records/{record}/history",
        "history",
        &[],
        "History",
        r::registers::history,
    ),
    Url {
        takes: Takes::OfRegister("Correction"),
        ..does(
            "correct",
            "/registers/{register}/records/{record}/correct",
            "correct",
            "",
            "Corrected",
            r::registers::correct,
        )
    },
    does(
        "end",
        "/registers/{register}/records/{record}/end",
        "end",
        "End",
        "Ended",
        r::registers::end,
    ),
    does(
        "withdraw",
        "/registers/{register}/records/{record}/withdraw",
        "withdraw",
        "Withdraw",
        "Withdrawn",
        r::registers::withdraw,
    ),
    Url {
        rate: Rate::Read,
        ..does(
            "totals",
            "/registers/{register}/totals",
            "show",
            "Totals",
            "Totalled",
            r::registers::totals,
        )
    },
    Url {
        open_query: true,
        rate: Rate::Long,
        gives: Gives::File(&[
            "text/csv",
            "application/x-ndjson",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ]),
        run: Run::Long(r::export::export),
        ..read(
            "export",
            "/export/{register}",
            "show",
            EXPORT,
            "",
            r::export::export,
        )
    },
    read(
        "search",
        "/search",
        "search",
        &[&Q, &REGISTERS, &IN, &LIMIT],
        "Found",
        r::search::search,
    ),
    // --------------------------------------------------------------------------------------------------- figures
    read(
        "figures",
        "/figures",
        "figure",
        &[&ID, &AT, &PERIOD, &IN, &KNOWN],
        "Figures",
        r::figures::list,
    ),
    read(
        "trace",
        "/figures/{figure}/trace",
        "trace",
        &[&AT, &PERIOD, &IN, &KNOWN],
        "Trace",
        r::figures::trace,
    ),
    Url {
        need: Need::Anyone,
        ..read("reports", "/reports", "", &[], "Reports", r::reports::list)
    },
    Url {
        rate: Rate::Long,
        gives: Gives::File(&[
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/pdf",
            "text/html",
            "text/plain",
        ]),
        run: Run::Long(r::reports::write),
        ..does(
            "report",
            "/reports/{report}",
            "report",
            "Report",
            "",
            r::reports::write,
        )
    },
    // -------------------------------------------------------------------------------------------------- findings
    read(
        "checks",
        "/checks",
        "check",
        &[&AT, &PERIOD, &IN, &KNOWN],
        "Findings",
        r::findings::checks,
    ),
    does(
        "settle",
        "/findings/{finding}/settle",
        "settle",
        "Settle",
        "Settled",
        r::findings::settle,
    ),
    // --------------------------------------------------------------------------------------------------- imports
    Url {
        rate: Rate::Long,
        takes: Takes::Parts("Upload"),
        gives: Gives::Made("Import"),
        run: Run::Reading(r::imports::upload),
        ..does("import", "/imports", "import", "", "", r::imports::commit)
    },
    Url {
        rate: Rate::Long,
        run: Run::Long(r::imports::commit),
        ..does(
            "import_commit",
            "/imports/{import}/commit",
            "import",
            "Commit",
            "Import",
            r::imports::commit,
        )
    },
    Url {
        method: DELETE,
        takes: Takes::Nothing,
        gives: Gives::Nothing,
        ..does(
            "import_forget",
            "/imports/{import}",
            "import",
            "",
            "",
            r::imports::forget,
        )
    },
    read(
        "batches",
        "/batches",
        "undo",
        &[],
        "Batches",
        r::batches::list,
    ),
    Url {
        rate: Rate::Long,
        run: Run::Long(r::batches::undo),
        ..does(
            "undo",
            "/batches/{tx}/undo",
            "undo",
            "Undo",
            "Undone",
            r::batches::undo,
        )
    },
    // ----------------------------------------------------------------------------------------------- attachments
    Url {
        rate: Rate::Deed,
        takes: Takes::File,
        gives: Gives::Made("Attachment"),
        run: Run::Reading(r::attachments::upload),
        ..does(
            "attach",
            "/attachments",
            "record",
            "",
            "",
            r::attachments::get,
        )
    },
    Url {
        gives: Gives::File(&["image/jpeg", "image/png", "application/pdf"]),
        ..read(
            "attachment",
            "/attachments/{hash}",
            "show",
            &[],
            "",
            r::attachments::get,
        )
    },
    Url {
        gives: Gives::File(&["image/jpeg"]),
        ..read(
            "attachment_preview",
            "/attachments/{hash}/preview",
            "show",
            &[],
            "",
            r::attachments::preview,
        )
    },
    // ---------------------------------------------------------------------------------------------------- people
    read(
        "people",
        "/people",
        "people",
        &[],
        "People",
        r::people::list,
    ),
    Url {
        gives: Gives::Made("PersonLink"),
        ..does(
            "person_add",
            "/people",
            "person_add",
            "PersonAdd",
            "",
            r::people::add,
        )
    },
    does(
        "person_link",
        "/people/{name}/link",
        "person_link",
        "Nothing",
        "PersonLink",
        r::people::relink,
    ),
    does(
        "person_grant",
        "/people/{name}/grant",
        "person_grant",
        "Grant",
        "Granted",
        r::people::give,
    ),
    does(
        "person_revoke",
        "/people/{name}/revoke",
        "person_revoke",
        "Revoke",
        "Revoked",
        r::people::take,
    ),
    does(
        "person_lock",
        "/people/{name}/lock",
        "person_lock",
        "Why",
        "Written",
        r::people::lock,
    ),
    does(
        "person_unlock",
        "/people/{name}/unlock",
        "person_lock",
        "Why",
        "Written",
        r::people::unlock,
    ),
    read("audit", "/audit", "audit", AUDIT, "Audit", r::audit::list),
];

static FROM: Param = text("from");
static TO: Param = text("to");
static ACTOR: Param = text("actor");
static DEED: Param = text("deed");
static REGISTER: Param = text("register");
static RECORD: Param = text("record");
static ADDRESS: Param = text("address");
static BEFORE: Param = text("before");
static OUTCOME: Param = Param {
    kind: Kind::One(&["done", "refused", "failed"]),
    ..text("outcome")
};
static AUDIT: &[&Param] = &[
    &FROM, &TO, &ACTOR, &DEED, &REGISTER, &RECORD, &OUTCOME, &ADDRESS, &BEFORE, &LIMIT,
];
