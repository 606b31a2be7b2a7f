"""Evidence, reference values and policy: docs/attestation.md, with TPM structures by TCG's TPM 2.0 Library, Part 2."""

import struct
from hashlib import sha256 as _sha256

from certificates import appraise_chain
from formats import fields, need, read_cbor, write_cbor
from signatures import P256, P384, RsaKey, es256

PCRS = (0, 1, 2, 3, 4, 5, 6, 7, 9, 12)
ZERO = bytes(32)
CLASSES = ("simulated", "vtpm", "tpm", "tpm+memory-encryption")
#: every claim, in the order of a result
CLAIMS = """evidence.decodes ek.signatures ek.validity ek.authorities ek.revocation ek.usage ek.identity ak.attributes ak.node ak.activation
sealing.attributes sealing.certified sealing.policy quote.signature quote.binding quote.pcrSelection quote.pcrDigest binding.nonce binding.purpose
binding.chain binding.errand binding.account binding.sealingKey log.digests log.replay log.known pcr.unused referenceValues.provenance
referenceValues.validity referenceValues.rollback referenceValues.accepted policy.trustClass""".split()


def sha256(*parts):
    return _sha256(b"".join(parts)).digest()


def is_text(most, least=1):
    return lambda item: isinstance(item, str) and least <= len(item) <= most


def up_to(most):
    return lambda item: isinstance(item, bytes) and len(item) <= most


def is_uint(most):
    return lambda item: isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= most


def is_list(most, each, least=0):
    def holds(items):
        need(isinstance(items, list) and least <= len(items) <= most, "a list")
        for item in items:
            each(item)
        return True

    return holds


def pcr_value(item):
    return fields(item, index=is_uint(23), digest=32)


# messages


def evidence_of(data):
    need(len(data) <= 1 << 20, "at most 1 MiB")
    evidence = fields(
        read_cbor(data),
        v=lambda item: item == 1,
        ekCertificates=is_list(8, lambda der: need(isinstance(der, bytes) and len(der) <= 8192, "a certificate"), 1),
        akPublic=up_to(1024),
        sealing=dict,
        quote=dict,
        eventLog=up_to(1 << 20),
        binding=dict,
    )
    fields(evidence["sealing"], public=up_to(1024), attest=up_to(2048), signature=up_to(1024))
    fields(evidence["quote"], attest=up_to(2048), signature=up_to(1024), pcrs=is_list(24, pcr_value))
    binding = fields(
        evidence["binding"],
        domain=lambda item: item == "tea/evidence/1",
        purpose=lambda item: item in ("join", "errand"),
        chain=32,
        errand=lambda item: item is None or is_uint(2**64 - 1)(item),
        nonce=32,
        sealingKeyName=34,
        receiptKey=65,
        account=32,
    )
    need((binding["purpose"] == "errand") == (binding["errand"] is not None), "an errand exactly when the purpose is one")
    return evidence


def policy_of(data):
    policy = read_cbor(data)
    need(isinstance(policy, dict), "a map")
    extra = {"acceptance": lambda item: item == "onLayer1"} if "acceptance" in policy else {}
    root = lambda item: fields(item, name=is_text(128, 0), sha256=32, trustClass=lambda each: each in CLASSES[1:])
    fields(
        policy,
        v=lambda item: item == 1,
        name=is_text(128),
        version=lambda item: is_uint(2**32 - 1)(item) and item > 0,
        acceptedClasses=is_list(4, lambda item: need(item in CLASSES, "a trust class")),
        roots=is_list(256, root),
        referenceValues=dict,
        revocation=lambda item: item in ("ifGiven", "required"),
        **extra,
    )
    rule = policy["referenceValues"]
    if rule.get("accept") != "unsigned":
        key = lambda item: fields(item, name=is_text(128, 0), key=65)
        fields(rule, accept=lambda item: item == "signed", releaseKeys=is_list(64, key), minimumIssue=is_uint(2**32 - 1))
    else:
        fields(rule, accept=str)
    return policy


COSE_HEADER = {
    "receipt": bytes.fromhex("a10126"),
    "referenceValues": bytes.fromhex("a2012603") + write_cbor("application/vnd.tea.reference-values+cbor"),
}


def cose_of(data, kind):
    """payload, signature, and the bytes that were signed"""
    need(data[:1] == b"\xd2", "tag 18")
    header, unprotected, payload, signature = read_cbor(data[1:])
    need(header == COSE_HEADER[kind] and unprotected == {} and isinstance(payload, bytes) and len(signature) == 64, f"a signed {kind}")
    return payload, signature, write_cbor(["Signature1", header, b"", payload])


def _allowed(item):
    return fields(item, digest=32, version=is_text(64))


