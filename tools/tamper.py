#!/usr/bin/env python3
"""Tampers with a ledger as somebody with root on the machine would, and asks the second verifier each time.

    python3 tamper.py --ledger FILE --checkpoint KEPT [--n N] [--seed S] [--yiben BINARY] [--only CLASS]

KEPT is a checkpoint that left the machine earlier; FILE.sign, the signing key, is taken as stolen where a class says so.
Every trial changes a copy in memory by SQL, at random, and is judged with KEPT by verify.py. With --yiben the copy is
also written to a file and exported by the binary: its export must be line by line what verify.py read by itself.
The last line is JSON: {class: {"tried", "detected", "expected", "codes"}}, codes as verify.py names what it found. Exit 0 when each class was detected as often as
expected: always, but for those that nobody can detect and that verify.py prints as such. The ledger given is not changed.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import verify


# ------------------------------------------------------------------------------------------ what a tamperer can do

def one(base, sql, *given):
    return base.execute(sql, given).fetchone()


def last(base):
    return one(base, "SELECT COALESCE(MAX(seq), 0) FROM tx")[0]


def rewrite_header(base, seq, /, **changes):
    header = json.loads(one(base, "SELECT header FROM tx WHERE seq = ?", seq)[0])
    header.update(changes)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    base.execute("UPDATE tx SET header = ? WHERE seq = ?", (text, seq))


def rehash(base, alg, first, to=None):
    """Makes the hashes of transactions right again, from `first` on."""
    before = one(base, "SELECT hash FROM tx WHERE seq = ?", first - 1)
    before = before[0] if before else verify.ZERO
    for seq, salt in base.execute("SELECT seq, salt FROM tx WHERE seq >= ? ORDER BY seq", (first,)).fetchall():
        if to is not None and seq > to:
            return
        leaves = verify.Tree(alg)
        for number, (body,) in enumerate(
                base.execute("SELECT body FROM fact WHERE tx = ? ORDER BY ord", (seq,)).fetchall()):
            own = alg.keyed(salt, b"fact" + number.to_bytes(8, "big"))[:16]
            leaves.push(alg.leaf(own + body.encode()))
        rewrite_header(base, seq, seq=seq, facts=leaves.size)
        header = one(base, "SELECT header FROM tx WHERE seq = ?", seq)[0]
        hashed = alg.hash(b"yiben-tx-1" + before + leaves.root() + header.encode())
        base.execute("UPDATE tx SET root = ?, prev = ?, hash = ? WHERE seq = ?", (leaves.root(), before, hashed, seq))
        before = hashed


def some_fact(base, dice, upto):
    facts = base.execute("SELECT tx, ord FROM fact WHERE tx <= ?", (upto,)).fetchall()
    return dice.choice(facts)


def other_text(text, dice):
    """The same text with something in it changed, still JSON more often than not."""
    at = dice.randrange(len(text))
    kind = dice.randrange(4)
    digits = [i for i, c in enumerate(text) if c.isdigit()]
    if kind == 0 and digits:
        at = dice.choice(digits)
        return text[:at] + dice.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1:]
    if kind == 1:
        return text[:at] + chr(ord(text[at]) ^ 1 << dice.randrange(5)) + text[at + 1:]
    if kind == 2:
        return text[:at] + text[at + 1:]
    return text[:at] + dice.choice("0a甲 ") + text[at:]


def meaningful(text, dice):
    """Another statement, canonically written: what a careful forger would put there."""
    body = json.loads(text)
    for name, value in dice.sample(sorted(body.get("set", {}).items()), len(body.get("set", {}))):
        if type(value) is dict:
            body["set"][name] = {"#": "%032x" % dice.getrandbits(128)}
            break
        if type(value) is int:
            body["set"][name] = value + dice.randrange(1, 9)
            break
        if type(value) is str:
            body["set"][name] = value + "改"
            break
    else:
        for name in ("as_of", "record", "division", "line", "deed", "hash", "approver"):
            if name in body:
                body[name] = body[name] + (1 if type(body[name]) is int else "改")
                break
        else:
            body = {"op": "audit", "deed": "forged", "actor": "nobody"}
    return verify.canonical(body)


def change_fact(base, dice, upto, how):
    tx, ord_ = some_fact(base, dice, upto)
    text = one(base, "SELECT body FROM fact WHERE tx = ? AND ord = ?", tx, ord_)[0]
    base.execute("UPDATE fact SET body = ? WHERE tx = ? AND ord = ?", (how(text, dice), tx, ord_))
    return tx


def shift(base, after, by):
    """Gives all later transactions other numbers."""
    for table, column in (("tx", "seq"), ("fact", "tx"), ("sealed", "tx")):
        base.execute("UPDATE %s SET %s = -(%s + ?) WHERE %s > ?" % (table, column, column, column), (by, after))
        base.execute("UPDATE %s SET %s = -%s WHERE %s < 0" % (table, column, column, column))
    for seq, in base.execute("SELECT seq FROM tx WHERE seq > ?", (after + min(by, 0),)).fetchall():
        rewrite_header(base, seq, seq=seq)


def remove(base, seq):
    for table, column in (("tx", "seq"), ("fact", "tx"), ("sealed", "tx")):
        base.execute("DELETE FROM %s WHERE %s = ?" % (table, column), (seq,))


def copy_transaction(base, dice, of, to, before_it):
    """A forged transaction after the pattern of another."""
    row = list(one(base, "SELECT * FROM tx WHERE seq = ?", of))
    names = [column[1] for column in base.execute("PRAGMA table_info(tx)")]
    client = "%032x" % dice.getrandbits(128)
    at = (before_it or row[names.index("at")]) + 1
    for name, value in (("seq", to), ("client_id", client), ("at", at)):
        row[names.index(name)] = value
    base.execute("INSERT INTO tx VALUES (%s)" % ",".join("?" * len(row)), row)
    facts = base.execute("SELECT * FROM fact WHERE tx = ?", (of,)).fetchall()
    columns = [column[1] for column in base.execute("PRAGMA table_info(fact)")]
    for fact in facts:
        fact = list(fact)
        fact[columns.index("tx")] = to
        base.execute("INSERT INTO fact VALUES (%s)" % ",".join("?" * len(fact)), fact)
    rewrite_header(base, to, seq=to, client_id=client, at=at)


# ------------------------------------------------------------------------------------------------------- classes
# Each takes the copy, the hash, the dice and how many transactions the kept checkpoint speaks of.

def edit(base, alg, dice, kept):
    """One body is changed, nothing else."""
    change_fact(base, dice, last(base), dice.choice([other_text, meaningful]))


def edit_rehash(base, alg, dice, kept):
    """One body is changed, and its own transaction hashed anew; later ones are left."""
    tx = change_fact(base, dice, kept, meaningful)
    rehash(base, alg, tx, to=tx)


def delete_fact(base, alg, dice, kept):
    """One fact is gone; those after it move up, or not."""
    tx, ord_ = some_fact(base, dice, last(base))
    base.execute("DELETE FROM fact WHERE tx = ? AND ord = ?", (tx, ord_))
    if dice.random() < 0.5:
        base.execute("UPDATE fact SET ord = -(ord - 1) - 1 WHERE tx = ? AND ord > ?", (tx, ord_))
        base.execute("UPDATE fact SET ord = -ord - 1 WHERE tx = ? AND ord < 0", (tx,))
    if dice.random() < 0.5:
        rewrite_header(base, tx, facts=one(base, "SELECT COUNT(*) FROM fact WHERE tx = ?", tx)[0])


def delete_transaction(base, alg, dice, kept):
    """One transaction is gone, the later ones have new numbers; sometimes their links are mended as well."""
    seq = dice.randrange(1, kept + 1)
    remove(base, seq)
    shift(base, seq, -1)
    if dice.random() < 0.5:
        rehash(base, alg, seq)


def insert(base, alg, dice, kept):
    """A fact or a whole transaction is put in that nobody did."""
    if dice.random() < 0.5 or kept < 2:
        tx, _ = some_fact(base, dice, last(base))
        row = list(one(base, "SELECT * FROM fact WHERE tx = ? ORDER BY ord DESC", tx))
        columns = [column[1] for column in base.execute("PRAGMA table_info(fact)")]
        row[columns.index("ord")] += 1
        base.execute("INSERT INTO fact VALUES (%s)" % ",".join("?" * len(row)), row)
        if dice.random() < 0.5:
            rewrite_header(base, tx, facts=row[columns.index("ord")] + 1)
        return
    after = dice.randrange(1, kept)
    shift(base, after, 1)
    at = one(base, "SELECT at FROM tx WHERE seq = ?", after)[0]
    copy_transaction(base, dice, after, after + 1, at)
    if dice.random() < 0.5:
        rehash(base, alg, after + 1)


def reorder(base, alg, dice, kept):
    """Two transactions or two facts change places."""
    if dice.random() < 0.5 and kept > 1:
        a, b = sorted(dice.sample(range(1, kept + 1), 2))
        for table, column in (("tx", "seq"), ("fact", "tx"), ("sealed", "tx")):
            for old, new in ((a, -b), (b, -a)):
                base.execute("UPDATE %s SET %s = ? WHERE %s = ?" % (table, column, column), (new, old))
            base.execute("UPDATE %s SET %s = -%s WHERE %s < 0" % (table, column, column, column))
        for seq in (a, b):
            rewrite_header(base, seq, seq=seq)
        if dice.random() < 0.5:
            rehash(base, alg, a)
        return
    tx, = dice.choice(base.execute("SELECT tx FROM fact GROUP BY tx HAVING COUNT(DISTINCT body) > 1").fetchall())
    facts = dict(base.execute("SELECT ord, body FROM fact WHERE tx = ?", (tx,)).fetchall())
    a, b = dice.sample(sorted(facts), 2)
    while facts[a] == facts[b]:
        a, b = dice.sample(sorted(facts), 2)
    for ord_, body in ((a, facts[b]), (b, facts[a])):
        base.execute("UPDATE fact SET body = ? WHERE tx = ? AND ord = ?", (body, tx, ord_))


def back_date(base, alg, dice, kept):
    """A transaction says it was done earlier; sometimes with its own hash mended."""
    seq = dice.randrange(1, kept + 1)
    at = one(base, "SELECT at FROM tx WHERE seq = ?", seq)[0] - dice.randrange(1, 10 ** 13)
    base.execute("UPDATE tx SET at = ? WHERE seq = ?", (at, seq))
    if dice.random() < 0.7:
        rewrite_header(base, seq, at=at)
        if dice.random() < 0.5:
            rehash(base, alg, seq, to=seq)


def truncate(base, alg, dice, kept):
    """The last transactions are gone, as if never done."""
    for seq in range(dice.randrange(0, kept) + 1, last(base) + 1):
        remove(base, seq)


def fork(base, alg, dice, kept):
    """From somewhere on other deeds were done; the chain is right."""
    first, end = dice.randrange(2, kept + 1) if kept > 1 else 1, last(base)
    pattern = dice.randrange(1, first) if first > 1 else 1
    at = one(base, "SELECT at FROM tx WHERE seq = ?", max(first - 1, 1))[0]
    for seq in range(first, end + 1):
        if seq != pattern:
            remove(base, seq)
            copy_transaction(base, dice, pattern, seq, at + seq)
    for tx, ord_, body in base.execute("SELECT tx, ord, body FROM fact WHERE tx >= ?", (first,)).fetchall():
        if dice.random() < 0.3:
            base.execute("UPDATE fact SET body = ? WHERE tx = ? AND ord = ?", (meaningful(body, dice), tx, ord_))
    rehash(base, alg, first)


def rebuild(base, alg, dice, kept):
    """One body is changed, and the whole chain made right again from there on."""
    rehash(base, alg, change_fact(base, dice, kept, meaningful))


def after_checkpoint(base, alg, dice, kept):
    """What was done since the last checkpoint that left the machine is rewritten."""
    facts = base.execute("SELECT tx, ord, body FROM fact WHERE tx > ?", (kept,)).fetchall()
    tx, ord_, body = dice.choice(facts)
    base.execute("UPDATE fact SET body = ? WHERE tx = ? AND ord = ?", (meaningful(body, dice), tx, ord_))
    rehash(base, alg, tx)


# name: how; the stolen key signs anew; the kept checkpoint is shown to the verifier; it can be detected
CLASSES = {
    "edit": (edit, False, True, True),
    "edit_rehash": (edit_rehash, False, True, True),
    "delete_fact": (delete_fact, False, True, True),
    "delete_transaction": (delete_transaction, False, True, True),
    "insert": (insert, False, True, True),
    "reorder": (reorder, False, True, True),
    "back_date": (back_date, False, True, True),
    "truncate": (truncate, False, True, True),
    "fork": (fork, False, True, True),
    "rebuild": (rebuild, False, True, True),
    "stolen_key": (rebuild, True, True, True),
    # What nobody can detect, shown to be so; verify.py prints both.
    "stolen_key_nothing_outside": (rebuild, True, False, False),
    "after_the_last_checkpoint": (after_checkpoint, True, True, False),
}


# ---------------------------------------------------------------------------------------------------------- trials

def stolen(path):
    """The seed in the file of a signing key."""
    with open(path, encoding="utf-8") as file:
        return verify.unbase64(file.read().strip().split("+", 4)[4], 33)[1:]


def sign(seed, message):
    """RFC 8032, 5.1.6."""
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
    public = verify.pack(verify.times(a, verify.BASE))
    r = int.from_bytes(hashlib.sha512(h[32:] + message).digest(), "little") % verify.L
    point = verify.pack(verify.times(r, verify.BASE))
    k = int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % verify.L
    return point + ((r + k * a) % verify.L).to_bytes(32, "little")


def signed_anew(base, alg, kept, seed):
    """A checkpoint of the copy as it is now, by the stolen key."""
    import base64
    tree, head = verify.Tree(alg), verify.ZERO
    for head, in base.execute("SELECT hash FROM tx ORDER BY seq"):
        tree.push(alg.leaf(head))
    lines = kept.body.rstrip("\n").split("\n")
    lines[1:3] = [str(tree.size), base64.b64encode(tree.root()).decode()]
    lines = ["head " + head.hex() if line.startswith("head ") else line for line in lines]
    body = "\n".join(lines) + "\n"
    signature = base64.b64encode(kept.key.id + sign(seed, body.encode())).decode()
    return verify.Checkpoint("%s\n\u2014 %s %s\n" % (body, kept.key.name, signature), "signed anew")


def judged(lines, checkpoints, key):
    report = verify.Report()
    for one_ in checkpoints:
        verify.judge_signature(one_, [key], report)
    verify.judge_pairs(checkpoints, [key], report)
    verify.judge_chain(iter(lines), "the copy", checkpoints, report)
    return report


def exported(base, given, lines):
    """The copy as a file, exported by the binary: the same lines, or the binary refuses the file aloud."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "copy.db")
        file = sqlite3.connect(path)
        base.backup(file)
        file.close()
        shutil.copy(given.ledger + ".key", path + ".key")
        out = os.path.join(folder, "chain.ndjson")
        ran = subprocess.run([given.yiben, "--ledger", path, "export", "-o", out], capture_output=True, text=True)
        if ran.returncode != 0:
            return "refused" if ran.stderr.strip() else "died"
        with open(out, encoding="utf-8", newline="\n") as file:
            return "same" if file.read().rstrip("\n").split("\n")[1:] == lines[1:] else "other"


