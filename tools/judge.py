#!/usr/bin/env python3
"""Counts what a ledger acknowledged. Shares no code with the ledger: SQLite as Python brings it, SHA-256,
RFC 6962 written anew from docs/specs/ledger.md.

    judge.py --ledger book.db --acks first [second ...]
    judge.py --dump --ledger book.db     one hash over every row of every table
    judge.py --many            one JSON object a line: {"ledger": ..., "acks": [...]}

Given a ledger file and the logs of answers in the order in which they were written (crates/drill/src/log.rs),
it answers one JSON line: {"ok": true, ...} or {"ok": false, "wrong": [...]}; exit 0 when all are ok. It says
 - every acknowledged id is in the book exactly once, with that number, that hash and exactly those facts;
 - an id that was refused, and a preview, is not in the book; an unknown one may be;
 - no transaction that nobody asked for, none without its audit fact, no fact without its transaction;
 - numbers without a gap, record time strictly rising, every root and hash computed again;
 - no record number in two registers, none at or above the counter; what was erased has neither key nor box;
 - current rows of what stands in clear are those that the facts give;
 - the file is in WAL and SQLite finds nothing wrong with it.
It cannot see: values behind commitments (it has no key), and what was never acknowledged.
"""

import argparse
import hashlib
import hmac
import json
import os
import sqlite3
import sys

REASONS_MAX = 8  # more reasons than these tell nobody more
OPEN = 99991231  # the day that stands for "until followed"


class Wrong(list):
    """What is wrong, the first few in words."""

    def say(self, text):
        self.append(text)


