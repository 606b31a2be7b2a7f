import { encodeReleaseInfo, encodeSealedRelease, TeaError, type ReleaseInfo } from '@tea/protocol';
import { generateHpkeKeyPair, openHpkeWith, sealHpke } from '@tea/protocol/hpke';
import { generateContentKey, openBytes, sealBytes } from '@tea/protocol/sealed';
import { openReleaseDesk, type ReleasableErrand } from '../../tee/runtime/release-desk.ts';
import { onCall, type Attack, type AttackGroup } from './attack.ts';

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const [pair, stranger] = await Promise.all([generateHpkeKeyPair(), generateHpkeKeyPair()]);
const contentKey = bytes(9);
const info: ReleaseInfo = {
  domain: 'tea/release/1',
  chain: bytes(1),
  errand: 7n,
  part: 'code',
  node: bytes(2),
  evidence: bytes(3),
  terms: bytes(6),
  content: bytes(4),
  expiresAtBlock: 100,
};

/** @param change what the release says @param sealedFor what its key was sealed for, when that is something else */
async function release(
  change: Partial<ReleaseInfo> = {},
  sealedFor: ReleaseInfo = { ...info, ...change },
  to = pair,
  key = contentKey,
): Promise<Uint8Array> {
  return encodeSealedRelease({ ...info, ...change, ...(await sealHpke(to.publicPoint, encodeReleaseInfo(sealedFor), key)) });
}

function desk(change: Partial<ReleasableErrand> = {}, evidence: Uint8Array | null = bytes(3)) {
  const opened = openReleaseDesk({
    chain: bytes(1),
    node: bytes(2),
    blockNumber: () => 50,
    errand: async (id) => ({
      id,
      acceptsReleases: true,
      terms: bytes(6),
      sealedParts: new Map([['code', { cid: 'bafycode', sha256: bytes(4) }]]),
      ...change,
    }),
    open: (enc, boundTo, ciphertext) => openHpkeWith(pair, { enc, ciphertext }, boundTo),
    checkKey: async (_content, key) => {
      if (key[0] !== 9) throw new TeaError('wrongKey', 'This key opens something else');
    },
  });
  if (evidence !== null) opened.expect(7n, evidence);
  return opened;
}

const relabelled = (field: keyof ReleaseInfo, change: Partial<ReleaseInfo>): Attack =>
  onCall(`release-other-${field.toLowerCase()}`, `hands in a release made for another ${field}`, 'refused', async () =>
    desk().accept(await release(change)),
  );

export const onReleases: AttackGroup = {
  id: 'release',
  on: 'the release of a key',
  wouldGain: 'a key its owner released for one run is used for another, or replaces the right one',
  attacks: [
    relabelled('chain', { chain: bytes(8) }),
    relabelled('node', { node: bytes(8) }),
    relabelled('part', { part: 'data/0' }),
    relabelled('content', { content: bytes(8) }),
    relabelled('evidence', { evidence: bytes(8) }),
    relabelled('terms', { terms: bytes(8) }),
    onCall('release-changed-order', 'changes the order behind the owner’s back: other data meets the code', 'refused', async () =>
      desk({ terms: bytes(7) }).accept(await release()),
    ),
    onCall('release-after-run', 'replays a release after its run took the key', 'refused', async () => {
      const open = desk();
      const once = await release();
      await open.accept(once);
      open.take(7n, bytes(6));
      await open.accept(once);
    }),
    onCall('release-expired', 'hands in a release after it expired', 'refused', async () => desk().accept(await release({ expiresAtBlock: 49 }))),
    onCall('release-relabelled', 'relabels a release sealed for one errand as another’s', 'refused', async () =>
      desk().accept(await release({ errand: 8n }, info)),
    ),
    onCall('release-prolonged', 'writes a later expiry into a sealed release', 'refused', async () =>
      desk().accept(await release({ expiresAtBlock: 60 }, { ...info, expiresAtBlock: 49 })),
    ),
    onCall('release-other-key', 'seals a release to another node’s key', 'refused', async () => desk().accept(await release({}, info, stranger))),
    onCall('release-early', 'hands in a key before there is evidence', 'refused', async () => desk({}, null).accept(await release())),
    onCall('release-late', 'hands in a key after the run began', 'conflict', async () => desk({ acceptsReleases: false }).accept(await release())),
    onCall('release-second', 'replaces a released key with another', 'conflict', async () => {
      const open = desk();
      await open.accept(await release());
      await open.accept(await release());
    }),
    onCall('release-wrong-key', 'releases a key that opens something else', 'wrongKey', async () =>
      desk().accept(await release({}, info, pair, bytes(5))),
    ),
    onCall('release-truncated', 'cuts a release short', 'badMessage', async () => desk().accept((await release()).subarray(0, -1))),
  ],
};

const key = generateContentKey();
const sealed = await sealBytes(new Uint8Array(100_000), key);
const CHUNK = 64 * 1024 + 16;
const HEADER = 76;
const altered = (at: number): Uint8Array => sealed.map((byte, index) => (index === at ? byte ^ 1 : byte));
const open =
  (content: Uint8Array, opener = key) =>
  () =>
    openBytes(content, opener);

export const onSealedContent: AttackGroup = {
  id: 'sealed-content',
  on: 'sealed content',
  wouldGain: 'another program or other data runs under a key its owner released in good faith',
  attacks: [
    onCall('content-other-key', 'opens content with another key', 'wrongKey', open(sealed, generateContentKey())),
    onCall('content-commitment', 'alters the commitment to the key', 'wrongKey', open(altered(50))),
    onCall('content-bit', 'flips a bit of a chunk', 'corrupt', open(altered(HEADER + 5))),
    onCall('content-truncated', 'cuts off the last byte', 'corrupt', open(sealed.subarray(0, -1))),
    onCall('content-chunk-dropped', 'cuts at the edge of a chunk', 'corrupt', open(sealed.subarray(0, HEADER + CHUNK))),
    onCall(
      'content-chunks-swapped',
      'repeats the first chunk in place of the second',
      'corrupt',
      open(Uint8Array.from([...sealed.subarray(0, HEADER + CHUNK), ...sealed.subarray(HEADER, HEADER + CHUNK)])),
    ),
    onCall('content-extended', 'adds a byte', 'corrupt', open(Uint8Array.from([...sealed, 0]))),
    onCall('content-other-version', 'names another version', 'badMessage', open(altered(7))),
    onCall('content-headless', 'cuts the header short', 'corrupt', open(sealed.subarray(0, 40))),
  ],
};
