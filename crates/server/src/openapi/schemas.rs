//! The forms that every book has, whatever its pack declares: those of `crate::wire` in the words of JSON Schema.

use serde_json::{Map, Value as Json, json};

fn text() -> Json {
    json!({"type": "string"})
}

fn maybe_text() -> Json {
    json!({"type": ["string", "null"]})
}

fn int() -> Json {
    json!({"type": "integer"})
}

fn maybe_int() -> Json {
    json!({"type": ["integer", "null"]})
}

fn flag() -> Json {
    json!({"type": "boolean"})
}

fn many(items: Json) -> Json {
    json!({"type": "array", "items": items})
}

fn refer(schema: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

/// An object whose members are all there; what more there is is not said.
fn object(members: &[(&str, Json)]) -> Json {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let members = members.iter();
    let properties = members.map(|(name, schema)| ((*name).to_owned(), schema.clone()));
    json!({
        "type": "object", "required": names, "properties": properties.collect::<Map<String, Json>>(),
    })
}

/// What a request says: these must be there, those may; nothing else.
fn request(needed: &[(&str, Json)], optional: &[(&str, Json)]) -> Json {
    let id = json!({"type": ["string", "null"], "pattern": "^[!-~]{1,64}$"});
    let mut told = object(needed);
    told["additionalProperties"] = json!(false);
    if let Some(properties) = told["properties"].as_object_mut() {
        let more = optional.iter();
        properties.extend(more.map(|(name, schema)| ((*name).to_owned(), schema.clone())));
        properties.insert("client_id".to_owned(), id);
    }
    told
}

/// All of them.
pub(super) fn all() -> Map<String, Json> {
    let mut all = Map::new();
    for (name, schema) in [said(), asked(), imported(), people(), records()].concat() {
        all.insert(name.to_owned(), schema);
    }
    all
}

type Named = Vec<(&'static str, Json)>;

fn said() -> Named {
    let place = json!({"type": ["object", "null"]});
    vec![
        (
            "Problem",
            object(&[
                ("type", text()),
                ("title", text()),
                ("status", int()),
                ("code", text()),
                ("detail", text()),
                ("instance", text()),
                ("where", place),
                ("next", text()),
                ("errors", many(json!({"type": "object"}))),
            ]),
        ),
        (
            "Health",
            object(&[
                ("status", text()),
                ("reads", flag()),
                ("writes", flag()),
                ("tx", int()),
            ]),
        ),
        (
            "OpenApi",
            json!({"type": "object", "required": ["openapi", "paths"]}),
        ),
        ("Written", object(&[("tx", int())])),
        (
            "Finding",
            object(&[
                ("code", text()),
                (
                    "class",
                    json!({"enum": ["rejected", "contradictory", "duplicate", "total", "check", "notice"]}),
                ),
                ("file", maybe_text()),
                ("sheet", maybe_text()),
                ("cell", maybe_text()),
                ("cells", many(text())),
                ("register", maybe_text()),
                ("record", maybe_int()),
                ("said", text()),
                ("next", text()),
                ("owner", maybe_text()),
                ("id", maybe_int()),
            ]),
        ),
        ("Findings", object(&[("findings", many(refer("Finding")))])),
        ("Known", object(&[("tx", int()), ("at", maybe_text())])),
        (
            "Pack",
            object(&[
                ("name", text()),
                ("title", text()),
                ("version", text()),
                ("book", text()),
                ("book_name", text()),
                (
                    "figures",
                    many(object(&[
                        ("id", text()),
                        ("title", text()),
                        ("unit", text()),
                        ("text", text()),
                    ])),
                ),
                (
                    "levels",
                    many(object(&[("name", text()), ("title", text())])),
                ),
                (
                    "roles",
                    many(object(&[("role", text()), ("title", text())])),
                ),
                (
                    "codes",
                    many(object(&[
                        ("name", text()),
                        ("title", text()),
                        (
                            "codes",
                            many(object(&[("code", text()), ("title", text())])),
                        ),
                    ])),
                ),
                ("periods", many(text())),
            ]),
        ),
    ]
}

fn asked() -> Named {
    let value = json!({"type": ["number", "null", "array"], "items": {"type": "string"}});
    let source = json!({
        "oneOf": [{"type": "null"}, object(&[("file", text()), ("sheet", text()), ("cell", text())])],
    });
    vec![
        (
            "Figures",
            object(&[
                ("at", text()),
                ("period", text()),
                ("in", text()),
                ("known", refer("Known")),
                ("pack", text()),
                (
                    "figures",
                    many(object(&[
                        ("id", text()),
                        ("title", text()),
                        ("value", value.clone()),
                        ("unit", text()),
                        ("records", maybe_int()),
                        ("why_null", maybe_text()),
                    ])),
                ),
            ]),
        ),
        (
            "Trace",
            object(&[
                ("id", text()),
                ("value", value),
                (
                    "definition",
                    object(&[("kind", text()), ("text", text()), ("expr", text())]),
                ),
                (
                    "records",
                    many(object(&[
                        ("register", text()),
                        ("record", int()),
                        ("label", text()),
                        ("amount", json!({"type": ["number", "null"]})),
                        ("source", source.clone()),
                        ("tx", maybe_int()),
                    ])),
                ),
                ("operands", many(refer("Trace"))),
            ]),
        ),
        (
            "History",
            object(&[
                ("register", text()),
                ("record", int()),
                (
                    "events",
                    many(object(&[
                        ("tx", int()),
                        ("at", text()),
                        ("actor", text()),
                        ("deed", text()),
                        ("op", json!({"enum": ["assert", "end", "decide"]})),
                        ("from", text()),
                        ("to", text()),
                        ("as_of", text()),
                        ("set", json!({"type": "object"})),
                        ("source", source),
                        ("withdrawn", json!({})),
                        ("why", maybe_text()),
                    ])),
                ),
            ]),
        ),
        (
            "Reports",
            object(&[(
                "reports",
                many(object(&[("id", text()), ("title", text())])),
            )]),
        ),
        (
            "Report",
            request(
                &[],
                &[
                    (
                        "format",
                        json!({"enum": ["docx", "pdf", "html", "txt", null]}),
                    ),
                    ("at", maybe_text()),
                    ("period", maybe_text()),
                    ("in", maybe_text()),
                    ("known", maybe_text()),
                ],
            ),
        ),
    ]
}

fn imported() -> Named {
    let batch = object(&[
        ("tx", int()),
        ("at", text()),
        ("deed", text()),
        ("actor", text()),
        ("why", maybe_text()),
        ("files", many(text())),
        ("facts", int()),
    ]);
    let maybe_flag = || json!({"type": ["boolean", "null"]});
    vec![
        (
            "Upload",
            json!({
                "type": "object", "required": ["file"],
                "properties": {
                    "file": many(json!({"type": "string", "format": "binary"})),
                    "strict": {"enum": ["true", "false"]}, "as_of": {"type": "string", "format": "date"},
                    "map": many(text()), "topic": text(),
                },
            }),
        ),
        (
            "Import",
            json!({
                "type": "object", "required": ["files"],
                "properties": {
                    "id": text(), "seconds": int(),
                    "files": many(object(&[
                        ("file", text()),
                        ("sheets", many(object(&[
                            ("sheet", text()),
                            ("register", maybe_text()),
                            ("rows", int()),
                            ("new", int()),
                            ("changed", int()),
                            ("unchanged", int()),
                            ("findings", many(refer("Finding"))),
                            ("mapping", many(json!({"type": "object"}))),
                            ("unmapped", many(text())),
                        ]))),
                    ])),
                },
            }),
        ),
        (
            "Commit",
            request(
                &[],
                &[
                    ("strict", maybe_flag()),
                    ("as_of", maybe_text()),
                    (
                        "map",
                        json!({"type": ["array", "null"], "items": {"type": "string"}}),
                    ),
                    ("topic", maybe_text()),
                ],
            ),
        ),
        ("Batches", object(&[("batches", many(batch.clone()))])),
        (
            "Undo",
            request(&[], &[("why", maybe_text()), ("preview", maybe_flag())]),
        ),
        (
            "Undone",
            object(&[
                ("batch", batch.clone()),
                ("registers", many(json!({"type": "object"}))),
                ("findings", object(&[("gone", int()), ("back", int())])),
                ("later", many(batch)),
                ("tx", maybe_int()),
            ]),
        ),
        (
            "Settle",
            request(
                &[],
                &[
                    ("take", maybe_text()),
                    ("value", maybe_text()),
                    ("why", maybe_text()),
                    ("preview", maybe_flag()),
                ],
            ),
        ),
        (
            "Settled",
            object(&[
                ("finding", refer("Finding")),
                ("took", text()),
                ("change", json!({"type": ["object", "null"]})),
                ("tx", maybe_int()),
            ]),
        ),
        (
            "Attachment",
            object(&[
                (
                    "hash",
                    json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
                ),
                (
                    "type",
                    json!({"enum": ["image/jpeg", "image/png", "application/pdf"]}),
                ),
                ("bytes", int()),
                ("width", maybe_int()),
                ("height", maybe_int()),
                ("stripped", flag()),
            ]),
        ),
    ]
}

fn people() -> Named {
    let titled = object(&[("role", text()), ("title", text())]);
    let grant = object(&[
        ("id", int()),
        ("role", text()),
        ("division", int()),
        ("from", text()),
        ("to", maybe_text()),
        ("by", text()),
    ]);
    let person = object(&[
        ("account", int()),
        ("name", text()),
        ("display", text()),
        ("state", json!({"enum": ["active", "locked"]})),
        ("must_change", flag()),
        ("seen", maybe_text()),
        ("stale", flag()),
        ("roles", many(grant)),
    ]);
    vec![
        (
            "SignIn",
            request(
                &[("name", text()), ("password", text())],
                &[("role", maybe_text())],
            ),
        ),
        (
            "Redeem",
            request(
                &[("token", text()), ("password", text())],
                &[("name", maybe_text()), ("display", maybe_text())],
            ),
        ),
        ("Redeemed", object(&[("name", text())])),
        (
            "Password",
            request(&[("old", text()), ("new", text())], &[]),
        ),
        ("Role", request(&[("role", text())], &[])),
        ("Nothing", request(&[], &[])),
        ("Why", request(&[], &[("why", maybe_text())])),
        (
            "Me",
            object(&[
                ("account", int()),
                ("name", text()),
                ("display", text()),
                ("role", maybe_text()),
                ("role_title", maybe_text()),
                ("roles", many(titled)),
                ("must_change", flag()),
                ("in", many(object(&[("id", text()), ("name", text())]))),
                ("may", many(text())),
                ("personal", flag()),
                ("book", text()),
                ("book_name", text()),
            ]),
        ),
        ("People", object(&[("people", many(person))])),
        (
            "PersonAdd",
            request(&[("name", text()), ("display", text())], &[]),
        ),
        (
            "PersonLink",
            object(&[
                ("account", int()),
                ("name", text()),
                ("link", text()),
                ("until", text()),
                ("tx", int()),
            ]),
        ),
        (
            "Grant",
            request(
                &[("role", text())],
                &[
                    ("in", maybe_text()),
                    ("from", maybe_text()),
                    ("to", maybe_text()),
                ],
            ),
        ),
        ("Granted", object(&[("id", int()), ("tx", int())])),
        (
            "Revoke",
            request(
                &[],
                &[
                    ("role", maybe_text()),
                    ("in", maybe_text()),
                    ("on", maybe_text()),
                ],
            ),
        ),
        ("Revoked", object(&[("ended", int()), ("tx", int())])),
        (
            "Audit",
            object(&[
                (
                    "lines",
                    many(object(&[
                        ("tx", int()),
                        ("ord", int()),
                        ("at", text()),
                        ("client_id", text()),
                        ("actor", text()),
                        ("account", maybe_int()),
                        ("role", maybe_text()),
                        ("deed", text()),
                        ("register", maybe_text()),
                        ("record", maybe_int()),
                        ("division", maybe_int()),
                        ("field", maybe_text()),
                        ("outcome", json!({"enum": ["done", "refused", "failed"]})),
                        ("why", maybe_text()),
                        ("address", maybe_text()),
                    ])),
                ),
                ("next", maybe_text()),
            ]),
        ),
    ]
}

fn records() -> Named {
    let change = object(&[("field", text()), ("before", text()), ("after", text())]);
    let clash = object(&[
        ("field", text()),
        ("title", text()),
        ("seen", text()),
        ("theirs", text()),
        ("mine", maybe_text()),
        ("actor", text()),
        ("at", text()),
        ("tx", int()),
        ("finding", maybe_int()),
    ]);
    let written = |more: &[(&str, Json)]| {
        let mut members = vec![
            ("register", text()),
            ("record", int()),
            ("label", text()),
            ("tx", maybe_int()),
            ("repeated", flag()),
        ];
        members.extend(more.iter().cloned());
        object(&members)
    };
    let maybe_flag = || json!({"type": ["boolean", "null"]});
    let field = object(&[
        ("name", text()),
        ("title", text()),
        ("type", text()),
        ("unit", maybe_text()),
        ("required", flag()),
        ("personal", flag()),
        ("secret", flag()),
        ("codes", maybe_text()),
        ("register", maybe_text()),
    ]);
    vec![
        (
            "Registers",
            object(&[(
                "registers",
                many(object(&[
                    ("name", text()),
                    ("title", text()),
                    ("text", text()),
                    ("fields", many(field)),
                ])),
            )]),
        ),
        ("Recorded", written(&[("findings", many(refer("Finding")))])),
        (
            "Corrected",
            written(&[
                ("changes", many(change.clone())),
                ("parallel", many(clash.clone())),
                ("conflicting", many(clash)),
            ]),
        ),
        (
            "End",
            request(
                &[],
                &[
                    ("from", maybe_text()),
                    ("why", maybe_text()),
                    ("preview", maybe_flag()),
                ],
            ),
        ),
        ("Ended", written(&[("from", text())])),
        (
            "Withdraw",
            request(
                &[("fact", text())],
                &[("why", maybe_text()), ("preview", maybe_flag())],
            ),
        ),
        (
            "Withdrawn",
            written(&[
                ("changes", many(change)),
                ("gone", flag()),
                ("findings_gone", int()),
            ]),
        ),
        (
            "Totals",
            request(
                &[],
                &[
                    ("filter", maybe_text()),
                    (
                        "equal",
                        json!({"type": ["object", "null"], "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}),
                    ),
                    (
                        "sums",
                        json!({"type": ["array", "null"], "items": {"type": "string"}}),
                    ),
                    ("at", maybe_text()),
                    ("known", maybe_text()),
                    ("in", maybe_text()),
                ],
            ),
        ),
        (
            "Totalled",
            object(&[("count", int()), ("sums", json!({"type": "object"}))]),
        ),
        (
            "Divisions",
            object(&[(
                "divisions",
                many(object(&[
                    ("id", text()),
                    ("name", text()),
                    ("level", text()),
                    ("parent", maybe_text()),
                ])),
            )]),
        ),
        (
            "Found",
            object(&[
                ("words", text()),
                (
                    "hits",
                    many(object(&[
                        ("register", text()),
                        ("title", text()),
                        ("record", int()),
                        ("label", text()),
                        ("in", int()),
                        ("place", text()),
                        ("field", text()),
                        ("text", text()),
                        ("by", text()),
                        ("fit", text()),
                        ("until", maybe_text()),
                    ])),
                ),
                ("more", flag()),
            ]),
        ),
    ]
}