def reference_values_of(data):
    """name, version, events, and who vouches: None, or the statement with its signature"""
    if data[:1] != b"\xd2":
        event = lambda item: fields(item, pcr=is_uint(23), contentType=is_text(64), name=is_text(128), allowed=is_list(64, _allowed, 1))
        values = fields(
            read_cbor(data),
            v=lambda item: item == 1,
            name=is_text(128),
            version=is_text(64),
            mode=lambda item: item == "process",
            events=is_list(256, event, 1),
            provenance=lambda item: fields(item, kind=lambda kind: kind == "unsigned", note=is_text(256)),
        )
        return values["name"], values["version"], values["events"], None
    payload, signature, signed = cose_of(data, "referenceValues")
    ms = is_uint(2**53 - 1)
    statement = fields(
        read_cbor(payload),
        v=lambda item: item == 1,
        domain=lambda item: item == "tea/reference-values/1",
        id=is_text(128),
        version=is_text(64),
        issue=is_uint(2**32 - 1),
        issuedAtMs=ms,
        validity=lambda item: fields(item, notBeforeMs=ms, notAfterMs=ms) and item["notBeforeMs"] <= item["notAfterMs"],
        signer=lambda item: fields(item, name=is_text(128), key=65),
        triples=list,
    )
    events = []
    need(1 <= len(statement["triples"]) <= 256, "triples")
    for place, (environment, measurements) in enumerate(statement["triples"]):
        where = fields(environment, mode=lambda item: item == "process", place=lambda item: item == place, pcr=is_uint(23), contentType=is_text(64), name=is_text(128))
        is_list(64, _allowed, 1)(measurements)
        events.append({"pcr": where["pcr"], "contentType": where["contentType"], "name": where["name"], "allowed": measurements})
    return statement["id"], statement["version"], events, {**statement, "holds": es256(statement["signer"]["key"], signed, signature)}


# TPM structures


