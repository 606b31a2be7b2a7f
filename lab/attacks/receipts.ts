import { verifyReceipt } from '@tea/attestation';
import { encodeCoseSign1, encodeReceipt, leafHash, merkleTree, receiptsDigest, sha256, type ReceiptBundle } from '@tea/protocol';
import { decodeQuote, encodeAttest, type ClockInfo } from '@tea/protocol/tpm';
import { quoteReceipts, receiptOf, signReceipt } from '../../attestation/testing/proven-errand.ts';
import type { Attack, AttackGroup } from './attack.ts';
import { facts, honest, other } from './victims.ts';

const signed = await Promise.all([7n, 8n, 9n, 10n, 11n].map((errand) => signReceipt(honest, receiptOf(honest, { errand }))));
const bundles = await quoteReceipts(honest, signed);
const [bundle, second] = bundles;
if (bundle === undefined || second === undefined) throw new Error('a batch of five');
const { chain } = honest.expected;

const on = (id: string, title: string, claims: readonly string[], make: () => ReceiptBundle | Promise<ReceiptBundle>): Attack => ({
  id,
  title,
  claims,
  attempt: async () => {
    const { ok, receipt, claims: made } = await verifyReceipt({ bundle: await make(), node: facts, chain, errand: 7n, trustClass: 'simulated' });
    return ok || receipt !== null ? [] : made.filter(({ outcome }) => outcome !== 'ok').map((claim) => claim.id);
  },
});

async function quoted(cose: Uint8Array, scenario = honest): Promise<ReceiptBundle> {
  const [only] = await quoteReceipts(scenario, [cose]);
  if (only === undefined) throw new Error('a batch of one');
  return only;
}
const stating = (change: Parameters<typeof receiptOf>[1]) => async () => quoted(await signReceipt(honest, receiptOf(honest, change)));
/** The batch's quote as the same key would make it at another time. */
const clocked = (change: Partial<ClockInfo>) => async (): Promise<ReceiptBundle> => {
  const quoted = decodeQuote(bundle.quote.attest);
  const attest = encodeAttest({ ...quoted, clockInfo: { ...quoted.clockInfo, ...change } });
  return { ...bundle, quote: { ...bundle.quote, attest, signature: await honest.tpm.sign(attest) } };
};
const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** (r, n - s) verifies where (r, s) does; the signature stands last in the COSE_Sign1. */
function malleated(cose: Uint8Array): Uint8Array {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = BigInt(`0x${cose.slice(-32).toHex()}`);
  const other = Uint8Array.fromHex((order - s).toString(16).padStart(64, '0'));
  return Uint8Array.from([...cose.subarray(0, -32), ...other]);
}

export const onReceipts: AttackGroup = {
  id: 'receipt',
  on: 'the receipt',
  wouldGain: 'somebody is paid for a run that never was, or for another than was ordered',
  attacks: [
    on('receipt-other-errand', 'shows another errand’s receipt of the same batch', ['receipt.binding'], () => second),
    on('receipt-other-chain', 'shows a receipt of another network', ['receipt.binding'], stating({ chain: sha256() })),
    on('receipt-other-node', 'shows a receipt in another node’s name', ['receipt.binding'], stating({ node: other.tpm.akName.slice(2) })),
    on('receipt-other-evidence', 'shows a receipt for a run on other evidence', ['receipt.binding'], stating({ evidence: sha256() })),
    on('receipt-stranger', 'signs a receipt with another key', ['receipt.signature'], async () =>
      quoted(await signReceipt(other, receiptOf(honest))),
    ),
    on('receipt-altered', 'changes a byte of a signed receipt', ['receipt.inclusion', 'receipt.signature'], () => ({
      ...bundle,
      cose: flip(bundle.cose, bundle.cose.length - 1),
    })),
    on(
      'receipt-malleated',
      'gives a receipt the other signature that its key’s curve allows, for a second one of the same run',
      ['receipt.inclusion'],
      () => ({
        ...bundle,
        cose: malleated(bundle.cose),
      }),
    ),
    on('receipt-zero-signature', 'signs a receipt with two zeros', ['receipt.inclusion', 'receipt.signature'], () => ({
      ...bundle,
      cose: bundle.cose.map((byte, at) => (at < bundle.cose.length - 64 ? byte : 0)),
    })),
    on('receipt-gas', 'states more gas than the limit', ['receipt.sane'], stating({ gasUsed: 1001n })),
    on('receipt-no-result', 'claims success without a result', ['receipt.sane'], stating({ result: null })),
    on('receipt-class', 'claims a stronger TPM than it has', ['receipt.trustClass'], stating({ trustClass: 'tpm' })),
    on('receipt-untagged', 'sends COSE without its tag', ['receipt.signature'], () => quoted(bundle.cose.subarray(1))),
    on('receipt-other-form', 'signs what is no receipt', ['receipt.signature'], () =>
      quoted(encodeCoseSign1(encodeReceipt(receiptOf(honest)).subarray(1), new Uint8Array(64))),
    ),
    on('receipt-quote-other-tpm', 'has another TPM quote the batch', ['receipt.quote'], async () => {
      const [elsewhere = bundle] = await quoteReceipts({ ...honest, tpm: other.tpm }, signed);
      return elsewhere;
    }),
    on('receipt-quote-other-chain', 'quotes the batch for another network', ['receipt.quote'], async () => {
      const [elsewhere = bundle] = await quoteReceipts({ ...honest, expected: { ...honest.expected, chain: sha256() } }, signed);
      return elsewhere;
    }),
    on('receipt-other-boot', 'has the batch quoted in another boot than the evidence', ['receipt.state'], clocked({ resetCount: 2 })),
    on('receipt-resumed', 'has the batch quoted after the TPM was suspended and resumed', ['receipt.state'], clocked({ restartCount: 1 })),
    on('receipt-before-evidence', 'shows a batch quoted before the evidence was made', ['receipt.state'], clocked({ clock: 999n })),
    on('receipt-evidence-quote', 'shows the quote of the evidence for the batch’s', ['receipt.quote'], () => ({
      ...bundle,
      quote: { ...bundle.quote, ...honest.evidence.quote },
    })),
  ],
};

