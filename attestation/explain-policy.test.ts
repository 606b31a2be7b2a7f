import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEvidence, parsePolicyDocument, policyDigest, writePolicyDocument, type AppraisalPolicy } from '@tea/protocol';
import { appraiseStored, explainPolicy, laptopPolicy, strictPolicy } from './index.ts';
import { honestNode, NOW } from './testing/scenario.ts';

const honest = await honestNode();
const bytes = (text: string) => new TextEncoder().encode(text);
const document = writePolicyDocument(honest.pinnedPolicy);
const said = (policy: AppraisalPolicy) => explainPolicy(policy).join('\n');
const stored = { evidence: encodeEvidence(honest.evidence), referenceValues: honest.referenceValues };

const bad: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'a field twice, strict for the eye and lax for the parser',
    text: document.replace('"revocation"', '"revocation": "required", "revocation"'),
  },
  { name: 'a field twice inside a list', text: document.replace('"trustClass"', '"trustClass": "vtpm", "trustClass"') },
  { name: 'a field nobody knows', text: document.replace('"revocation"', '"skipChecks": true, "revocation"') },
  { name: 'a field missing', text: document.replace(/,\s*"revocation": "ifGiven"/, '') },
  { name: 'a class that is none', text: document.replace('"simulated"', '"perfect"') },
  { name: 'a root that vouches for simulators', text: document.replace('"trustClass": "tpm"', '"trustClass": "simulated"') },
  { name: 'a digest of 31 bytes', text: document.replace(/("sha256": ")[0-9a-f]{2}/, '$1') },
  { name: 'a version of 0', text: document.replace('"version": 1', '"version": 0') },
  { name: 'another format', text: document.replace('"v": 1', '"v": 2') },
  { name: 'no JSON', text: document.slice(1) },
  { name: 'more than a policy needs', text: `${' '.repeat(300_000)}${document}` },
];
for (const { name, text } of bad) {
  test(`refuses a policy document with ${name}`, () => assert.throws(() => parsePolicyDocument(bytes(text)), { code: 'badInput' }));
}

test('a document and its policy are the same to an errand, whatever its spacing', () => {
  for (const policy of [laptopPolicy, strictPolicy, honest.pinnedPolicy]) {
    assert.deepEqual(parsePolicyDocument(bytes(writePolicyDocument(policy))), policy);
    assert.deepEqual(policyDigest(parsePolicyDocument(bytes(JSON.stringify(JSON.parse(writePolicyDocument(policy)))))), policyDigest(policy));
  }
});

test('warns of what a policy gives away, and of what it can never accept', () => {
  assert.match(said(laptopPolicy), /WARNING: it protects nothing from the owner/);
  assert.match(said(laptopPolicy), /WARNING: it accepts reference values nobody signed/);
  assert.match(said({ ...strictPolicy, roots: [] }), /accepts no node at all/);
  assert.match(said(strictPolicy), /lead to Infineon OPTIGA, RSA/);
  assert.match(said(strictPolicy), /accepts no program at all.*Copy it \(tea policy show\).*releaseKeys: \{ "name": …, "key": … \}/s);
  assert.match(said({ ...honest.pinnedPolicy, acceptedClasses: ['vtpm'] }), /pins authorities for tpm, which it does not accept/);
  for (const line of explainPolicy({ ...honest.pinnedPolicy, name: 'a\n\u001b[2Jb' })) assert.doesNotMatch(line, /\p{Cc}/u);
});

test('names every authority, release key and issue', () => {
  const key = new Uint8Array(65).fill(4);
  const policy: AppraisalPolicy = {
    ...honest.pinnedPolicy,
    referenceValues: { accept: 'signed', releaseKeys: [{ name: 'TEA', key }], minimumIssue: 12 },
    revocation: 'required',
  };
  for (const word of ['Synthetic', 'class tpm', key.toHex(), 'issue 12', 'revocation lists speak of every certificate'])
    assert.ok(said(policy).includes(word), word);
});

test('tried on kept evidence, a policy refuses what it would refuse, and leaves open what only a conversation settles', async () => {
  const strict = await appraiseStored(strictPolicy, stored, NOW);
  assert.equal(strict.accepted, false);
  const pinned = await appraiseStored(honest.pinnedPolicy, stored, NOW);
  assert.equal(pinned.accepted, true);
  assert.deepEqual(pinned.open, ['ek.revocation', 'ak.node', 'ak.activation', 'binding.nonce', 'binding.account']);
  assert.equal((await appraiseStored({ ...honest.pinnedPolicy, revocation: 'required' }, stored, NOW)).accepted, false);
  const expired = await appraiseStored(honest.pinnedPolicy, stored, new Date('2050-01-01'));
  assert.equal(expired.accepted, false);
});
