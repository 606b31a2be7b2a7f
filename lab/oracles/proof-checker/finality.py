"""GRANDPA's finality: justifications of the Polkadot SDK, with ed25519 signatures (RFC 8032), from the voters that genesis names on."""

from hashlib import sha512

from formats import Scale, need
from layer1 import State, header_of, twox
from lots import BASE, D, ORDER, P, add, root_of_ratio, times

AUTHORITIES = twox(b"Grandpa", 16) + twox(b"Authorities", 16)
#: //Alice to //Ferdie of sp-keyring, whose secrets everybody has
ANYBODYS = {
    "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
    "d17c2d7823ebf260fd138f2d7e27d114c0145d968b5ff5006125f2414fadae69",
    "439660b36c6c03afafca027b910b4fecf99801834c62a5e6006f27d978de234f",
    "5e639b43e0052c47447dac87d6fd2b6ec50bdd4d0f614e4299c665249bbd09d9",
    "1dfe3e22cc0d45c70779c1095f7489a8ef3cf52d62fbd8c2fa38c9f1723502b5",
    "568cb4a574c6d178feb39c27dfc8b3f789e5f5423e19c71633c748b9acf086b5",
}


def finality_holds(genesis_hash, header, finality):
    """True, or None for votes with anybody's keys; raises where it does not hold"""
    first = header_of(finality["genesisHeader"])
    need(first["hash"] == genesis_hash and first["number"] == 0, "the genesis header")
    state = State(first["state"], finality["authoritiesProof"])
    scale = Scale(state.read(AUTHORITIES))
    state.end()
    voters, after = _voters(scale), 0
    scale.end()
    set_id = 0
    for set_id, change in enumerate(finality.get("setChanges", ()), 1):
        at = header_of(change["header"])
        need(at["number"] > after, "changes in order")
        named = _next_voters(change["header"])
        need(named is not None, "a change of voters")
        _justified(at, change["proof"], voters, set_id - 1)
        voters, after = named, at["number"]
    _justified(header_of(header), finality["proof"], voters, set_id)
    known = sum(weight for key, weight in voters.items() if key.hex() in ANYBODYS)
    return None if known * 3 >= sum(voters.values()) else True


def _voters(scale):
    listed = scale.list(10_000, lambda: (scale.bytes(32), scale.uint(64)))
    need(listed and len(dict(listed)) == len(listed), "each voter once")
    return dict(listed)


def _next_voters(header):
    """GRANDPA's ScheduledChange in the header's digest"""
    scale, found = Scale(header), None
    scale.bytes(32), scale.compact(), scale.bytes(64)
    for _ in range(scale.compact()):
        kind = scale.uint(8)
        engine = scale.bytes(4) if kind in (4, 5, 6) else b""
        payload = scale.vector() if kind != 8 else b""
        if (kind, engine) != (4, b"FRNK"):
            continue
        message = Scale(payload)
        which = message.uint(8)
        need(which != 2, "no forced change")
        if which == 1:
            voters = _voters(message)
            need(found is None and message.uint(32) == 0, "one change, at once")
            message.end()
            found = voters
    return found


def _headers(scale):
    """some headers one after another"""
    found = []
    for _ in range(scale.compact()):
        start = scale.at
        scale.bytes(32), scale.compact(), scale.bytes(64)
        for _ in range(scale.compact()):
            kind = scale.uint(8)
            need(kind in (0, 4, 5, 6, 8), "no such digest item")
            if kind in (4, 5, 6):
                scale.bytes(4)
            if kind != 8:
                scale.vector()
        found.append(header_of(scale.data[start : scale.at]))
    return found


def _justified(header, proof, voters, set_id):
    scale = Scale(proof)
    block, justification, between = scale.bytes(32), Scale(scale.vector()), _headers(scale)
    scale.end()
    round_, target, number = justification.uint(64), justification.bytes(32), justification.uint(32)
    votes = justification.list(2 * len(voters), lambda: tuple(justification.bytes(size) for size in (32, 4, 64, 32)))
    ancestries = {each["hash"]: each["parent"] for each in _headers(justification)}
    justification.end()
    need(block == target, "a justification of its block")
    for each in between:
        need((each["parent"], each["number"]) == (header["hash"], header["number"] + 1), "headers that follow each other")
        header = each
    need((header["hash"], header["number"]) == (target, number), "headers up to the block voted for")
    used = set()
    for voted, height, signature, voter in votes:
        message = b"\x01" + voted + height + round_.to_bytes(8, "little") + set_id.to_bytes(8, "little")
        need(voter in voters and _ed25519(voter, message, signature), "votes of this set")
        while voted != target:
            used.add(voted)
            voted = ancestries[voted]
    need(used == set(ancestries), "only headers that votes lead through")
    weight = sum(voters[voter] for voter in {vote[3] for vote in votes})
    need(weight * 3 > sum(voters.values()) * 2, "more than two thirds")


def _ed25519(key, message, signature):
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % ORDER
    x, y, _, t = _point(key)
    x, y, z, _ = add(times(BASE, s), times((-x % P, y, 1, -t % P), k))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return s < ORDER and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def _point(data):
    y = int.from_bytes(data, "little") & (2**255 - 1)
    square, x = root_of_ratio((y * y - 1) % P, (D * y * y + 1) % P)
    need(y < P and square, "a point on the curve")
    x = x if x & 1 == data[31] >> 7 else -x % P
    return x, y, 1, x * y % P
