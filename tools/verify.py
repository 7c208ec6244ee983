#!/usr/bin/env python3
"""The second verifier: judges what Yiben hands out, without Yiben.

    python3 verify.py [--key VKEY] [--json] FILE...

A FILE is any of these, told apart by what stands in it:
  - an export (`yiben export`), plain or .gz; or a ledger file itself (SQLite);
  - a checkpoint (`yiben checkpoint`), a proof of consistency, a receipt (`yiben proof`).
All files given are held against each other: give the export together with every checkpoint you ever kept.

Exit: 0 sound, 1 tampered with, 2 cannot be judged. One file, Python 3.9 or later, standard library only; shares no
code with Yiben. Formats: docs/specs/proof.md and docs/specs/ledger.md. Reports in Chinese; codes stay as they are.
"""

import argparse
import base64
import gzip
import hashlib
import hmac
import json
import os
import re
import sqlite3
import sys

NAMED_MAX = 100  # problems named one by one; all are counted
ZERO = bytes(32)

CANNOT = (
    "签名密钥被偷，而且此后没有一份凭据留在外面：从上一份外存凭据之后到现在的内容可以重写，看不出来",
    "当初录入的内容是真是假：这里只证明记下之后没有改过",
    "密钥已依法销毁的个人信息：只剩承诺值，无法再核对原文",
    "最近一份离开这台机器的凭据之后的改动：凭据留得越勤，这段时间越短",
    "给不同的人看不同的账：只有大家把手里的凭据放在一起核对才看得出来",
)


# ------------------------------------------------------------------------------------------------------- hashes

