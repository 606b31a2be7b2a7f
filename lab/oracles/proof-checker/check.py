"""
A second reader of proof files, written from docs/proof-format.md and docs/attestation.md, in the standard library of Python 3.11 alone.

    python3 check.py FILE ...    one line of JSON a file: the verdict, the claims that fail, those that can't be told

It pins nothing, and compares no texts for people.
"""

import json
import sys
from hashlib import sha256 as _sha256

from appraisal import CLASSES, appraise, attest_of, cose_of, covers, digests, evidence_of, is_list, is_text, is_uint, policy_of, reference_values_of, sha256, signed_by
from finality import finality_holds
from formats import fields, from_base64url, need, read_cbor, read_json, write_cbor, write_json
from layer1 import OUTCOMES, State, blake, draw_of, entry, errand_of, header_of, node_of, u64
from lots import lot_of
from signatures import es256

#: what no file can settle, so that it does not keep the verdict open
OUTSIDE = """chain.genesis chain.block chain.finality selection.draw selection.seed selection.lots referenceValues.pinned attestation.ak.activation
attestation.ek.revocation attestation.referenceValues.accepted""".split()
WRITERS_WORD = ("ak.activation", "ek.revocation", "referenceValues.accepted")
uint = is_uint(2**53 - 1)


def read_file(data):
    proof = read_json(data)
    need(write_json(proof).encode() == data, "the canonical serialisation")
    at_most = lambda size, least=0: lambda item: least <= len(from_base64url(item)) <= size
    exactly = lambda size: at_most(size, size)
    each = lambda most, size: is_list(most, lambda item: need(at_most(size)(item), "bytes"))
    chain = proof["chain"]
    more = {"selection": each(1024, 1 << 20)} if "selection" in chain else {}
    if "finality" in chain:
        changes = lambda items: is_list(256, lambda item: fields(item, header=at_most(1 << 16), proof=at_most(1 << 20)))(items)
        changed = {"setChanges": changes} if "setChanges" in chain["finality"] else {}
        final = dict(genesisHeader=at_most(1 << 12), authoritiesProof=each(64, 1 << 16), proof=at_most(1 << 20), **changed)
        more |= {"finality": lambda item: fields(item, **final) is not None}
    fields(proof, **dict.fromkeys("format chain errand evidence activation referenceValues policy result receipt releases digest".split(), lambda item: True))
    need(proof["format"] == "tea/proof/1", "the format")
    fields(chain, genesisHash=exactly(32), header=at_most(1 << 16), storageProof=each(1024, 1 << 20), key=at_most(256), **more)
    fields(proof["errand"], id=lambda item: isinstance(item, str) and str(int(item)) == item and 0 <= int(item) < 2**64, record=at_most(1 << 20))
    need(at_most(1 << 20)(proof["evidence"]) and at_most(1 << 20)(proof["referenceValues"]) and at_most(1 << 18)(proof["policy"]), "bytes")
    if proof["activation"] != {"kind": "missing"}:
        fields(proof["activation"], kind=lambda item: item == "performed", akName=exactly(34), **dict.fromkeys(("ekCertificate", "challenge", "response"), exactly(32)))
    texts = dict(id=is_text(64, 0), title=is_text(256, 0), expected=is_text(4096, 0), actual=is_text(4096, 0), next=is_text(1024, 0), source=is_text(256, 0))
    claim = lambda item: fields(item, ok=lambda ok: ok is None or isinstance(ok, bool), **texts)
    fields(
        proof["result"],
        v=lambda item: item == 1,
        verdict=lambda item: item in ("affirming", "warning", "contraindicated", "none"),
        trustClass=lambda item: item in CLASSES,
        claims=is_list(256, claim),
        evidence=exactly(32),
        policy=lambda item: fields(item, name=is_text(128, 0), version=uint, digest=exactly(32)),
        referenceValues=lambda item: fields(item, name=is_text(128, 0), version=is_text(64, 0), digest=exactly(32)),
        appraisedAtMs=is_uint(8_640_000_000_000_000),
    )
    receipt, pcr = proof["receipt"], lambda item: fields(item, index=is_uint(23), digest=exactly(32))
    fields(receipt, cose=at_most(1 << 16), inclusion=dict, quote=dict)
    fields(receipt["inclusion"], index=uint, size=uint, path=is_list(32, lambda item: need(exactly(32)(item), "a hash")))
    fields(receipt["quote"], root=exactly(32), size=uint, attest=at_most(2048), signature=at_most(1024), pcrs=is_list(24, pcr))
    each(128, 4096)(proof["releases"])
    digest = proof.pop("digest")
    need(_sha256(write_json(proof).encode()).digest() == from_base64url(digest), "the digest")
    return proof


