"""The encodings of docs/proof-format.md: canonical JSON, deterministic CBOR, SCALE and DER. Each reader refuses any second spelling."""

import base64
import json


class Refused(Exception):
    """These bytes are not what they should be."""


def need(holds, what):
    if not holds:
        raise Refused(what)


# JSON: RFC 8785, whole numbers only


def _pairs(pairs):
    need(len({name for name, _ in pairs}) == len(pairs), "a name twice")
    return dict(pairs)


def read_json(data):
    need(len(data) <= 8 << 20, "more than 8 MiB")
    return json.loads(data.decode("utf-8", "strict"), object_pairs_hook=_pairs)


def write_json(value):
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(write_json(name) + ":" + write_json(item) for name, item in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write_json(item) for item in value) + "]"
    need(value is None or isinstance(value, (bool, int, str)), "a fraction")
    return json.dumps(value, ensure_ascii=False)


def from_base64url(text):
    need(isinstance(text, str), "text")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(base64.urlsafe_b64encode(data).decode().rstrip("=") == text, "another base64url")
    return data


# CBOR: RFC 8949, 4.2.1, with text keys, and neither tags, fractions nor other simple values than false, true and null


def read_cbor(data):
    value, at = _cbor_item(data, 0, 0)
    need(at == len(data), "bytes behind the CBOR")
    return value


def _cbor_head(data, at):
    initial = data[at]
    major, info = initial >> 5, initial & 31
    if info < 24:
        return major, info, at + 1
    need(info < 28, "no definite length")
    size = 1 << (info - 24)
    need(at + 1 + size <= len(data), "cut off")
    argument = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    need(argument >= (24, 1 << 8, 1 << 16, 1 << 32)[info - 24], "a longer head than needed")
    return major, argument, at + 1 + size


def _cbor_item(data, at, depth):
    need(at < len(data) and depth <= 64, "cut off, or too deep")
    if data[at] in (0xF4, 0xF5, 0xF6):
        return {0xF4: False, 0xF5: True, 0xF6: None}[data[at]], at + 1
    major, argument, at = _cbor_head(data, at)
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major in (2, 3):
        need(at + argument <= len(data), "cut off")
        part = data[at : at + argument]
        return (part if major == 2 else part.decode("utf-8", "strict")), at + argument
    if major == 4:
        items = []
        for _ in range(argument):
            item, at = _cbor_item(data, at, depth + 1)
            items.append(item)
        return items, at
    need(major == 5, "a tag, a fraction or another simple value")
    members, before = {}, b""
    for _ in range(argument):
        start = at
        need(start < len(data) and data[start] >> 5 == 3, "a key that is no text")
        key, at = _cbor_item(data, at, depth + 1)
        need(data[start:at] > before and key != "__proto__", "keys out of order")
        before = data[start:at]
        members[key], at = _cbor_item(data, at, depth + 1)
    return members, at


def write_cbor(value):
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _write_head(0, value) if value >= 0 else _write_head(1, -1 - value)
    if isinstance(value, bytes):
        return _write_head(2, len(value)) + value
    if isinstance(value, str):
        return _write_head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _write_head(4, len(value)) + b"".join(map(write_cbor, value))
    members = sorted((write_cbor(key), write_cbor(item)) for key, item in value.items())
    return _write_head(5, len(members)) + b"".join(key + item for key, item in members)


def _write_head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    size = next(size for size in (1, 2, 4, 8) if argument < 1 << 8 * size)
    return bytes([major << 5 | (24 + size.bit_length() - 1)]) + argument.to_bytes(size, "big")


def fields(value, **types):
    """A map of exactly these fields. A type is a class, a number of bytes, or a function that says whether it is."""
    need(isinstance(value, dict) and set(value) == set(types), f"exactly the fields {', '.join(types)}")
    for name, kind in types.items():
        item = value[name]
        if isinstance(kind, type):
            fits = isinstance(item, kind) and (kind is bool or not isinstance(item, bool))
        else:
            fits = isinstance(item, bytes) and len(item) == kind if isinstance(kind, int) else kind(item)
        need(fits, f"field {name}")
    return value


# SCALE: little-endian numbers, compact lengths


class Scale:
    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self, size):
        need(self.at + size <= len(self.data), "cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def uint(self, bits):
        return int.from_bytes(self.bytes(bits // 8), "little")

    def compact(self):
        first = self.uint(8)
        mode = first & 3
        if mode == 3:
            size = (first >> 2) + 4
            value = int.from_bytes(self.bytes(size), "little")
            need(value >= 1 << 30 and value >> 8 * (size - 1) > 0, "a longer compact than needed")
            return value
        rest = self.bytes((0, 1, 3)[mode])
        value = int.from_bytes(bytes([first]) + rest, "little") >> 2
        need(value >= (0, 1 << 6, 1 << 14)[mode], "a longer compact than needed")
        return value

    def vector(self):
        return self.bytes(self.compact())

    def list(self, most, read):
        count = self.compact()
        need(count <= most, f"at most {most}")
        return [read() for _ in range(count)]

    def variant(self, *names):
        index = self.uint(8)
        need(index < len(names), "no such variant")
        return names[index]

    def optional(self, read):
        return read() if self.variant(False, True) else None

    def end(self):
        need(self.at == len(self.data), "bytes behind the record")


# DER: X.690, of certificates


class Der:
    def __init__(self, data, start=0, end=None):
        end = len(data) if end is None else end
        need(start + 2 <= end, "cut off")
        self.tag, first, at = data[start], data[start + 1], start + 2
        need(self.tag & 31 != 31, "a long tag")
        size = first
        if first >= 0x80:
            count = first & 0x7F
            need(1 <= count <= 4 and at + count <= end, "no such length")
            size = int.from_bytes(data[at : at + count], "big")
            need(size >= 0x80 and size >> 8 * (count - 1) > 0, "a longer length than needed")
            at += count
        need(at + size <= end, "cut off")
        self.content, self.whole, self.end = data[at : at + size], data[start : at + size], at + size

    def members(self):
        found, at = [], 0
        while at < len(self.content):
            found.append(Der(self.content, at))
            at = found[-1].end
        return found

    def oid(self):
        need(self.tag == 6 and self.content, "an object identifier")
        arcs, arc = [], 0
        for byte in self.content:
            arc = arc << 7 | byte & 0x7F
            if byte < 0x80:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))


def one_der(data):
    element = Der(data)
    need(element.end == len(data), "bytes behind the DER")
    return element
