"""The EK certificate chain: RFC 5280 and the TCG EK credential profile, as docs/attestation.md asks of it."""

import re
from datetime import datetime, timezone
from hashlib import sha256

from formats import Der, need, one_der
from signatures import P256, P384, RsaKey

RSA, EC = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
CURVES = {"1.2.840.10045.3.1.7": P256, "1.3.132.0.34": P384}
ALGORITHMS = {
    "1.2.840.113549.1.1.11": (RSA, "sha256"),
    "1.2.840.113549.1.1.12": (RSA, "sha384"),
    "1.2.840.113549.1.1.13": (RSA, "sha512"),
    "1.2.840.10045.4.3.2": (EC, "sha256"),
    "1.2.840.10045.4.3.3": (EC, "sha384"),
    "1.2.840.10045.4.3.4": (EC, "sha512"),
}
BASIC, USAGE, PURPOSES, ALTERNATIVE, POLICIES = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17", "2.5.29.32"
UNDERSTOOD, EK_PURPOSE = (BASIC, USAGE, PURPOSES, ALTERNATIVE, POLICIES), "2.23.133.8.1"
TPM_NAMES = {"2.23.133.2.1": "manufacturer", "2.23.133.2.2": "model", "2.23.133.2.3": "version"}


def _bits(element):
    need(element.tag == 3 and element.content[:1] == b"\x00", "whole bytes")
    return element.content[1:]


def _integer(element):
    content = element.content
    need(element.tag == 2 and content, "an integer")
    need(len(content) == 1 or (content[0], content[1] >> 7) not in ((0, 0), (255, 1)), "the shortest integer")
    return int.from_bytes(content, "big", signed=True)


def _time(element):
    text = element.content.decode("ascii")
    need(element.tag in (0x17, 0x18), "a time")
    if element.tag == 0x17:
        text = ("19" if text >= "5" else "20") + text
    need(re.fullmatch(r"\d{14}Z", text), "a time to the second, in Z")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc).timestamp() * 1000