class Tpm:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        size = struct.calcsize(form)
        need(self.at + size <= len(self.data), "cut off")
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += size
        return value

    def u16(self):
        return self.take(">H")

    def u32(self):
        return self.take(">I")

    def bytes(self, size):
        need(self.at + size <= len(self.data), "cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def sized(self, most):
        size = self.u16()
        need(size <= most, "too long")
        return self.bytes(size)

    def end(self):
        need(self.at == len(self.data), "bytes behind the structure")


HASHES = {4: "sha1", 11: "sha256", 12: "sha384", 13: "sha512"}
RSASSA, RSAPSS, ECDSA, ECDH, NULL = 0x14, 0x16, 0x18, 0x19, 0x10
BITS = {"fixedTPM": 1, "fixedParent": 4, "sensitiveDataOrigin": 5, "userWithAuth": 6, "encryptedDuplication": 11, "restricted": 16, "decrypt": 17, "sign": 18, "x509sign": 19}
DEFINED = sum(1 << bit for bit in (1, 2, 4, 5, 6, 7, 10, 11, 16, 17, 18, 19))


def public_of(data):
    """TPMT_PUBLIC of an RSA or ECC key"""
    t = Tpm(data)
    kind, name_alg, attributes = t.u16(), t.u16(), t.u32()
    need(kind in (1, 0x23) and (name_alg in HASHES or name_alg == NULL) and not attributes & ~DEFINED, "an RSA or ECC area")
    area = {"kind": kind, "nameAlg": HASHES.get(name_alg), "attributes": attributes, "policy": t.sized(64), "name": data[2:4] + sha256(data)}
    if t.u16() != NULL:  # symmetric
        t.u16(), t.u16()
    area["scheme"] = t.u16()
    schemes = (RSASSA, RSAPSS, 0x17) if kind == 1 else (ECDSA, ECDH)
    need(area["scheme"] in (*schemes, NULL, *((0x15,) if kind == 1 else ())), "a scheme of the key")
    area["hash"] = HASHES[t.u16()] if area["scheme"] in schemes else None
    if kind == 1:
        area["bits"], exponent = t.u16(), t.u32()
        modulus = t.sized(512)
        area["usual"] = exponent in (0, 65537)
        area["key"] = RsaKey(int.from_bytes(modulus, "big"), exponent or 65537)
    else:
        area["curve"] = {3: "P-256", 4: "P-384", 5: "P-521"}[t.u16()]
        if t.u16() != NULL:
            t.u16()
        area["x"], area["y"] = t.sized(66), t.sized(66)
    t.end()
    return area


def sec1(area, size=32):
    return b"\x04" + area["x"].rjust(size, b"\0") + area["y"].rjust(size, b"\0")


def attest_of(data):
    """TPMS_ATTEST of TPM2_Quote or TPM2_Certify"""
    t = Tpm(data)
    need(t.u32() == 0xFF544347, "TPM_GENERATED_VALUE")
    kind = {0x8018: "quote", 0x8017: "certify"}[t.u16()]
    t.sized(66)
    attest = {"kind": kind, "extra": t.sized(66), "clock": t.take(">Q"), "resets": t.u32(), "restarts": t.u32()}
    need(t.take(">B") <= 1, "a yes or no")
    t.take(">Q")
    if kind == "certify":
        attest["name"] = t.sized(66)
        t.sized(66)
    else:
        count = t.u32()
        need(count <= 16, "at most 16 banks")
        attest["select"] = []
        for _ in range(count):
            bank = HASHES[t.u16()]
            need(t.take(">B") == 3, "three bytes of selection")
            chosen = t.bytes(3)
            attest["select"].append((bank, tuple(pcr for pcr in range(24) if chosen[pcr // 8] >> pcr % 8 & 1)))
        attest["digest"] = t.sized(64)
    t.end()
    return attest


def signed_by(area, message, signature):
    """TPMT_SIGNATURE over message, in the scheme that the area fixes"""
    t = Tpm(signature)
    scheme, hash_name = t.u16(), HASHES[t.u16()]
    need(scheme in (RSASSA, RSAPSS, ECDSA), "a scheme")
    parts = [t.sized(512)] if scheme != ECDSA else [t.sized(66), t.sized(66)]
    t.end()
    if scheme != area["scheme"] or hash_name != area["hash"] or hash_name == "sha1":
        return False
    if scheme == RSASSA:
        need(area["key"].n.bit_length() > area["bits"] - 8, "as many bits as it says")
        return area["key"].signed(message, parts[0], hash_name)
    curve = {"P-256": P256, "P-384": P384}.get(area.get("curve"))
    if scheme != ECDSA or curve is None:
        return False
    return curve.signed(curve.point(sec1(area, curve.size)), message, *(int.from_bytes(part, "big") for part in parts), hash_name)


def covers(attest, pcrs):
    """whether a quote selects just the evidence PCRs, and these are listed"""
    return attest["kind"] == "quote" and attest["select"] == [("sha256", PCRS)] and tuple(pcr["index"] for pcr in pcrs) == PCRS


def digests(attest, pcrs):
    return attest["kind"] == "quote" and attest["digest"] == sha256(*(pcr["digest"] for pcr in pcrs))


# event log


def log_of(data):
    records = read_cbor(data)
    need(isinstance(records, list) and len(records) <= 4096, "at most 4096 records")
    for record in records:
        fields(record, recnum=is_uint(4096), pcr=is_uint(23), digests=list, content_type=is_text(64), content=dict)
        need(len(record["digests"]) == 1, "one digest")
        fields(record["digests"][0], hashAlg=lambda item: item == "sha256", digest=32)
        need(all(len(name) <= 64 and not isinstance(item, (list, dict)) for name, item in record["content"].items()), "flat content")
    return [{**record, "digest": record["digests"][0]["digest"]} for record in records]


def replay(records):
    values = {}
    for record in records:
        values[record["pcr"]] = sha256(values.get(record["pcr"], ZERO), record["digest"])
    return values


# the appraisal


def has(area, *, set_, clear):
    on = lambda name: area["attributes"] >> BITS[name] & 1
    return all(map(on, set_)) and not any(map(on, clear))


def appraise(evidence, values, policy, expected, activation, at_ms):
    """@returns claims by name (True, False, None for can't tell), the trust class, and facts for the receipt"""
    claims, facts, broken = dict.fromkeys(CLAIMS, False), {}, []
    if "acceptance" not in policy:
        del claims["referenceValues.accepted"]
    else:
        claims["referenceValues.accepted"] = None
    binding, quote, sealing = evidence["binding"], evidence["quote"], evidence["sealing"]
    trust_class = "simulated"

    def part(judge):
        try:
            judge()
        except Exception as refused:
            broken.append(str(refused))

    def certificates():
        nonlocal trust_class
        found, trust_class = appraise_chain(evidence["ekCertificates"], policy["roots"], at_ms)
        claims.update(found)
        claims["policy.trustClass"] = trust_class in policy["acceptedClasses"]

    def attestation_key():
        ak = public_of(evidence["akPublic"])
        need(ak["nameAlg"] == "sha256", "a SHA-256 Name")
        signs = (ak["kind"] == 1 and ak["bits"] >= 2048 and ak["usual"] and ak["scheme"] == RSASSA) or (ak["kind"] == 0x23 and ak["scheme"] == ECDSA)
        kept = ("fixedTPM", "fixedParent", "sensitiveDataOrigin")
        wanted = has(ak, set_=("restricted", "sign", *kept), clear=("decrypt", "encryptedDuplication", "x509sign"))
        claims["ak.attributes"] = wanted and signs and ak["hash"] == "sha256"
        claims["ak.node"] = ak["name"][2:] == expected["node"]
        certificate = sha256(evidence["ekCertificates"][0])
        recorded = activation["kind"] == "performed" and (activation["akName"], activation["ekCertificate"]) == (ak["name"], certificate)
        claims["ak.activation"] = None if recorded else False
        facts["node"] = ak["name"][2:]

    def event_log():
        log, events = log_of(evidence["eventLog"]), values[2]
        facts["known"] = len(log) == len(events) and all(
            record["pcr"] == event["pcr"] and record["content_type"] == event["contentType"] and record["digest"] in [each["digest"] for each in event["allowed"]]
            for record, event in zip(log, events)
        )
        facts["replayed"] = replay(log)
        content = lambda record: write_cbor({"content_type": record["content_type"], "content": record["content"]})
        claims["log.digests"] = all(sha256(content(record)) == record["digest"] for record in log)
        places = [record["recnum"] for record in log] == list(range(len(log)))
        within = set(facts["replayed"]) <= set(PCRS)
        claims["log.replay"] = places and within and all(facts["replayed"].get(pcr["index"], ZERO) == pcr["digest"] for pcr in quote["pcrs"])
        claims["log.known"] = facts["known"]
        used = {event["pcr"] for event in events}
        claims["pcr.unused"] = all(pcr["index"] in used or pcr["digest"] == ZERO for pcr in quote["pcrs"])

    def sealing_key():
        ak, key, attest = public_of(evidence["akPublic"]), public_of(sealing["public"]), attest_of(sealing["attest"])
        need(key["nameAlg"] == "sha256", "a SHA-256 Name")
        first = replay([{"pcr": event["pcr"], "digest": event["allowed"][0]["digest"]} for event in values[2]])
        state = facts["replayed"] if facts.get("known") else first
        digest = sha256(*(state.get(pcr, ZERO) for pcr in PCRS))
        selected = sum(1 << pcr for pcr in PCRS).to_bytes(3, "little")
        policy_digest = sha256(ZERO, struct.pack(">IIHB", 0x17F, 1, 11, 3), selected, digest)
        clear = ("userWithAuth", "restricted", "sign", "encryptedDuplication", "x509sign")
        wanted = has(key, set_=("decrypt", "fixedTPM", "fixedParent", "sensitiveDataOrigin"), clear=clear)
        claims["sealing.attributes"] = wanted and key["kind"] == 0x23 and key["curve"] == "P-256" and key["scheme"] in (ECDH, NULL)
        signed = signed_by(ak, sealing["attest"], sealing["signature"])
        claims["sealing.certified"] = signed and attest["kind"] == "certify" and attest["name"] == key["name"]
        claims["sealing.policy"] = key["policy"] == policy_digest
        claims["binding.sealingKey"] = binding["sealingKeyName"] == key["name"]

    def quoted():
        ak, attest = public_of(evidence["akPublic"]), attest_of(quote["attest"])
        claims["quote.signature"] = signed_by(ak, quote["attest"], quote["signature"]) and attest["kind"] == "quote"
        claims["quote.binding"] = attest["extra"] == sha256(write_cbor(binding))
        claims["quote.pcrSelection"] = covers(attest, quote["pcrs"])
        claims["quote.pcrDigest"] = digests(attest, quote["pcrs"])
        for name in ("nonce", "purpose", "chain", "errand", "account"):
            claims[f"binding.{name}"] = binding[name] == expected[name]
        facts.update(ak=ak, quote=attest, pcrs=quote["pcrs"], receiptKey=binding["receiptKey"])

    for judge in (certificates, attestation_key, event_log, sealing_key, quoted):
        part(judge)
    vouched, rule = values[3], policy["referenceValues"]
    keys = [key["key"] for key in rule.get("releaseKeys", [])]
    unsigned = rule["accept"] == "unsigned"
    claims["referenceValues.provenance"] = unsigned if vouched is None else vouched["holds"] and (unsigned or vouched["signer"]["key"] in keys)
    within = vouched is None or vouched["validity"]["notBeforeMs"] <= at_ms <= vouched["validity"]["notAfterMs"]
    claims["referenceValues.validity"] = within
    claims["referenceValues.rollback"] = vouched is None or vouched["issue"] >= rule.get("minimumIssue", 0)
    claims["evidence.decodes"] = not broken
    return claims, trust_class, facts