const inner = (() => {
  const [left = new Uint8Array(), right = new Uint8Array()] = signed.map(leafHash);
  return Uint8Array.of(1, ...left, ...right);
})();

export const onMerkle: AttackGroup = {
  id: 'merkle',
  on: 'the Merkle tree of a batch',
  wouldGain: 'a receipt nobody quoted counts as quoted',
  attacks: [
    on('merkle-other-place', 'shows another receipt’s path', ['receipt.inclusion'], () => ({ ...bundle, inclusion: second.inclusion })),
    on('merkle-other-index', 'claims another place for the same path', ['receipt.inclusion'], () => ({
      ...bundle,
      inclusion: { ...bundle.inclusion, index: 1 },
    })),
    on('merkle-beyond', 'claims a place outside the tree', ['receipt.inclusion'], () => ({
      ...bundle,
      inclusion: { ...bundle.inclusion, index: 5 },
    })),
    on('merkle-resized', 'states another tree size than was quoted', ['receipt.inclusion'], () => ({
      ...bundle,
      inclusion: { ...bundle.inclusion, size: 6 },
    })),
    on('merkle-resized-twice', 'states another size in path and quote', ['receipt.quote'], () => ({
      ...bundle,
      inclusion: { ...bundle.inclusion, size: 6 },
      quote: { ...bundle.quote, size: 6 },
    })),
    on('merkle-short-path', 'cuts the path', ['receipt.inclusion'], () => ({
      ...bundle,
      inclusion: { ...bundle.inclusion, path: bundle.inclusion.path.slice(1) },
    })),
    on('merkle-long-path', 'lengthens the path', ['receipt.inclusion'], () => ({
      ...bundle,
      inclusion: { ...bundle.inclusion, path: [...bundle.inclusion.path, sha256()] },
    })),
    on('merkle-second-preimage', 'passes an inner node off as a receipt', ['receipt.inclusion', 'receipt.quote', 'receipt.signature'], () => ({
      ...bundle,
      cose: inner,
      inclusion: { index: 0, size: 3, path: bundle.inclusion.path.slice(1) },
      quote: { ...bundle.quote, size: 3 },
    })),
    on('merkle-new-root', 'builds its own tree around a new receipt', ['receipt.quote'], async () => {
      const cose = await signReceipt(honest, receiptOf(honest));
      const tree = merkleTree([cose, ...signed].map(leafHash));
      return { cose, inclusion: tree.proofOf(0), quote: { ...bundle.quote, root: tree.root, size: tree.size } };
    }),
    on('merkle-leaf-as-root', 'has the TPM quote a bare digest in place of a root', ['receipt.quote'], async () => {
      const cose = await signReceipt(honest, receiptOf(honest));
      const tree = merkleTree([leafHash(cose)]);
      const quote = { root: tree.root, size: 1, ...(await honest.tpm.quote(sha256(receiptsDigest(chain, tree)))) };
      return { cose, inclusion: tree.proofOf(0), quote };
    }),
  ],
};