class Certificate:
    def __init__(self, der):
        self.der = der
        outer = one_der(der)
        need(outer.tag == 0x30, "a certificate")
        tbs, algorithm, signature = outer.members()
        members = tbs.members()
        version = members.pop(0) if members[0].tag == 0xA0 else None
        _integer(members[0])
        need(members[1].whole == algorithm.whole, "the same algorithm inside and outside")
        _, _, issuer, validity, subject, spki, *rest = members
        need([each.tag for each in (tbs, algorithm, issuer, validity, subject, spki)] == [0x30] * 6, "sequences")
        self.tbs, self.signature, self.issuer, self.subject = tbs.whole, _bits(signature), issuer.whole, subject.whole
        self.not_before, self.not_after = map(_time, validity.members())
        self.algorithm = algorithm.members()[0].oid()
        key_algorithm, key_bits = spki.members()
        self.kind, *parameters = key_algorithm.members()
        self.kind = self.kind.oid()
        self.curve = CURVES.get(parameters[0].oid()) if self.kind == EC and parameters and parameters[0].tag == 6 else None
        self.key = _bits(key_bits)
        extensions = [each for each in rest if each.tag == 0xA3]
        need(not extensions or (version and _integer(one_der(version.content)) == 2), "version 3")
        need(all(each.tag in (0x81, 0x82, 0xA3) for each in rest), "nothing else")
        self.extensions = {}
        for each in one_der(extensions[0].content).members() if extensions else []:
            name, *critical, value = each.members()
            need(name.oid() not in self.extensions and value.tag == 4, "each extension once")
            need(all(flag.tag == 1 and flag.content in (b"\x00", b"\xff") for flag in critical), "a boolean")
            self.extensions[name.oid()] = (bool(critical) and critical[0].content == b"\xff", value.content)

    def _extension(self, oid):
        return one_der(self.extensions[oid][1]) if oid in self.extensions else None

    def authority(self):
        """whether it is a CA, and its path length"""
        found = self._extension(BASIC)
        members = found.members() if found else []
        is_ca = bool(members) and members[0].tag == 1 and members[0].content == b"\xff"
        lengths = [_integer(each) for each in members if each.tag == 2]
        return is_ca, lengths[0] if lengths else None

    def may(self, bit):
        found = self._extension(USAGE)
        return found is not None and found.tag == 3 and len(found.content) > 1 and found.content[1 + bit // 8] >> (7 - bit % 8) & 1 == 1

    def purposes(self):
        found = self._extension(PURPOSES)
        return [each.oid() for each in found.members()] if found else []

    def policies_known(self):
        """no qualifiers but those of RFC 5280, 4.2.1.4"""
        found = self._extension(POLICIES)
        for policy in found.members() if found else []:
            _, *qualifiers = policy.members()
            for qualifier in qualifiers[0].members() if qualifiers else []:
                if qualifier.members()[0].oid() not in ("1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"):
                    return False
        return True

    def tpm(self):
        """the TPM's maker, model and version; None without the extension"""
        found = self._extension(ALTERNATIVE)
        if found is None:
            return None
        names = {}
        for name in found.members():
            for part in Der(name.content).members() if name.tag == 0xA4 else []:
                for attribute in part.members():
                    kind, value = attribute.members()
                    if kind.oid() in TPM_NAMES:
                        names[TPM_NAMES[kind.oid()]] = value.content.decode("utf-8", "replace")
        return names

    def signed_by(self, issuer):
        kind, hash_name = ALGORITHMS.get(self.algorithm, (None, None))
        if kind is None or issuer.kind != kind:
            return False
        try:
            if kind == RSA:
                n, e = map(_integer, one_der(issuer.key).members())
                strong = n.bit_length() >= 2048 and e > 1 << 16 and e % 2 == 1
                return strong and RsaKey(n, e).signed(self.tbs, self.signature, hash_name)
            r, s = map(_integer, one_der(self.signature).members())
            return issuer.curve is not None and issuer.curve.signed(issuer.curve.point(issuer.key), self.tbs, r, s, hash_name)
        except Exception:
            return False


def appraise_chain(chain, roots, at_ms):
    """@returns claims by name, and the trust class"""
    certificates = [Certificate(der) for der in chain]
    pins = {root["sha256"]: root["trustClass"] for root in reversed(roots)}
    pin = lambda certificate: pins.get(sha256(certificate.der).digest())
    leaf, last = certificates[0], certificates[-1]
    linked = all(a.issuer == b.subject and a.signed_by(b) for a, b in zip(certificates, certificates[1:]))
    rooted = len(certificates) > 1 and (pin(last) is not None or (last.issuer == last.subject and last.signed_by(last)))
    issuing = all(not critical or oid in UNDERSTOOD for each in certificates for oid, (critical, _) in each.extensions.items())
    for below, each in enumerate(certificates[1:]):
        is_ca, length = each.authority()
        issuing = issuing and is_ca and each.may(5) and (length is None or below <= length)
    issuing = issuing and all(each.policies_known() for each in certificates)
    on_p256 = leaf.kind == EC and leaf.curve is P256
    usable = (on_p256 or leaf.kind == RSA) and not leaf.authority()[0] and leaf.may(4 if on_p256 else 2)
    if leaf.kind == RSA:
        usable = usable and _integer(one_der(leaf.key).members()[0]).bit_length() >= 2048
    tpm = leaf.tpm()
    classes = [found for found in map(pin, certificates[1:]) if found is not None]
    simulator = tpm is not None and tpm.get("model", "").lower().startswith("swtpm")
    claims = {
        "ek.signatures": linked and rooted,
        "ek.validity": all(each.not_before <= at_ms <= each.not_after for each in certificates),
        "ek.authorities": issuing,
        "ek.revocation": None,
        "ek.usage": usable and (EK_PURPOSE in leaf.purposes() or (not leaf.purposes() and certificates[1:] != [] and certificates[1].purposes() == [EK_PURPOSE])),
        "ek.identity": tpm is None or (len(tpm) == 3 and re.fullmatch("id:[0-9A-Fa-f]{8}", tpm["manufacturer"]) is not None),
    }
    return claims, classes[0] if classes and not simulator else "simulated"
