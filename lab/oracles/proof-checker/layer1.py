"""Layer 1 as docs/proof-format.md lays it out: header, state trie, storage keys and the three records."""

from hashlib import blake2b

from formats import Refused, Scale, need


def blake(data, size=32):
    return blake2b(data, digest_size=size).digest()


def header_of(data):
    scale = Scale(data)
    header = {"parent": scale.bytes(32), "number": scale.compact(), "state": scale.bytes(32), "extrinsics": scale.bytes(32)}
    for _ in range(scale.compact()):
        kind = scale.uint(8)
        need(kind in (0, 4, 5, 6, 8), "no such digest item")
        if kind in (4, 5, 6):
            scale.bytes(4)
        if kind != 8:
            scale.vector()
    scale.end()
    return {**header, "hash": blake(data)}


class State:
    """A read proof under a state root. Every part of it must be needed."""

    def __init__(self, root, proof):
        self.root, self.parts = root, {blake(part): part for part in proof}
        need(len(self.parts) == len(proof), "a part twice")
        self.unused = set(self.parts)

    def _part(self, digest):
        need(digest in self.parts, "the proof does not lead there")
        self.unused.discard(digest)
        return self.parts[digest]

    def read(self, key):
        nibbles = [nibble for byte in key for nibble in (byte >> 4, byte & 15)]
        node = self._part(self.root)
        while True:
            partial, value, children = _node(node)
            if partial is None or nibbles[: len(partial)] != partial:
                return None
            nibbles = nibbles[len(partial) :]
            if not nibbles:
                return value if not isinstance(value, tuple) else self._part(value[0])
            child = children.get(nibbles[0])
            if child is None:
                return None
            node = child if len(child) < 32 else self._part(child)
            nibbles = nibbles[1:]

    def end(self):
        need(not self.unused, "parts that prove nothing")


def _node(data):
    """partial key, value (bytes, or its hash in a tuple, or None), children by nibble"""
    scale = Scale(data)
    first = scale.uint(8)
    if first == 0:
        scale.end()
        return None, None, {}
    kinds = ((0xC0, 0x3F, True, "value"), (0x80, 0x3F, True, None), (0x40, 0x3F, False, "value"), (0x20, 0x1F, False, "hash"), (0x10, 0x0F, True, "hash"))
    kind = next((each for each in kinds if first & ~each[1] & 0xFF == each[0]), None)
    need(kind is not None, "no such node")
    _, mask, is_branch, holds = kind
    count = first & mask
    if count == mask:
        while True:
            more = scale.uint(8)
            count += more
            need(count < 1 << 16, "too long a partial key")
            if more != 255:
                break
    packed = scale.bytes((count + 1) // 2)
    nibbles = [nibble for byte in packed for nibble in (byte >> 4, byte & 15)]
    need(count % 2 == 0 or nibbles[0] == 0, "padding that is not zero")
    bitmap = scale.uint(16) if is_branch else 0
    need(not is_branch or bitmap, "a branch without children")
    value = scale.vector() if holds == "value" else (scale.bytes(32),) if holds == "hash" else None
    children = {}
    for nibble in range(16):
        if bitmap >> nibble & 1:
            children[nibble] = scale.vector()
            need(1 <= len(children[nibble]) <= 32, "a child of 1 to 32 bytes")
    scale.end()
    return nibbles[count % 2 :], value, children


# storage keys


def _xxh64(data, seed):
    mask, p1, p2, p3 = 2**64 - 1, 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
    p4, p5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
    turn = lambda value, by: (value << by | value >> 64 - by) & mask
    step = lambda lane, word: turn((lane + word * p2) & mask, 31) * p1 & mask
    at, size = 0, len(data)
    if size >= 32:
        lanes = [(seed + p1 + p2) & mask, (seed + p2) & mask, seed, (seed - p1) & mask]
        while at + 32 <= size:
            lanes = [step(lane, int.from_bytes(data[at + 8 * n : at + 8 * n + 8], "little")) for n, lane in enumerate(lanes)]
            at += 32
        h = sum(turn(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18))) & mask
        for lane in lanes:
            h = ((h ^ step(0, lane)) * p1 + p4) & mask
    else:
        h = (seed + p5) & mask
    h = (h + size) & mask
    while at + 8 <= size:
        h = (turn(h ^ step(0, int.from_bytes(data[at : at + 8], "little")), 27) * p1 + p4) & mask
        at += 8
    if at + 4 <= size:
        h = (turn(h ^ int.from_bytes(data[at : at + 4], "little") * p1 & mask, 23) * p2 + p3) & mask
        at += 4
    for byte in data[at:]:
        h = turn(h ^ byte * p5 & mask, 11) * p1 & mask
    for shift, prime in ((33, p2), (29, p3), (32, 1)):
        h = (h ^ h >> shift) * prime & mask
    return h.to_bytes(8, "little")