def tree_root(leaves):
    """RFC 6962: the tree hash of a list of leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = tree_root(leaves[:half]), tree_root(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(salt, position, body):
    """The leaf of a fact: its salt is drawn from that of its transaction."""
    own = hmac.new(salt, b"fact" + position.to_bytes(8, "big"), hashlib.sha256).digest()[:16]
    return hashlib.sha256(b"\x00" + own + body.encode()).digest()


def payload_line(body):
    """What can be read of a fact without a key, in the words of the workload; None for what every deed has."""
    op = body["op"]
    if op == "audit":
        return None
    if op not in ("assert", "decide", "end"):
        return op
    fields = []
    for name, value in body.get("set", {}).items():
        if isinstance(value, dict):
            fields.append(name + "#")
        elif (body["register"], name) != ("seat", "person"):
            # Which number a person got depends on who came first.
            fields.append("%s=%s" % (name, "" if value is None else value))
    return "%s %s %s %s" % (op, body["register"], body["from"], ",".join(sorted(fields)))


def payload_hash(bodies):
    lines = [line for line in map(payload_line, bodies) if line is not None]
    text = "".join(line + "\n" for line in lines)
    return len(lines), hashlib.sha256(text.encode()).hexdigest()


class Answers:
    """What the clients were told, over all logs."""

    def __init__(self, paths, wrong):
        self.asked, self.last, self.made, self.done = {}, {}, False, False
        self.acked = 0
        for path in paths:
            self.done = False
            reads = 0
            if not os.path.exists(path):
                continue
            with open(path, "rb") as file:
                lines = file.read().split(b"\n")[:-1]  # a line without an end was not written whole
            for line in lines:
                words = line.decode().split(" ")
                self.take(words, wrong)
                if words[0] == "read":
                    if int(words[1]) < reads:
                        wrong.say("a reader saw transaction %s after %d" % (words[1], reads))
                    reads = int(words[1])

    def take(self, words, wrong):
        what = words[0]
        if what in ("made", "open"):
            self.made, self.done = True, False
        elif what == "done":
            self.done = True
        elif what == "ask":
            self.asked[words[1]] = (words[2], int(words[3]), words[4])
            if self.last.get(words[1], (None,))[0] in ("no", "look"):
                # Asked once more: what was refused for want of something may be kept now, until that is answered too.
                self.last[words[1]] = ("unknown",)
        elif what == "ack":
            name, seq, digest, facts, known = words[1], int(words[2]), words[3], int(words[4]), words[5]
            before = self.last.get(name)
            if before and before[0] == "ack":
                if known != "again":
                    wrong.say("%s was written twice" % name)
                if before[1:] != (seq, digest, facts):
                    wrong.say("%s was answered %s and then %s" % (name, before[1:], (seq, digest, facts)))
            else:
                self.acked += 1
            self.last[name] = ("ack", seq, digest, facts)
        elif what in ("no", "look", "unknown"):
            before = self.last.get(words[1])
            if before and before[0] == "ack" and what != "unknown":
                wrong.say("%s was acknowledged and then answered %s" % (words[1], " ".join(words[2:]) or what))
            elif not (before and before[0] == "ack"):
                self.last[words[1]] = (what,)


def judge(ledger, acks):
    wrong = Wrong()
    answers = Answers(acks, wrong)
    told = {"acked": answers.acked, "asked": len(answers.asked), "transactions": 0, "facts": 0}
    if not answers.made and not answers.acked and not is_ledger(ledger):
        # The process died while it made the book, before it said so.
        return dict(told, ok=not wrong, wrong=wrong[:REASONS_MAX], made=False)
    try:
        with open(ledger, "rb") as file:
            head = file.read(20)
        if head[18:20] != b"\x02\x02":
            wrong.say("the file is not in WAL: %s" % head[18:20].hex())
        base = sqlite3.connect(ledger, timeout=20)
        try:
            told.update(look(base, answers, wrong))
        finally:
            base.close()
    except (OSError, sqlite3.Error, ValueError, KeyError, TypeError, IndexError) as error:
        wrong.say("cannot be read: %s: %s" % (type(error).__name__, error))
    return dict(told, ok=not wrong, wrong=wrong[:REASONS_MAX], reasons=len(wrong))


def is_ledger(path):
    if not os.path.exists(path):
        return False
    try:
        base = sqlite3.connect(path, timeout=20)
        try:
            return bool(base.execute("SELECT 1 FROM sqlite_master WHERE name = 'tx'").fetchall())
        finally:
            base.close()
    except sqlite3.Error:
        return True  # something is there: the full look says what is wrong with it


def look(base, answers, wrong):
    sound = [row[0] for row in base.execute("PRAGMA integrity_check")]
    sound = [said for said in sound if said != "ok" and not empty_alarm(base, said)]
    if sound:
        wrong.say("SQLite: " + "; ".join(sound[:REASONS_MAX]))
    bodies, facts = {}, 0
    for tx, position, register, record, text in base.execute(
        "SELECT tx, ord, register, record, body FROM fact ORDER BY tx, ord"
    ):
        facts += 1
        body = json.loads(text)
        bodies.setdefault(tx, []).append((position, register, record, text, body))
        if body["op"] in ("assert", "end", "decide") and (register, record) != (body["register"], body["record"]):
            wrong.say("fact %d:%d is filed under %s %s" % (tx, position, register, record))
    seen = chain(base, bodies, wrong)
    ids = {row["client_id"]: row for row in seen.values()}
    for name, last in answers.last.items():
        row = ids.get(name)
        if last[0] == "ack":
            if row is None:
                wrong.say("LOST: %s was acknowledged as %d and is not there" % (name, last[1]))
            elif (row["seq"], row["hash"], row["facts"]) != last[1:]:
                wrong.say("%s is there as %s, not %s" % (name, (row["seq"], row["hash"], row["facts"]), last[1:]))
        elif last[0] in ("no", "look") and row is not None:
            wrong.say("%s was answered %s and is there as %d" % (name, last[0], row["seq"]))
    for name, row in ids.items():
        if name == "init" or name.startswith("fill-"):
            continue
        asked = answers.asked.get(name)
        if asked is None:
            wrong.say("%s is there and nobody asked for it" % name)
            continue
        found = payload_hash([one[4] for one in bodies.get(row["seq"], [])])
        if found != asked[1:]:
            wrong.say("%s (%s) holds %d facts %s, not %d %s" % ((name, asked[0]) + found + asked[1:]))
    if answers.done:
        for name in answers.asked:
            if answers.last.get(name, ("none",))[0] in ("none", "unknown"):
                wrong.say("%s was never answered" % name)
    records(base, bodies, wrong)
    rows(base, bodies, wrong)
    return {"transactions": len(seen), "facts": facts}


def empty_alarm(base, said):
    """SQLite 3.40, which many a Python brings, sees NULL in columns outside the key of a table that lies in the
    order of its key. Asked for such rows it finds none."""
    if not said.startswith("NULL value in "):
        return False
    table, column = said.split(" ")[-1].split(".")
    return not base.execute("SELECT 1 FROM %s NOT INDEXED WHERE %s IS NULL" % (table, column)).fetchall()


def chain(base, bodies, wrong):
    seen, before, last = {}, bytes(32), (0, None)
    names = "book, seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash"
    for values in base.execute("SELECT %s FROM tx ORDER BY seq" % names):
        row = dict(zip(names.split(", "), values))
        seq, header = row["seq"], json.loads(row["header"])
        if seq != last[0] + 1:
            wrong.say("transaction %d follows %d" % (seq, last[0]))
        if last[1] is not None and row["at"] <= last[1]:
            wrong.say("transaction %d has the time %d, not after %d" % (seq, row["at"], last[1]))
        for name in ("book", "seq", "at", "actor", "deed", "client_id", "pack", "alg"):
            if header[name] != row[name]:
                wrong.say("transaction %d: %s is %r, its header says %r" % (seq, name, row[name], header[name]))
        mine = bodies.get(seq, [])
        if [one[0] for one in mine] != list(range(header["facts"])):
            wrong.say("transaction %d has %d facts, its header says %d" % (seq, len(mine), header["facts"]))
        audits = [one[4] for one in mine if one[4]["op"] == "audit"]
        if [(one["deed"], one["actor"]) for one in audits] != [(row["deed"], row["actor"])]:
            wrong.say("transaction %d has %d audit facts" % (seq, len(audits)))
        root = tree_root([leaf(row["salt"], one[0], one[3]) for one in mine])
        if root != row["root"]:
            wrong.say("transaction %d: its root is not that of its facts" % seq)
        if row["prev"] != before:
            wrong.say("transaction %d does not follow the hash before it" % seq)
        digest = hashlib.sha256(b"yiben-tx-1" + before + root + row["header"].encode()).digest()
        if row["hash"] != digest:
            wrong.say("transaction %d: its hash is another" % seq)
        before, last = row["hash"], (seq, row["at"])
        row.update(hash=row["hash"].hex(), facts=header["facts"])
        seen[seq] = row
    for tx in bodies:
        if tx not in seen:
            wrong.say("facts of transaction %d, which is not there" % tx)
    return seen


def records(base, bodies, wrong):
    """Numbers of records, and what an erasure must leave behind."""
    register_of, greatest, erased = {}, 0, {}
    for tx, facts in bodies.items():
        for position, register, record, _, body in facts:
            if body["op"] in ("assert", "end", "decide") and register != "division":
                greatest = max(greatest, record)
                if register_of.setdefault(record, register) != register:
                    wrong.say("record %d is in %s and in %s" % (record, register_of[record], register))
            if body["op"] == "erase":
                erased[body["record"]] = tx
    counter = base.execute("SELECT value FROM meta WHERE key = 'next_record'").fetchone()
    if counter is None or int(counter[0]) <= greatest:
        wrong.say("the counter stands at %s and record %d is there" % (counter, greatest))
    for table in ("sealed", "subject_key"):
        for (record,) in base.execute("SELECT DISTINCT record FROM %s" % table):
            if record in erased:
                wrong.say("record %d was erased in %d and %s still has it" % (record, erased[record], table))


def rows(base, bodies, wrong):
    """Current rows of households, which are all in clear, worked out from the facts of section 3 of the spec."""
    said, gone = {}, set()
    for tx, facts in bodies.items():
        for position, register, record, _, body in facts:
            if body["op"] == "withdraw":
                gone.add((body["tx"], body["ord"]))
            elif register == "household":
                said.setdefault(record, []).append((tx, position, body))
    found = {}
    for record, start, end, number, members in base.execute(
        "SELECT record, vfrom, vto, f_number, f_members FROM r_household"
    ):
        found.setdefault(record, []).append((start, end, number, members))
    for record in set(said) | set(found):
        live = [one for one in said.get(record, []) if one[:2] not in gone]
        days = sorted({one[2]["from"] for one in live} | {row[0] for row in found.get(record, [])})
        for day in days:
            wanted = state(live, day)
            there = [row[2:] for row in found.get(record, []) if row[0] <= day < row[1]]
            if there != ([wanted] if wanted else []):
                wrong.say("record %d on %d: %s, not %s" % (record, day, there, wanted))


def state(facts, day):
    """Number and members of a household on a day; None when it is not there."""
    best = {}
    for tx, position, body in facts:
        if not body["from"] <= day < body.get("to", OPEN):
            continue
        weight = (max(body["from"], body["as_of"]), tx, position)
        told = {"there": body["op"] != "end"}
        if body["op"] != "end":
            told.update(body.get("set", {}))
        for name, value in told.items():
            if name not in best or best[name][0] < weight:
                best[name] = (weight, value)
    if not best.get("there", (None, False))[1]:
        return None
    return tuple(best.get(name, (None, None))[1] for name in ("number", "members"))


def dump(ledger):
    """One hash over every row of every table, in the order of the rows; SQLite's own tables are left out."""
    digest = hashlib.sha256()
    try:
        base = sqlite3.connect(ledger, timeout=20)
        base.text_factory = bytes
        tables = [row[0].decode() for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in sorted(table for table in tables if not table.startswith("sqlite_")):
            rows = sorted(repr(row) for row in base.execute('SELECT * FROM "%s" NOT INDEXED' % table))
            digest.update(repr((table, rows)).encode())
        base.close()
    except sqlite3.Error as error:
        return "unreadable: %s" % error
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description="Counts what a ledger acknowledged.")
    parser.add_argument("--ledger")
    parser.add_argument("--acks", nargs="*", default=[])
    parser.add_argument("--many", action="store_true", help="one JSON object a line on the standard input")
    parser.add_argument("--dump", action="store_true", help="one hash over every row, and nothing else")
    given = parser.parse_args()
    if given.dump:
        print(dump(given.ledger))
        return 0
    every = True
    asked = map(json.loads, sys.stdin) if given.many else [{"ledger": given.ledger, "acks": given.acks}]
    for one in asked:
        verdict = judge(one["ledger"], one["acks"])
        every = every and verdict["ok"]
        print(json.dumps(verdict), flush=True)
    return 0 if every else 1


if __name__ == "__main__":
    sys.exit(main())
