import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import {
  approveImage,
  encodeImageRelease,
  encodeReferenceValues,
  imagePolicy,
  referenceValuesDigest,
  signReferenceValues,
  TeaError,
  resignActorManifest,
  type ReferenceValues,
} from '@tea/protocol';
import { localReferenceValues } from '../network.ts';
import { EXIT, type Command } from './command.ts';

/** The system actors of this checkout, as they were built: which component, which grants. */
const BUILT_ACTORS = new URL('../../../tee/actors/built/', import.meta.url);
const DAY_MS = 86_400_000;

export const referenceValues: Command = {
  name: 'reference-values',
  summary: 'what this checkout’s TEE measures as, signed with a release key if you have one',
  help: `  tea reference-values --out FILE [--key FILE --signer NAME --issue N [--days N] [--image-release FILE]] [--json]

Builds the TEE as the launcher does and writes what it must measure as, for tea inspect --reference-values. With a key, signs it: a policy
that names the key then accepts exactly this program.

  --key FILE      P-256 private key in PEM: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
  --signer NAME   what you call yourself
  --issue N       higher than that of every set you signed before: relying parties refuse lower ones
  --days N        valid from now for so long (default 365)
  --image-release FILE
                  build the key's public half and the issue into the TEE, approve that image and the grants of its actors, and write what a node needs to run it. Its
                  state is then opened by later issues that the key approves, and by nothing else: tea demo --image-release FILE

Exit codes: 0 written; 64 wrong usage.`,
  options: {
    out: { type: 'string' },
    key: { type: 'string' },
    signer: { type: 'string' },
    issue: { type: 'string' },
    days: { type: 'string' },
    'image-release': { type: 'string' },
  },
  operands: [0, 0],
  async run({ values, screen, signal }) {
    const out = text(values['out'], '--out');
    const imageFile = values['image-release'] === undefined ? undefined : text(values['image-release'], '--image-release');
    const keyFile = values['key'] === undefined && imageFile === undefined ? undefined : text(values['key'], '--key');
    let signed: ReferenceValues;
    if (keyFile === undefined) {
      signed = await localReferenceValues(signal);
    } else {
      const key = await readKey(keyFile);
      const issue = wholeNumber(values['issue'], '--issue');
      const days = values['days'] === undefined ? 365 : wholeNumber(values['days'], '--days');
      const signer = text(values['signer'], '--signer');
      const identity = { key: new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey)), issue };
      const built = await localReferenceValues(signal, imageFile === undefined ? undefined : identity);
      signed = await sign(built, key, { signer, issue, days });
      if (imageFile !== undefined) {
        const approvals = [await approveImage(imagePolicy(built), key.privateKey)];
        await writeFile(imageFile, encodeImageRelease({ ...identity, approvals, actors: await actorManifests(key.privateKey) }));
      }
    }
    await writeFile(out, encodeReferenceValues(signed));
    const { provenance } = signed;
    screen.note(`${signed.name} ${signed.version}: ${referenceValuesDigest(signed).toHex()}`);
    screen.note(
      provenance.kind === 'signed'
        ? `Issue ${provenance.issue}, signed. A policy accepts it under the release key ${provenance.key.toHex()}`
        : 'Unsigned: good for whoever built it, and for a policy that accepts that.',
    );
    screen.emit('written', { file: out, digest: referenceValuesDigest(signed), provenance });
    return EXIT.done;
  },
};

async function sign(
  built: ReferenceValues,
  key: CryptoKeyPair,
  { signer, issue, days }: { readonly signer: string; readonly issue: number; readonly days: number },
): Promise<ReferenceValues> {
  const nowMs = Date.now();
  return signReferenceValues(built, key, {
    signer,
    issue,
    issuedAtMs: nowMs,
    notBeforeMs: nowMs,
    notAfterMs: nowMs + days * DAY_MS,
  });
}

/** @throws TeaError `badInput`, without a word of what the file holds */
async function readKey(path: string): Promise<CryptoKeyPair> {
  try {
    const key = createPrivateKey(await readFile(path));
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const [privateKey, publicKey] = await Promise.all([
      crypto.subtle.importKey('jwk', key.export({ format: 'jwk' }), algorithm, false, ['sign']),
      crypto.subtle.importKey('jwk', createPublicKey(key).export({ format: 'jwk' }), algorithm, true, ['verify']),
    ]);
    return { privateKey, publicKey };
  } catch {
    throw new TeaError('badInput', `${path} holds no release key`, {
      expected: 'a P-256 private key in PEM, without a passphrase',
      actual: 'something else, or nothing readable',
      next: 'tea reference-values --help',
    });
  }
}

function text(value: string | boolean | undefined, option: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new TeaError('badInput', `${option} is missing`, { next: 'tea reference-values --help' });
}

function wholeNumber(value: string | boolean | undefined, option: string): number {
  if (typeof value === 'string' && /^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new TeaError('badInput', `This is no ${option}`, { expected: 'a whole number from 1', actual: String(value ?? 'nothing') });
}

async function actorManifests(key: CryptoKey): Promise<Uint8Array[]> {
  const records = (await readdir(BUILT_ACTORS)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    records.map(async (name) => {
      const record = v.parse(v.object({ manifest: v.string() }), JSON.parse(await readFile(new URL(name, BUILT_ACTORS), 'utf8')));
      return resignActorManifest(Uint8Array.fromBase64(record.manifest), key);
    }),
  );
}
