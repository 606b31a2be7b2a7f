"""RSA (RFC 8017) and ECDSA (FIPS 186-5) signatures, checked by their definitions. Slow, and nothing here is secret."""

import hashlib

from formats import need

_DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


class RsaKey:
    def __init__(self, n, e):
        self.n, self.e, self.size = n, e, (n.bit_length() + 7) // 8

    def _open(self, signature):
        if len(signature) != self.size or int.from_bytes(signature, "big") >= self.n:
            return None
        return pow(int.from_bytes(signature, "big"), self.e, self.n).to_bytes(self.size, "big")

    def signed(self, message, signature, hash_name):
        """RSASSA-PKCS1-v1_5, RFC 8017, 8.2.2"""
        info = _DIGEST_INFO[hash_name] + hashlib.new(hash_name, message).digest()
        return self._open(signature) == b"\x00\x01" + b"\xff" * (self.size - len(info) - 3) + b"\x00" + info


class Curve:
    def __init__(self, name, p, b, n, x, y):
        self.name, self.p, self.b, self.n, self.g = name, p, b, n, (x, y)
        self.size = (p.bit_length() + 7) // 8

    def point(self, sec1):
        need(len(sec1) == 1 + 2 * self.size and sec1[0] == 4, f"an uncompressed point of {self.name}")
        x, y = int.from_bytes(sec1[1 : 1 + self.size], "big"), int.from_bytes(sec1[1 + self.size :], "big")
        need(x < self.p and y < self.p and (y * y - x * x * x + 3 * x - self.b) % self.p == 0, f"a point on {self.name}")
        return x, y

    def _add(self, a, b):
        if a is None or b is None:
            return a or b
        p = self.p
        if a[0] == b[0]:
            if (a[1] + b[1]) % p == 0:
                return None
            slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, p) % p
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, p) % p
        x = (slope * slope - a[0] - b[0]) % p
        return x, (slope * (a[0] - x) - a[1]) % p

    def _multiply(self, point, k):
        sum_ = None
        for bit in bin(k)[2:]:
            sum_ = self._add(sum_, sum_)
            if bit == "1":
                sum_ = self._add(sum_, point)
        return sum_

    def signed(self, key, message, r, s, hash_name):
        if not (1 <= r < self.n and 1 <= s < self.n):
            return False
        digest = hashlib.new(hash_name, message).digest()
        e = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - self.n.bit_length())
        w = pow(s, -1, self.n)
        found = self._add(self._multiply(self.g, e * w % self.n), self._multiply(key, r * w % self.n))
        return found is not None and found[0] % self.n == r


P256 = Curve(
    "P-256",
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
P384 = Curve(
    "P-384",
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
)


def es256(point, message, signature):
    """r ‖ s, as COSE and JOSE have it"""
    try:
        key = P256.point(point)
    except Exception:
        return False
    return len(signature) == 64 and P256.signed(key, message, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"), "sha256")
