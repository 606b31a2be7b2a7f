"""The lots of a draw: schnorrkel's VRF on Ristretto255 (RFC 9496), over Merlin transcripts (STROBE-128, Keccak-f[1600])."""

from formats import need
from layer1 import blake

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
# RFC 9496, 4.1
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578


def lot_of(account, seed, proof):
    """@returns the lot, or None unless the proof shows it"""
    try:
        key, output = _decode(account), _decode(proof[:32])
        c, s = (int.from_bytes(proof[at : at + 32], "little") for at in (32, 64))
        need(c < ORDER and s < ORDER and _encode(key) != bytes(32) and proof[:32] != bytes(32), "a proof")
    except Exception:
        return None
    named = Transcript(b"SigningContext")
    named.append(b"", b"tea/sortition")
    named.append(b"sign-bytes", b"tea/lot/1" + seed)
    named.append(b"vrf-nm-pk", account)
    wide = named.challenge(b"VRFHash", 64)
    point = add(_elligator(wide[:32]), _elligator(wide[32:]))
    proven = Transcript(b"VRF")
    proven.append(b"proto-name", b"DLEQProof")
    proven.append(b"vrf:h", _encode(point))
    proven.append(b"vrf:R=g^r", _encode(add(times(key, c), times(BASE, s))))
    proven.append(b"vrf:h^r", _encode(add(times(output, c), times(point, s))))
    proven.append(b"vrf:pk", account)
    proven.append(b"vrf:h^sk", proof[:32])
    if int.from_bytes(proven.challenge(b"prove", 64), "little") % ORDER != c:
        return None
    return int.from_bytes(blake(b"tea/lot/1" + seed + account + proof[:32])[:16], "little")


# Ristretto255 on extended coordinates (X, Y, Z, T)


def root_of_ratio(u, v):
    """RFC 9496, 4.2: whether u/v is a square, and its root or that of SQRT_M1·u/v, not negative"""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), _positive(r)


def _positive(x):
    return P - x if x & 1 else x


def _decode(data):
    s = int.from_bytes(data, "little")
    need(len(data) == 32 and s < P and s & 1 == 0, "no Ristretto point")
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, inverse = root_of_ratio(1, v * u2 * u2 % P)
    dx, dy = inverse * u2 % P, 0
    dy = inverse * dx * v % P
    x, y = _positive(2 * s * dx % P), u1 * dy % P
    need(square and x * y % P & 1 == 0 and y != 0, "no Ristretto point")
    return x, y, 1, x * y % P


def _encode(point):
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    _, inverse = root_of_ratio(1, u1 * u2 * u2 % P)
    d1, d2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = d1 * d2 * t % P
    if t * z_inverse % P & 1:
        x, y, d = y * SQRT_M1 % P, x * SQRT_M1 % P, d1 * INVSQRT_A_MINUS_D % P
    else:
        d = d2
    if x * z_inverse % P & 1:
        y = -y % P
    return _positive(d * (z - y) % P).to_bytes(32, "little")


def _elligator(data):
    """RFC 9496, 4.3.4"""
    t = int.from_bytes(data, "little") & (2**255 - 1)
    r = SQRT_M1 * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    square, s = root_of_ratio(u, v)
    c = -1
    if not square:
        s, c = -_positive(s * t % P) % P, r
    n = (c * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1, w2, w3 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P, (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def add(a, b):
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * D * a[3] * b[3] % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, z - t, z + t, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(point, k):
    sum_ = (0, 1, 1, 0)
    for bit in bin(k)[2:]:
        sum_ = add(sum_, sum_)
        if bit == "1":
            sum_ = add(sum_, point)
    return sum_


BASE_Y = 4 * pow(5, -1, P) % P
BASE_X = root_of_ratio((BASE_Y * BASE_Y - 1) % P, (D * BASE_Y * BASE_Y + 1) % P)[1]
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)

# Merlin on STROBE-128

RATE = 166
_ROUNDS = (0x1, 0x8082, 0x800000000000808A, 0x8000000080008000, 0x808B, 0x80000001, 0x8000000080008081, 0x8000000000008009, 0x8A, 0x88, 0x80008009, 0x8000000A)
_ROUNDS += (0x8000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x800A, 0x800000008000000A)
_ROUNDS += (0x8000000080008081, 0x8000000000008080, 0x80000001, 0x8000000080008008)


def _keccak(state):
    turn = lambda value, by: (value << by | value >> 64 - by) & (2**64 - 1) if by else value
    lanes = [[int.from_bytes(state[8 * (x + 5 * y) : 8 * (x + 5 * y) + 8], "little") for y in range(5)] for x in range(5)]
    for constant in _ROUNDS:
        c = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        d = [c[(x - 1) % 5] ^ turn(c[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lanes[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], turn(current, (step + 1) * (step + 2) // 2 % 64)
        lanes = [[lanes[x][y] ^ (~lanes[(x + 1) % 5][y] & lanes[(x + 2) % 5][y]) for y in range(5)] for x in range(5)]
        lanes[0][0] ^= constant
    for x in range(5):
        for y in range(5):
            state[8 * (x + 5 * y) : 8 * (x + 5 * y) + 8] = lanes[x][y].to_bytes(8, "little")


class Transcript:
    I, A, C, M = 1, 2, 4, 16

    def __init__(self, label):
        self.state = bytearray(200)
        self.state[:18] = bytes([1, RATE + 2, 1, 0, 1, 96]) + b"STROBEv1.0.2"
        _keccak(self.state)
        self.at = self.begin = 0
        self._absorb_as(self.M | self.A, b"Merlin v1.0")
        self.append(b"dom-sep", label)

    def append(self, label, message):
        self._absorb_as(self.M | self.A, label + len(message).to_bytes(4, "little"))
        self._absorb_as(self.A, message)

    def challenge(self, label, size):
        self._absorb_as(self.M | self.A, label + size.to_bytes(4, "little"))
        self._begin(self.I | self.A | self.C)
        taken = bytearray()
        for _ in range(size):
            taken.append(self.state[self.at])
            self.state[self.at] = 0
            self._forward()
        return bytes(taken)

    def _absorb_as(self, flags, data):
        self._begin(flags)
        self._absorb(data)

    def _begin(self, flags):
        before, self.begin = self.begin, self.at + 1
        self._absorb(bytes([before, flags]))
        if flags & self.C and self.at:
            self._run()

    def _absorb(self, data):
        for byte in data:
            self.state[self.at] ^= byte
            self._forward()

    def _forward(self):
        self.at += 1
        if self.at == RATE:
            self._run()

    def _run(self):
        self.state[self.at] ^= self.begin
        self.state[self.at + 1] ^= 4
        self.state[RATE + 1] ^= 0x80
        _keccak(self.state)
        self.at = self.begin = 0