def receipt_of(payload):
    content = lambda item: fields(item, cid=is_text(128, 0), sha256=32)
    maybe = lambda judge: lambda item: item is None or judge(item)
    u64_ = is_uint(2**64 - 1)
    receipt = read_cbor(payload)
    extra = {"entropic": lambda item: item is True} if "entropic" in receipt else {}
    return fields(
        receipt,
        v=lambda item: item == 1,
        domain=lambda item: item == "tea/receipt/1",
        **dict.fromkeys(("chain", "node", "evidence", "seed"), 32),
        **dict.fromkeys(("errand", "gasUsed", "gasLimit"), u64_),
        **dict.fromkeys(("input", "result"), maybe(content)),
        trustClass=lambda item: item in CLASSES,
        code=content,
        data=is_list(64, content),
        outcome=lambda item: item in OUTCOMES,
        exitCode=maybe(lambda item: isinstance(item, int) and not isinstance(item, bool) and -(2**31) <= item < 2**31),
        meterVersion=is_text(64),
        isolation=is_text(64),
        instrumentedSha256=maybe(lambda item: isinstance(item, bytes) and len(item) == 32),
        clockMs=uint,
        startedAtBlock=is_uint(2**32 - 1),
        **extra,
    )


def included(inclusion, leaf, root):
    """RFC 9162, 2.1.3.2"""
    fn, sn, found = inclusion["index"], inclusion["size"] - 1, leaf
    if fn > sn:
        return False
    for sibling in map(from_base64url, inclusion["path"]):
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = sha256(b"\x01", sibling, found)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = sha256(b"\x01", found, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == root


def selection_of(claims, chain, number, errand, state_root):
    chosen = errand["selection"]
    claims["selection.draw"] = None
    if "selection" not in chain or chosen is None:
        return
    try:
        state = State(state_root, list(map(from_base64url, chain["selection"])))
        draw_number = int.from_bytes(state.read(entry("Errands", "DrawOf", u64(number))), "little")
        draw = draw_of(state.read(entry("Sortition", "Draws", u64(draw_number))))
        at = draw["round"]
        parent = state.read(entry("System", "BlockHash", (at["fixedAt"] - 1).to_bytes(4, "little")))
        nodes = [state.read(entry("Nodes", "Nodes", claim["node"], "blake2")) for claim in draw["claims"]]
        state.end()
        nodes = [None if node is None else node_of(node) for node in nodes]
        accounts = [None if node is None or node["registeredAt"] > draw["openedAt"] else node["account"] for node in nodes]
    except Exception:
        claims["selection.draw"] = False
        return
    most, electorate = 2**128 - 1, at["electorate"]
    expected = [first * 4 ** at["number"] for first in ((16,) if draw["about"][0] == "committee" else (3, 8))]
    thresholds = [most if each >= electorate else most // electorate * each for each in expected]
    claims["selection.draw"] = (
        draw["about"] == ("executor", number)
        and draw["ended"]
        and (at["seed"], electorate) == (chosen["seed"], chosen["candidates"])
        and at["threshold"] in thresholds
        and blake(b"".join(claim["node"] + claim["proof"] for claim in draw["claims"])) == chosen["candidatesDigest"]
    )
    seed = None if parent is None else blake(b"tea/draw" + parent + u64(draw_number) + at["number"].to_bytes(4, "little"))
    claims["selection.seed"] = None if seed is None else seed == at["seed"]
    shown, sound = draw["claims"], True
    for place, claim in enumerate(shown):
        account = chosen["teeAccount"] if claim["node"] == chosen["node"] else accounts[place]
        lot = claim["lot"] if account is None else lot_of(account, at["seed"], claim["proof"])
        sound = sound and lot == claim["lot"] and lot < at["threshold"] and (place == 0 or shown[place - 1]["lot"] <= lot)
    places = [place for place, claim in enumerate(shown) if claim["node"] == chosen["node"]]
    claims["selection.lots"] = False if not places or not sound else True if places[0] == 0 else None


def releases_hold(proof, errand, receipt, genesis, evidence_digest):
    sealed = [part for part in errand["parts"] if part["sealed"]]
    if len(sealed) != len(proof["releases"]):
        return False
    terms = {
        "domain": "tea/errand-terms/1",
        **{name: errand[name] for name in ("consumer", "code", "data", "gasLimit", "policy", "resultKey")},
        "input": errand["input"] and {"sha256": errand["input"]["sha256"], "sealed": errand["input"]["sealed"]},
        "parts": [{name: part[name] for name in ("part", "owner", "sealed", "sha256")} for part in errand["parts"]],
    }
    for part, data in zip(sealed, map(from_base64url, proof["releases"])):
        release = read_cbor(data)
        need(len(release["enc"]) == 65 and len(release["ciphertext"]) == 48, "HPKE")
        wanted = {
            "domain": "tea/release/1",
            "chain": genesis,
            "errand": int(proof["errand"]["id"]),
            "part": part["part"],
            "node": errand["selection"]["node"],
            "evidence": evidence_digest,
            "terms": sha256(write_cbor(terms)),
            "content": part["sha256"],
            **{name: release[name] for name in ("expiresAtBlock", "enc", "ciphertext")},
        }
        if release != wanted or part["release"] is None or part["release"][0] != sha256(data) or release["expiresAtBlock"] < receipt["startedAtBlock"]:
            return False
    return True


def receipt_holds(claims, proof, errand, facts, trust_class, genesis, evidence_digest):
    bundle = proof["receipt"]
    cose, quote = from_base64url(bundle["cose"]), bundle["quote"]
    root = from_base64url(quote["root"])
    claims["receipt.inclusion"] = bundle["inclusion"]["size"] == quote["size"] and included(bundle["inclusion"], sha256(b"\x00", cose), root)
    try:
        attest = attest_of(from_base64url(quote["attest"]))
        pcrs = [{"index": pcr["index"], "digest": from_base64url(pcr["digest"])} for pcr in quote["pcrs"]]
        over = sha256(write_cbor({"domain": "tea/receipts/1", "chain": genesis, "root": root, "size": quote["size"]}))
        signed = signed_by(facts["ak"], from_base64url(quote["attest"]), from_base64url(quote["signature"]))
        claims["receipt.quote"] = attest["kind"] == "quote" and signed and attest["extra"] == over
        before = facts["quote"]
        same_boot = (attest["resets"], attest["restarts"]) == (before["resets"], before["restarts"]) and attest["clock"] >= before["clock"]
        claims["receipt.state"] = covers(attest, pcrs) and digests(attest, pcrs) and pcrs == facts["pcrs"] and same_boot
    except Exception:
        claims["receipt.quote"] = False
    try:
        payload, signature, signed_bytes = cose_of(cose, "receipt")
        receipt = receipt_of(payload)
    except Exception:
        claims["receipt.signature"] = False
        return
    number, run = int(proof["errand"]["id"]), errand["run"]
    claims["receipt.signature"] = es256(facts["receiptKey"], signed_bytes, signature)
    claims["receipt.binding"] = tuple(receipt[name] for name in ("chain", "errand", "node", "evidence")) == (genesis, number, facts["node"], evidence_digest)
    claims["receipt.trustClass"] = CLASSES.index(receipt["trustClass"]) <= CLASSES.index(trust_class)
    claims["receipt.sane"] = receipt["gasUsed"] <= receipt["gasLimit"] and (receipt["outcome"] != "ok" or receipt["result"] is not None)
    claims["receipt.recorded"] = run is not None and run["receipt"] == sha256(cose)
    ordered = {part["part"]: part["sha256"] for part in errand["parts"]}
    data = [ordered.get(f"data/{place}") for place in range(len([name for name in ordered if name.startswith("data/")]))]
    claims["receipt.errand"] = (
        run is not None
        and errand["evidence"] is not None
        and receipt["code"]["sha256"] == ordered.get("code")
        and [item["sha256"] for item in receipt["data"]] == data
        and (receipt["input"] or {"sha256": None})["sha256"] == ordered.get("input")
        and (receipt["outcome"], receipt["gasUsed"], receipt["gasLimit"]) == (run["outcome"], run["gasUsed"], errand["gasLimit"])
        and errand["evidence"]["atBlock"] <= receipt["startedAtBlock"] <= run["atBlock"]
    )
    try:
        claims["releases.recorded"] = releases_hold(proof, errand, receipt, genesis, evidence_digest)
    except Exception:
        claims["releases.recorded"] = False


def verdict_of(claims, policy):
    failed = [name for name, ok in claims.items() if ok is False]
    if any(name != "ak.activation" for name in failed):
        return "contraindicated"
    unsettled = any(ok is None and not (name == "ek.revocation" and policy["revocation"] == "ifGiven") for name, ok in claims.items())
    return "warning" if failed or unsettled else "affirming"


def repeats(written, claims, trust_class, digest_of, names, policy):
    """the result in the file against ours, but for the writer's word and texts for people"""
    theirs = {claim["id"]: claim["ok"] for claim in written["claims"] if claim["id"] in WRITERS_WORD}
    told = {name: theirs.get(name, ok) if name in WRITERS_WORD else ok for name, ok in claims.items()}
    sound = all(ok is not False for ok in claims.values())
    named = lambda item: (item["name"], item["version"], from_base64url(item["digest"]))
    return (
        [claim["id"] for claim in written["claims"]] == list(claims)
        and all(claim["ok"] == told[claim["id"]] for claim in written["claims"])
        and (written["verdict"], written["trustClass"]) == (verdict_of(told if sound else claims, policy), trust_class)
        and from_base64url(written["evidence"]) == digest_of["evidence"]
        and named(written["policy"]) == (policy["name"], policy["version"], digest_of["policy"])
        and named(written["referenceValues"]) == (*names, digest_of["referenceValues"])
    )


def check(data):
    """@returns claims by name: True, False, or None for can't tell"""
    try:
        proof = read_file(data)
    except Exception as refused:
        return {"file.format": False}, str(refused)
    claims = {"file.format": True, "chain.genesis": None}
    chain, number = proof["chain"], int(proof["errand"]["id"])
    genesis, record = from_base64url(chain["genesisHash"]), from_base64url(proof["errand"]["record"])
    try:
        header = header_of(from_base64url(chain["header"]))
        claims["chain.block"] = None
        state = State(header["state"], list(map(from_base64url, chain["storageProof"])))
        key = from_base64url(chain["key"])
        proven = state.read(key)
        state.end()
        claims["chain.record"] = key == entry("Errands", "Errands", u64(number)) and proven == record
        errand = errand_of(record)
        settled = errand["state"] == "Settled"
        claims["errand.settled"] = errand["settled"] is not None if settled else False if errand["state"] == "Refunded" else None
    except Exception:
        claims["chain.record"], errand = False, None
    claims["chain.finality"] = None
    if "finality" in chain:
        try:
            claims["chain.finality"] = finality_holds(genesis, from_base64url(chain["header"]), _decoded(chain["finality"]))
        except Exception:
            claims["chain.finality"] = False
    try:
        policy, values = policy_of(from_base64url(proof["policy"])), reference_values_of(from_base64url(proof["referenceValues"]))
    except Exception:
        return {**claims, "errand.policy": False}, ""
    claims["referenceValues.pinned"] = None
    if errand is None:
        return claims, ""
    selection_of(claims, chain, number, errand, header["state"])
    evidence = from_base64url(proof["evidence"])
    digest_of = {name: sha256(from_base64url(proof[name])) for name in ("evidence", "policy", "referenceValues")}
    claims["evidence.recorded"] = errand["evidence"] is not None and errand["evidence"]["digest"] == digest_of["evidence"]
    claims["errand.policy"] = errand["policy"] == digest_of["policy"]
    chosen = errand["selection"] or {"seed": bytes(32), "node": bytes(32), "teeAccount": bytes(32)}
    expected = {"purpose": "errand", "chain": genesis, "errand": number, "nonce": chosen["seed"], "node": chosen["node"], "account": chosen["teeAccount"]}
    activation = {name: item if name == "kind" else from_base64url(item) for name, item in proof["activation"].items()}
    try:
        attested, trust_class, facts = appraise(evidence_of(evidence), values, policy, expected, activation, proof["result"]["appraisedAtMs"])
    except Exception:
        return {**claims, "attestation.evidence.decodes": False, "result.repeats": False}, ""
    claims.update({f"attestation.{name}": ok for name, ok in attested.items()})
    claims["result.repeats"] = repeats(proof["result"], attested, trust_class, digest_of, values[:2], policy)
    if False not in attested.values():
        receipt_holds(claims, proof, errand, facts, trust_class, genesis, digest_of["evidence"])
    return claims, ""


def _decoded(value):
    """byte strings in place of base64url"""
    if isinstance(value, dict):
        return {name: _decoded(item) for name, item in value.items()}
    return list(map(_decoded, value)) if isinstance(value, list) else from_base64url(value)


def report(claims):
    failed = sorted(name for name, ok in claims.items() if ok is False)
    unsettled = sorted(name for name, ok in claims.items() if ok is None)
    verdict = "fails" if failed else "cannotTell" if set(unsettled) - set(OUTSIDE) else "holds"
    return {"verdict": verdict, "failed": failed, "open": unsettled}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            found, why = check(file.read())
        print(json.dumps({**report(found), "why": why}), flush=True)