def twox(data, size):
    return b"".join(_xxh64(data, seed) for seed in range(size // 8))


def entry(pallet, item, key, hasher="twox64"):
    hashed = twox(key, 8) if hasher == "twox64" else blake(key, 16)
    return twox(pallet.encode(), 16) + twox(item.encode(), 16) + hashed + key


def u64(value):
    return value.to_bytes(8, "little")


# records

OUTCOMES = ("ok", "trap", "outOfGas", "outOfMemory", "outOfTime", "outputTooLarge", "refusedModule", "refusedImport", "cancelled")
STATES = ("Created", "Funded", "Selected", "Attested", "KeysReleased", "Running", "Proved", "Disputed", "Settled", "Refunded")
PARTS = ("code", "data", "input")


def errand_of(data):
    s = Scale(data)

    def part_name(names=PARTS):
        name = s.variant(*names)
        return f"data/{s.uint(8)}" if name == "data" else name

    record = {"state": s.variant(*STATES)}
    if record["state"] == "Refunded":
        reason = s.variant(*range(9))
        if reason in (4, 5):
            part_name()
        if reason == 5:
            s.vector()
    s.uint(32)
    record["consumer"], record["code"] = s.bytes(32), s.uint(64)
    record["data"] = s.list(8, lambda: s.uint(64))
    record["input"] = s.optional(lambda: {"cid": s.vector(), "sha256": s.bytes(32), "size": s.uint(64), "sealed": s.variant(False, True)})
    record["gasLimit"], _, record["policy"], record["resultKey"] = s.uint(64), s.uint(128), s.bytes(32), s.vector()
    s.uint(32)
    s.uint(128)
    record["parts"] = s.list(
        10,
        lambda: {
            "part": part_name(),
            "owner": s.bytes(32),
            "price": s.uint(128),
            "sealed": s.variant(False, True),
            "sha256": s.bytes(32),
            "release": s.optional(lambda: (s.bytes(32), s.uint(32))),
        },
    )
    names = ("block", "seed", "candidates", "candidatesDigest", "node", "teeAccount", "operator", "hostAccount", "gasPrice")
    sizes = (32, None, 32, None, None, None, None, None, 128)
    record["selection"] = s.optional(lambda: {name: s.bytes(32) if bits is None else s.uint(bits) for name, bits in zip(names, sizes)})
    record["evidence"] = s.optional(lambda: {"cid": s.vector(), "digest": s.bytes(32), "atBlock": s.uint(32)})
    record["run"] = s.optional(
        lambda: {
            "outcome": s.variant(*OUTCOMES),
            "gasUsed": s.uint(64),
            "receipt": s.bytes(32),
            "resultCid": s.vector(),
            "resultDigest": s.bytes(32),
            "atBlock": s.uint(32),
        }
    )
    s.optional(s.vector)
    record["settled"] = s.optional(
        lambda: (s.list(11, lambda: (s.bytes(32), s.uint(128), part_name(("code", "data", "executor", "host")))), s.uint(128), s.uint(32))
    )
    s.end()
    return record


def draw_of(data):
    s = Scale(data)
    draw = {"about": (s.variant("executor", "committee"), s.uint(64)), "seats": s.uint(32), "openedAt": s.uint(32)}
    names = ("number", "seed", "fixedAt", "electorate", "threshold", "closesAt")
    draw["round"] = s.optional(lambda: dict(zip(names, (s.uint(32), s.bytes(32), s.uint(32), s.uint(32), s.uint(128), s.uint(32)))))
    draw["claims"] = s.list(7, lambda: {"lot": s.uint(128), "node": s.bytes(32), "proof": s.bytes(96)})
    draw["ended"] = s.variant(False, True)
    s.end()
    need(draw["round"] is None or draw["round"]["number"] <= 32, "too many rounds")
    return draw


def node_of(data):
    s = Scale(data)
    s.bytes(32)
    account = s.bytes(32)
    s.bytes(32), s.variant(0, 1, 2, 3), s.vector(), s.bytes(32), s.uint(128), s.uint(128)
    s.variant(False, True), s.variant(*range(6)), s.variant(*range(10)), s.uint(64)
    registered_at = s.uint(32)
    s.bytes(12)
    s.list(4, s.vector)
    s.variant(False, True)
    s.end()
    return {"account": account, "registeredAt": registered_at}


__all__ = ["Refused", "State", "blake", "draw_of", "entry", "errand_of", "header_of", "node_of", "u64"]