def sm3_own(data):
    """SM3 (GB/T 32905-2016), for a Python whose OpenSSL lacks it."""
    mask = 0xFFFFFFFF

    def rol(x, n):
        n %= 32
        return ((x << n) | (x >> (32 - n))) & mask if n else x

    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    for at in range(0, len(padded), 64):
        w = [int.from_bytes(padded[at + i:at + i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append((x ^ rol(x, 15) ^ rol(x, 23)) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rol((rol(a, 12) + e + rol(t, j)) & mask, 7)
            ss2 = ss1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & mask & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & mask
            tt2 = (gg + h + ss1 + w[j]) & mask
            a, b, c, d = tt1, a, rol(b, 9), c
            e, f, g, h = tt2 ^ rol(tt2, 9) ^ rol(tt2, 17), e, rol(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return b"".join(x.to_bytes(4, "big") for x in v)


class Alg:
    """One of the two hashes: of bytes, of a tree's leaves and nodes, and keyed."""

    def __init__(self, word):
        self.word = word
        if word == "sha256":
            self.hash = lambda data: hashlib.sha256(data).digest()
        else:
            try:
                hashlib.new("sm3", b"")
                self.hash = lambda data: hashlib.new("sm3", data).digest()
            except ValueError:
                self.hash = sm3_own
        self.own = self.hash is sm3_own

    def keyed(self, key, message):
        """HMAC."""
        if not self.own:
            return hmac.digest(key, message, self.word)
        key = (self.hash(key) if len(key) > 64 else key).ljust(64, b"\0")
        inner = self.hash(bytes(b ^ 0x36 for b in key) + message)
        return self.hash(bytes(b ^ 0x5C for b in key) + inner)

    def leaf(self, data):
        return self.hash(b"\0" + data)

    def node(self, left, right):
        return self.hash(b"\1" + left + right)


ALGS = {}


def alg_of(word):
    """The hash a word names; none when there is no such hash."""
    if word not in ("sha256", "sm3"):
        return None
    if word not in ALGS:
        ALGS[word] = Alg(word)
    return ALGS[word]


# ------------------------------------------------------------------------------------- trees (RFC 6962, RFC 9162)

class Tree:
    """A Merkle tree that grows leaf by leaf; holds one hash a level."""

    def __init__(self, alg):
        self.alg, self.whole, self.size = alg, [], 0

    def push(self, leaf):
        size = self.size
        while size & 1:
            leaf = self.alg.node(self.whole.pop(), leaf)
            size >>= 1
        self.whole.append(leaf)
        self.size += 1

    def root(self):
        if not self.whole:
            return self.alg.hash(b"")
        right = self.whole[-1]
        for left in reversed(self.whole[:-1]):
            right = self.alg.node(left, right)
        return right


def inclusion_root(alg, index, size, leaf, path):
    """RFC 9162, 2.1.3.2: the root that the path leads to; none when the path has not the right length."""
    if not 0 <= index < size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = alg.node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = alg.node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def is_consistent(alg, first, second, first_root, second_root, path):
    """RFC 9162, 2.1.4.2: whether the tree of `second` leaves begins with the tree of `first`."""
    if first > second or first < 0:
        return False
    if first == 0:
        return not path and first_root == alg.hash(b"")
    if first == second:
        return not path and first_root == second_root
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = alg.node(c, fr), alg.node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = alg.node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


# ------------------------------------------------------------------------------------------- Ed25519 (RFC 8032)

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    """The sum of two points in extended coordinates (X, Y, Z, T)."""
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    u, v = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    out = NEUTRAL
    while n:
        if n & 1:
            out = add(out, point)
        point = add(point, point)
        n >>= 1
    return out


def is_neutral(point):
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def unpack(data):
    """A point from its 32 bytes; none when they are not the one way to write a point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def pack(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = unpack((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    """Whether the signature holds; of the ways to write one, only the strict one."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = unpack(public), unpack(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or is_neutral(times(8, a)) or is_neutral(times(8, r)):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus_a = (-a[0] % P, a[1], a[2], -a[3] % P)
    return pack(add(times(s, BASE), times(k, minus_a))) == signature[:32]


# ------------------------------------------------------------------------------------------------------ reports

class Report:
    """What was found: breaks (tampered with), doubts (cannot be judged), remarks."""

    def __init__(self):
        self.breaks, self.doubts, self.remarks = [], [], []
        self.broken = 0
        self.transactions = self.facts = self.checkpoints = self.receipts = self.proofs = 0
        self.root = self.head = None

    def broke(self, code, place, said):
        self.broken += 1
        if len(self.breaks) < NAMED_MAX:
            self.breaks.append({"code": code, "place": str(place), "said": said})

    def doubt(self, code, place, said):
        if len(self.doubts) < NAMED_MAX:
            self.doubts.append({"code": code, "place": str(place), "said": said})

    def remark(self, said):
        if said not in self.remarks:
            self.remarks.append(said)

    def verdict(self):
        return 1 if self.broken else 2 if self.doubts else 0

    def as_json(self):
        return {
            "verdict": ("sound", "tampered", "unknown")[self.verdict()], "transactions": self.transactions,
            "facts": self.facts, "checkpoints": self.checkpoints, "receipts": self.receipts, "proofs": self.proofs,
            "root": self.root, "head": self.head, "broken": self.broken, "breaks": self.breaks,
            "doubts": self.doubts, "remarks": self.remarks, "cannot": list(CANNOT),
        }

    def told(self):
        for one in self.breaks:
            yield "对不上 [%s] %s：%s" % (one["code"], one["place"], one["said"])
        if self.broken > len(self.breaks):
            yield "……另有 %d 处没有逐条列出" % (self.broken - len(self.breaks))
        for one in self.doubts:
            yield "无法判断 [%s] %s：%s" % (one["code"], one["place"], one["said"])
        for one in self.remarks:
            yield "注意：" + one
        yield "核对了 %d 笔交易、%d 条事实、%d 份凭据、%d 份增长证明、%d 份回执" % (
            self.transactions, self.facts, self.checkpoints, self.proofs, self.receipts)
        yield ("结论：没有发现改动", "结论：内容被改动过，共 %d 处" % self.broken,
               "结论：无法判断")[self.verdict()]
        yield "本程序查不出的："
        for line in CANNOT:
            yield "  - " + line


# --------------------------------------------------------------------------------------------- reading strictly

class Unfit(Exception):
    """Not as the format says."""


def strictly(pairs):
    out = dict(pairs)
    if len(out) != len(pairs):
        raise Unfit("同一个键出现两次")
    return out


def parse(text):
    try:
        return json.loads(text, object_pairs_hook=strictly)
    except (ValueError, RecursionError) as error:
        raise Unfit("不是 JSON：%s" % error) from error


def shape(value, fields, optional=()):
    """An object with these fields and no others, each of its type."""
    if not isinstance(value, dict):
        raise Unfit("不是一个对象")
    for name, kind in fields.items():
        if name not in value:
            if name not in optional:
                raise Unfit("缺少 %s" % name)
        elif type(value[name]) is not kind:
            raise Unfit("%s 的类型不对" % name)
    for name in value:
        if name not in fields:
            raise Unfit("多出 %s" % name)
    return value


HEX = re.compile(r"[0-9a-f]*\Z")


def unhex(text, size):
    """Bytes of exactly this size from lower-case hex."""
    if not isinstance(text, str) or len(text) != 2 * size or not HEX.match(text):
        raise Unfit("应为 %d 位小写十六进制" % (2 * size))
    return bytes.fromhex(text)


def unbase64(text, size=None):
    """Bytes from base64 written in the one canonical way."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Unfit("不是 base64") from error
    if base64.b64encode(data).decode() != text or (size is not None and len(data) != size):
        raise Unfit("base64 的长度或写法不对")
    return data


def whole(text):
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text):
        raise Unfit("不是整数")
    return int(text)


# --------------------------------------------------------------------------------- checkpoints (C2SP signed note)

class Key:
    """A verifier key: name+hash+base64(0x01 and 32 bytes)."""

    def __init__(self, text):
        parts = text.split("+", 2)
        if len(parts) != 3 or not parts[0]:
            raise Unfit("公钥应为 名称+编号+base64")
        self.text, self.name = text, parts[0]
        data = unbase64(parts[2], 33)
        if data[0] != 1:
            raise Unfit("不是 Ed25519 公钥")
        self.public = data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if self.id.hex() != parts[1]:
            raise Unfit("公钥的编号与公钥不符")


class Checkpoint:
    """A signed statement: this many transactions, this root."""

    def __init__(self, text, place):
        self.text, self.place = text, place
        body, split, tail = text.partition("\n\n")
        if not split or not tail.endswith("\n"):
            raise Unfit("不是签名文本")
        self.body = body + "\n"
        lines = body.split("\n")
        if len(lines) < 3:
            raise Unfit("签名文本少于三行")
        self.origin, self.size, self.root = lines[0], whole(lines[1]), unbase64(lines[2], 32)
        self.more = {}
        for line in lines[3:]:
            name, _, value = line.partition(" ")
            if name in self.more:
                raise Unfit("同一行出现两次：%s" % name)
            self.more[name] = value
        match = re.fullmatch(r"yiben/([0-9]{1,12})", self.origin)
        if not match:
            raise Unfit("第一行不是 yiben/账本代码")
        self.book = int(match.group(1))
        self.alg = alg_of(self.more.get("alg", ""))
        if self.alg is None:
            raise Unfit("不认识的散列算法")
        self.head = unhex(self.more.get("head"), 32)
        self.key = Key(self.more.get("key", ""))
        self.signatures = []
        for line in tail[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ +]+) ([^ ]+)", line)
            if not match:
                raise Unfit("签名行写法不对")
            data = unbase64(match.group(2))
            if len(data) < 5:
                raise Unfit("签名太短")
            self.signatures.append((match.group(1), data[:4], data[4:]))

    def holds(self, key):
        """Whether this key signed it. Signatures of others (witnesses) are passed over."""
        ours = [s for name, mark, s in self.signatures if name == key.name and mark == key.id]
        return len(ours) == 1 and key.name == self.origin and signed(key.public, self.body.encode(), ours[0])


def judge_signature(one, pinned, report):
    report.checkpoints += 1
    if not pinned:
        report.remark("没有用 --key 指定公钥，用的是凭据自带的公钥 %s：请与账本单位公布的公钥核对" % one.key.text)
    elif one.key.text not in [key.text for key in pinned]:
        report.broke("key", one.place, "凭据里的公钥不是 --key 指定的那一个：签名密钥换过，或凭据是别人签的")
        return
    if not one.holds(one.key):
        report.broke("signature", one.place, "签名不成立")


def judge_pairs(checkpoints, pinned, report):
    """What can be said of checkpoints alone, without the ledger."""
    first = None
    for one in sorted(checkpoints, key=lambda c: (c.size, c.place)):
        if first is not None:
            if not pinned and one.key.text != first.key.text:
                report.broke("key", one.place, "与 %s 不是同一个签名密钥" % first.place)
            if one.origin != first.origin:
                report.doubt("book", one.place, "与 %s 不是同一本账" % first.place)
            elif one.size == first.size and (one.root, one.head) != (first.root, first.head):
                report.broke("fork", one.place, "与 %s 交易数相同而内容不同：给不同的人看了不同的账" % first.place)
        first = one


# ------------------------------------------------------------------------------------------------------- bodies

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text):
    """A JSON string as bodies have it: only what must be escaped is."""
    return '"%s"' % re.sub('["\\\\\x00-\x1f]', lambda m: ESCAPES.get(m[0]) or "\\u%04x" % ord(m[0]), text)


def canonical(value):
    """A value as it is hashed."""
    if value is None:
        return "null"
    if type(value) is int:
        return str(value)
    if type(value) is str:
        return quote(value)
    if type(value) is list:
        return "[%s]" % ",".join(map(canonical, value))
    if type(value) is dict:
        return "{%s}" % ",".join("%s:%s" % (quote(k), canonical(v)) for k, v in value.items())
    raise Unfit("数值只能是整数、文本、空或它们的组合")


def is_canonical(text, value):
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return compact == text or canonical(value) == text


SPEAKS = ("op register record division from to as_of set rank src at", "op register record from as_of")
OPS = {  # op: keys in their order; those that must be there
    "assert": SPEAKS, "end": SPEAKS, "decide": SPEAKS,
    "withdraw": ("op tx ord", "op tx"),
    "roster": ("op register scope as_of", "op register scope as_of"),
    "coverage": ("op register division as_of", "op register division as_of"),
    "pack": ("op hash files", "op hash files"),
    "audit": ("op deed actor line account role on outcome address", "op deed actor"),
    "erase": ("op record basis approver why", "op record"),
}
OPS = {op: (order.split(), frozenset(must.split())) for op, (order, must) in OPS.items()}
HEADER = "book seq at actor deed client_id pack alg why sources facts".split()
HEADER_MUST = frozenset(HEADER) - {"why", "sources"}


def in_order(keys, order, must):
    at = 0
    for key in keys:
        while at < len(order) and order[at] != key:
            at += 1
        if at == len(order):
            return False
        at += 1
    return must.issubset(keys)


def judge_body(text, place, tx, report):
    try:
        body = json.loads(text)
        if type(body) is not dict or not is_canonical(text, body):
            return report.broke("canonical", place, "内容不是规定的写法")
    except (ValueError, RecursionError, Unfit):
        return report.broke("canonical", place, "内容不是 JSON")
    known = OPS.get(body.get("op"))
    if known is None:
        return report.doubt("op", place, "不认识的操作 %s：本程序比账本旧" % body.get("op"))
    if not in_order(body, *known):
        report.broke("canonical", place, "%s 的键或次序不对" % body["op"])
    elif body["op"] == "withdraw" and not (type(body["tx"]) is int and 0 < body["tx"] < tx):
        report.broke("canonical", place, "撤销的交易不在它之前")


# -------------------------------------------------------------------------------------------------- the chain

TX = {"tx": int, "at": int, "actor": str, "deed": str, "client_id": str, "pack": str, "alg": str, "salt": str,
      "header": str, "root": str, "prev": str, "hash": str}


class Chain:
    """The transactions of an export, one after the other, each held against everything before it."""

    def __init__(self, head, checkpoints, report):
        self.book, self.alg, self.report = head["book"], alg_of(head["alg"]), report
        self.until = head.get("until")
        self.tree = Tree(self.alg)
        self.seq, self.at, self.prev, self.clients = 0, None, ZERO, set()
        self.tx = None  # the transaction whose facts are being read
        self.facts = 0
        self.wanted = {}
        for one in checkpoints:
            self.wanted.setdefault(one.size, []).append(one)
        self.reached()

    def reached(self):
        for one in self.wanted.pop(self.tree.size, ()):
            if one.root != self.tree.root():
                self.report.broke("checkpoint", one.place,
                                  "前 %d 笔的树根与凭据不符：凭据签出之后，这些交易被改动过" % one.size)
            elif one.size and one.head != self.prev:
                self.report.broke("checkpoint", one.place, "第 %d 笔的散列与凭据不符" % one.size)

    def transaction(self, line):
        self.close()
        report, place = self.report, "第 %s 笔" % line.get("tx")
        try:
            shape(line, TX)
            salt, root, prev, kept = (unhex(line[k], 32) for k in ("salt", "root", "prev", "hash"))
            header = parse(line["header"])
            if type(header) is not dict:
                raise Unfit("头不是对象")
        except Unfit as error:
            # What hangs on this line cannot be followed; the chain goes on from what it says of itself.
            report.broke("form", place, str(error))
            self.tx = None
            if isinstance(line.get("tx"), int):
                self.seq = line["tx"]
            try:
                self.prev = unhex(line.get("hash"), 32)
            except Unfit:
                pass
            self.tree.push(self.alg.leaf(self.prev))
            self.reached()
            return
        if not is_canonical(line["header"], header) or not in_order(header, HEADER, HEADER_MUST):
            report.broke("canonical", place, "头不是规定的写法")
        for name in ("actor", "deed", "client_id", "pack", "alg", "at"):
            if header.get(name) != line[name]:
                report.broke("header", place, "%s 与头里写的不同" % name)
        if header.get("seq") != line["tx"] or header.get("book") != self.book:
            report.broke("header", place, "编号或账本与头里写的不同")
        if line["alg"] != self.alg.word:
            report.broke("header", place, "散列算法不是这本账的")
        if line["tx"] != self.seq + 1:
            report.broke("gap", place, "前一笔是第 %d 笔：中间缺了，或次序乱了" % self.seq)
        if self.at is not None and line["at"] <= self.at:
            report.broke("time", place, "记账时间不晚于前一笔")
        if line["client_id"] in self.clients:
            report.broke("client", place, "客户端编号重复")
        if prev != self.prev:
            report.broke("prev", place, "“前一笔的散列”不是前一笔的散列")
        hashed = self.alg.hash(b"yiben-tx-1" + prev + root + line["header"].encode())
        if hashed != kept:
            report.broke("hash", place, "散列与内容不符")
        self.clients.add(line["client_id"])
        # The kept hash is followed, so that one change is not told of every later transaction.
        self.seq, self.at, self.prev = line["tx"], line["at"], kept
        self.tx = (line["tx"], salt, root, header.get("facts"), Tree(self.alg))
        self.report.transactions += 1
        self.tree.push(self.alg.leaf(kept))
        self.reached()

    def fact(self, line):
        place = line["fact"]
        if (type(place) is not list or len(place) != 2 or type(place[0]) is not int or type(place[1]) is not int
                or len(line) != 2 or type(line.get("body")) is not str):
            return self.report.broke("form", "事实 %s" % place, "不是规定的写法")
        self.report.facts += 1
        tx, ord_ = place
        named = "事实 %d:%d" % (tx, ord_)
        if self.tx is None or tx != self.tx[0]:
            return self.report.broke("orphan", named, "它所属的交易不在这里")
        number, salt, _, _, leaves = self.tx
        if ord_ != leaves.size:
            self.report.broke("ord", named, "前面应有 %d 条，实有 %d 条" % (ord_, leaves.size))
        body = line["body"]
        own = self.alg.keyed(salt, b"fact" + ord_.to_bytes(8, "big", signed=ord_ < 0))[:16]
        leaves.push(self.alg.leaf(own + body.encode("utf-8", "surrogatepass")))
        judge_body(body, named, number, self.report)

    def close(self):
        """The transaction at hand has all its facts."""
        if self.tx is None:
            return
        number, _, root, count, leaves = self.tx
        self.tx = None
        if count != leaves.size:
            self.report.broke("facts", "第 %d 笔" % number, "头里写 %s 条事实，实有 %d 条" % (count, leaves.size))
        if leaves.root() != root:
            self.report.broke("root", "第 %d 笔" % number, "事实的树根不符：有事实被改动、增加或删去")

    def end(self, line):
        self.close()
        report = self.report
        if line is None:
            report.doubt("cut", "文件末尾", "没有结束行：文件没有传完，请重新取一份")
        elif (line.get("transactions"), line.get("facts"), line.get("root")) != (
                self.tree.size, report.facts, self.tree.root().hex()):
            report.broke("end", "结束行", "写明的笔数、条数或树根与内容不符")
        for one in (one for ones in self.wanted.values() for one in ones):
            if line is None or (self.until is not None and one.size > self.until):
                report.doubt("until", one.place, "凭据有 %d 笔，这份导出只到第 %d 笔" % (one.size, self.tree.size))
            else:
                report.broke("truncated", one.place,
                             "凭据签出时有 %d 笔，现在只有 %d 笔：末尾被删去" % (one.size, self.tree.size))
        report.root, report.head = self.tree.root().hex(), self.prev.hex()


def judge_chain(lines, place, checkpoints, report):
    """An export, or a ledger read as one."""
    try:
        head = parse(next(lines, ""))
        if head.get("yiben") != "export-1":
            raise Unfit("不认识的格式 %s" % head.get("yiben"))
        shape(head, {"yiben": str, "book": int, "name": str, "alg": str, "made": str, "until": int}, ("until",))
        if alg_of(head["alg"]) is None:
            raise Unfit("不认识的散列算法 %s" % head["alg"])
    except (Unfit, AttributeError) as error:
        return report.doubt("form", place, "第一行读不懂：%s" % error)
    if alg_of(head["alg"]).own:
        report.remark("这里的 Python 没有内置 SM3，用自带的实现，会慢很多")
    ours = []
    for one in checkpoints:
        if one.book != head["book"] or one.alg.word != head["alg"]:
            report.doubt("book", one.place, "凭据是账本 %d 的，这份导出是账本 %d 的" % (one.book, head["book"]))
        else:
            ours.append(one)
    if not ours:
        report.remark("没有给出这本账在外面保存的凭据：只能看出内部是否一致，看不出整本账是否被重做")
    chain, ended = Chain(head, ours, report), None
    for number, text in enumerate(lines, 2):
        if ended is not None:
            report.broke("form", "第 %d 行" % number, "结束行之后还有内容")
            break
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            report.broke("form", "第 %d 行" % number, "不是 JSON")
            continue
        if type(line) is not dict:
            report.broke("form", "第 %d 行" % number, "不是一个对象")
        elif "fact" in line:
            chain.fact(line)
        elif "tx" in line:
            chain.transaction(line)
        elif line.get("end") is True:
            ended = line
        else:
            report.broke("form", "第 %d 行" % number, "不认识的一行")
    chain.end(ended)


def opened_ledger(path):
    """A ledger file, to read."""
    uri = "file:%s?mode=ro" % re.sub(r"[?#%]", lambda m: "%%%02x" % ord(m[0]), os.path.abspath(path))
    base = sqlite3.connect(uri, uri=True)
    base.execute("BEGIN")
    return base


def ledger_lines(base):
    """A ledger, read by the system's own SQLite and written as `yiben export` would."""

    def text(value):
        return quote(value if type(value) is str else "")

    def raw(value):
        return value.hex() if type(value) is bytes else ""

    def facts(after, to):
        for tx, ord_, body in base.execute(
                "SELECT tx, ord, body FROM fact WHERE tx > ? AND tx <= ? ORDER BY tx, ord", (after, to)):
            yield '{"fact":[%d,%d],"body":%s}' % (tx, ord_, text(body))

    book, = base.execute("SELECT DISTINCT book FROM meta").fetchone()
    meta = dict(base.execute("SELECT key, value FROM meta"))
    yield '{"yiben":"export-1","book":%d,"name":%s,"alg":"%s","made":""}' % (book, quote(meta["name"]), meta["alg"])
    tree, count, before = Tree(alg_of(meta["alg"]) or alg_of("sha256")), 0, -2 ** 63
    rows = base.execute("SELECT seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash FROM tx "
                        "ORDER BY seq")
    for seq, at, actor, deed, client, packed, alg, salt, header, root, prev, kept in rows:
        if seq != before + 1:
            for line in facts(before, seq - 1):
                count += 1
                yield line
        before = seq
        yield ('{"tx":%d,"at":%d,"actor":%s,"deed":%s,"client_id":%s,"pack":%s,"alg":%s,"salt":"%s","header":%s,'
               '"root":"%s","prev":"%s","hash":"%s"}' % (seq, at, text(actor), text(deed), text(client), text(packed),
                                                         text(alg), raw(salt), text(header), raw(root), raw(prev),
                                                         raw(kept)))
        tree.push(tree.alg.leaf(kept if type(kept) is bytes and len(kept) == 32 else ZERO))
        for line in facts(seq - 1, seq):
            count += 1
            yield line
    for line in facts(before, 2 ** 63 - 1):
        count += 1
        yield line
    yield '{"end":true,"transactions":%d,"facts":%d,"root":"%s"}' % (tree.size, count, tree.root().hex())


# ------------------------------------------------------------------------------------------ receipts and proofs

def hashes(value):
    if len(value) > 64:
        raise Unfit("证明太长")
    return [unhex(one, 32) for one in value]


def judge_receipt(value, place, report):
    """A receipt; answers the checkpoint in it, whose signature is judged with the others."""
    shape(value, {"yiben": str, "book": int, "tx": int, "ord": int, "alg": str, "body": str, "salt": str,
                  "fact_path": list, "header": str, "prev": str, "log_path": list, "checkpoint": str, "open": dict},
          ("open",))
    checkpoint = Checkpoint(value["checkpoint"], place)
    report.receipts += 1
    alg, header = checkpoint.alg, parse(value["header"])
    body = value["body"].encode("utf-8", "surrogatepass")
    judge_body(value["body"], place, value["tx"], report)
    if (type(header) is not dict or header.get("book") != value["book"] or header.get("seq") != value["tx"]
            or header.get("alg") != value["alg"] or value["alg"] != alg.word or checkpoint.book != value["book"]
            or type(header.get("facts")) is not int):
        report.broke("receipt", place, "回执各部分说的不是同一笔交易")
        return checkpoint
    root = inclusion_root(alg, value["ord"], header["facts"], alg.leaf(unhex(value["salt"], 16) + body),
                          hashes(value["fact_path"]))
    if root is None:
        report.broke("receipt", place, "事实在交易中的路径不成立")
        return checkpoint
    kept = alg.hash(b"yiben-tx-1" + unhex(value["prev"], 32) + root + value["header"].encode())
    log = inclusion_root(alg, value["tx"] - 1, checkpoint.size, alg.leaf(kept), hashes(value["log_path"]))
    if log != checkpoint.root:
        report.broke("receipt", place, "这条事实不在凭据所签的账里")
    if "open" in value:
        judge_opened(alg, value, place, report)
    return checkpoint


def judge_opened(alg, value, place, report):
    opened = shape(value["open"], {"salt": str, "values": str})
    salt, said = unhex(opened["salt"], 16), parse(opened["values"])
    body = parse(value["body"])
    if type(said) is not dict or canonical(said) != opened["values"]:
        raise Unfit("个人信息不是规定的写法")
    committed = {k: v["#"] for k, v in body.get("set", {}).items() if type(v) is dict and set(v) == {"#"}}
    if set(said) != set(committed):
        report.broke("open", place, "给出的个人信息与承诺的栏目不同")
        return
    for name, one in said.items():
        own = alg.keyed(salt, name.encode())[:16]
        if alg.hash(own + canonical(one).encode())[:16].hex() != committed[name]:
            report.broke("open", place, "“%s”与当初的承诺不符" % name)


def judge_growth(value, place, report):
    """A proof of consistency; answers both checkpoints in it."""
    shape(value, {"yiben": str, "old": str, "new": str, "path": list})
    old, new = Checkpoint(value["old"], place + "（旧）"), Checkpoint(value["new"], place + "（新）")
    report.proofs += 1
    if old.origin != new.origin or old.alg is not new.alg:
        report.broke("consistency", place, "两份凭据不是同一本账的")
    elif not is_consistent(old.alg, old.size, new.size, old.root, new.root, hashes(value["path"])):
        report.broke("consistency", place, "新账不是从旧账长出来的：旧账被改动过，或末尾被删去")
    return [old, new]


# ------------------------------------------------------------------------------------------------------ the whole

def text_lines(path):
    packed = open(path, "rb").read(2) == b"\x1f\x8b"
    with (gzip.open if packed else open)(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1] if line.endswith("\n") else line


def kind_of(path):
    """What a file is, by what stands in it."""
    with open(path, "rb") as file:
        start = file.read(64)
    if start.startswith(b"SQLite format 3\0"):
        return "ledger"
    first = start if not start.startswith(b"\x1f\x8b") else gzip.open(path).read(64)
    if first.startswith(b'{"yiben":"export-'):
        return "export"
    return "checkpoint" if first.startswith(b"yiben/") else "json"


def judge(paths, pinned=()):
    """All files, held against each other; checkpoints must be signed by one of the pinned keys, if there are any."""
    report, chains, checkpoints = Report(), [], []
    for path in paths:
        place = os.path.basename(path)
        try:
            kind = kind_of(path)
            if kind in ("export", "ledger"):
                chains.append((kind, path, place))
                continue
            with open(path, encoding="utf-8", newline="\n") as file:
                text = file.read()
            if kind == "checkpoint":
                checkpoints.append(Checkpoint(text, place))
                continue
            value = parse(text)
            form = value.get("yiben") if type(value) is dict else None
            if form == "receipt-1":
                checkpoints.append(judge_receipt(value, place, report))
            elif form == "consistency-1":
                checkpoints.extend(judge_growth(value, place, report))
            else:
                report.doubt("form", place, "不是导出、账本、凭据、增长证明或回执")
        except Unfit as error:
            report.broke("form", place, str(error))
        except (OSError, EOFError, UnicodeDecodeError) as error:
            report.doubt("file", place, "读不了：%s" % error)
    for one in checkpoints:
        judge_signature(one, pinned, report)
    judge_pairs(checkpoints, pinned, report)
    for kind, path, place in chains:
        try:
            lines = ledger_lines(opened_ledger(path)) if kind == "ledger" else text_lines(path)
            judge_chain(lines, place, checkpoints, report)
        except (OSError, EOFError, UnicodeDecodeError, sqlite3.Error) as error:
            report.doubt("file", place, "读到一半读不下去：%s" % error)
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY",
                        help="a public key that the township made known; again for each after a change of key")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--each", action="store_true", help="judge each file by itself, a line each: verdict and path")
    given = parser.parse_args()
    try:
        pinned = [Key(text) for text in given.key]
    except Unfit as error:
        print("--key：%s" % error, file=sys.stderr)
        return 2
    if given.each:
        verdicts = [judge([path], pinned).verdict() for path in given.files]
        for verdict, path in zip(verdicts, given.files):
            print("%d\t%s" % (verdict, path))
        return 1 if 1 in verdicts else max(verdicts)
    report = judge(given.files, pinned)
    if given.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        for line in report.told():
            print(line)
    return report.verdict()


if __name__ == "__main__":
    sys.exit(main())