def copy_of(source):
    base = sqlite3.connect(":memory:", isolation_level=None)
    base.execute("PRAGMA page_size = %d" % one(source, "PRAGMA page_size")[0])
    source.backup(base)
    base.execute("PRAGMA foreign_keys = OFF")
    return base


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", required=True)
    parser.add_argument("--checkpoint", required=True, help="a checkpoint that left the machine")
    parser.add_argument("--n", type=int, default=20, help="trials a class")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--yiben", help="the binary, which then exports every changed copy too")
    parser.add_argument("--only", help="one class")
    given = parser.parse_args()
    with open(given.checkpoint, encoding="utf-8", newline="\n") as file:
        kept = verify.Checkpoint(file.read(), "kept outside")
    seed, alg = stolen(given.ledger + ".sign"), kept.alg
    with sqlite3.connect("file:%s?mode=ro" % os.path.abspath(given.ledger), uri=True) as source:
        source_copy = copy_of(source)
    untouched = list(verify.ledger_lines(source_copy))
    report = judged(untouched, [kept], kept.key)
    if report.verdict() != 0:
        print("the ledger is not sound before anything is done to it: %s" % (report.breaks + report.doubts))
        return 2
    out, wrong = {}, 0
    for name, (how, resign, shown, detectable) in CLASSES.items():
        if given.only not in (None, name):
            continue
        found = {"tried": 0, "detected": 0, "expected": 0, "codes": {}}
        if name == "after_the_last_checkpoint" and kept.size == last(source_copy):
            print("%s: not tried, nothing was done since the checkpoint" % name)
            continue
        for number in range(given.n):
            dice = random.Random("%s %s %d" % (given.seed, name, number))
            # The binary reads a file: only what is committed goes there. Else one copy does for all trials.
            base = copy_of(source_copy) if given.yiben else source_copy
            base.execute("BEGIN")
            how(base, alg, dice, kept.size)
            lines = list(verify.ledger_lines(base))
            changed = lines[1:] != untouched[1:]
            checkpoints = ([kept] if shown else []) + ([signed_anew(base, alg, kept, seed)] if resign else [])
            said = judged(lines, checkpoints, kept.key)
            if given.yiben:
                base.execute("COMMIT")
                answer = exported(base, given, lines)
                if answer not in ("same", "refused"):
                    wrong += 1
                    print("%s %d: the binary's export is %s" % (name, number, answer))
                base.close()
            else:
                base.execute("ROLLBACK")
            if not changed:
                continue
            found["tried"] += 1
            found["expected"] += detectable
            detected = said.verdict() == 1
            found["detected"] += detected
            for code in {broken["code"] for broken in said.breaks}:
                found["codes"][code] = found["codes"].get(code, 0) + 1
            if detected != detectable:
                wrong += 1
                print("%s %d: %s (seed %s)" % (name, number, "detected" if detected else "NOT DETECTED", given.seed))
        print("%s: tried %d, detected %d, expected %d" % (name, found["tried"], found["detected"], found["expected"]))
        out[name] = found
    print(json.dumps(out))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
