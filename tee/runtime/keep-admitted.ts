import type { PolkadotSigner } from 'polkadot-api/signer';
import { CID } from 'multiformats/cid';
import { equalBytes, type TrustClass } from '@tea/protocol';
import { readNode, type Ledger } from '@tea/protocol/ledger';
import type { JoinEvidence } from './join-evidence.ts';
import { createRenewals, type Circumstances, type Renewals, type RenewalsParts } from './renewals.ts';

export type KeepAdmittedParts = Pick<RenewalsParts, 'circumstances' | 'publish' | 'log'> & {
  readonly ledger: Ledger;
  readonly node: Uint8Array;
  readonly signer: PolkadotSigner;
};

const CLASSES = { simulated: 'Simulated', vtpm: 'Vtpm', tpm: 'Tpm', 'tpm+memory-encryption': 'TpmMemoryEncryption' } as const satisfies Record<
  TrustClass,
  string
>;

/** Renews this node's evidence on layer 1 when there is cause, looking at every final block. See `createRenewals`. */
export function keepAdmitted(parts: KeepAdmittedParts): AsyncDisposable & { published(evidence: JoinEvidence, under: Circumstances): void } {
  const { ledger, node, signer, log } = parts;
  let busy = false;
  let newest: number | null = null;

  const renewals: Renewals = createRenewals({
    ...parts,
    node: () => readNode(ledger, node),
    lifetime: () => ledger.api.query.Nodes.EvidenceLifetime.getValue(),
    async submit({ cid, digest }) {
      const record = await readNode(ledger, node);
      if (record === null || equalBytes(record.evidenceDigest, digest)) return; // its operator was quicker
      const update = ledger.api.tx.Nodes.update_evidence({
        node_id: `0x${node.toHex()}`,
        evidence_cid: CID.parse(cid).bytes,
        evidence_digest: `0x${digest.toHex()}`,
        class: { type: CLASSES[record.trustClass], value: undefined },
      });
      await ledger.submit(update, signer);
    },
  });

  /** Of blocks that come meanwhile the last one is looked at too: after it there may be none for long. */
  async function tend(): Promise<void> {
    if (busy) return;
    busy = true;
    while (newest !== null) {
      const block = newest;
      newest = null;
      await renewals
        .tend(block)
        .catch((error: unknown) => log('whether its evidence still holds could not be told; the next block tries again', error));
    }
    busy = false;
  }

  const subscription = ledger.client.finalizedBlock$.subscribe({
    next: ({ number }) => {
      newest = number;
      void tend();
    },
    error: (error: unknown) => log('the chain went away', error),
  });
  return {
    published: renewals.published,
    [Symbol.asyncDispose]: async () => {
      newest = null;
      subscription.unsubscribe();
    },
  };
}
