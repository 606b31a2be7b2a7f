import { CID } from 'multiformats/cid';
import { encodeReferenceValues, oneChunk, referenceValuesDigest, TeaError, type ReferenceValues } from '@tea/protocol';
import { readReleases } from '@tea/protocol/ledger';
import type { Account } from './account.ts';
import type { Tea } from './tea.ts';

/** Who accepts software on layer 1: on a development network the account that may act as root. */
export type Governance = { readonly governance: Account; readonly signal?: AbortSignal };

/**
 * Publishes signed reference values and has layer 1 accept them, from a block on. From then on committees admit nodes that measure as they say.
 * @param atBlock the first block at which they are in force; the one after the next by default
 * @returns the digest they stand under
 * @throws TeaError `badInput` for values that nobody signed; `chain`: `Releases.VersionNotNewer`, `Releases.InThePast`, or that the account may not
 */
export async function acceptRelease(
  tea: Tea,
  values: ReferenceValues,
  { governance, signal, atBlock }: Governance & { readonly atBlock?: number },
): Promise<{ readonly digest: Uint8Array; readonly atBlock: number }> {
  const { provenance } = values;
  if (provenance.kind !== 'signed') {
    throw new TeaError('badInput', 'Nobody signed these reference values', {
      expected: 'reference values signed with a release key',
      actual: provenance.note,
      next: 'tea reference-values --out FILE --key KEY --signer NAME --issue N',
    });
  }
  const digest = referenceValuesDigest(values);
  const { cid } = await tea.ipfs.add(oneChunk(encodeReferenceValues(values)), { ...(signal && { signal }) });
  const from = atBlock ?? tea.ledger.blockNumber() + 2;
  const { tx } = tea.ledger.api;
  await asRoot(
    tea,
    tx.Releases.accept({
      digest: `0x${digest.toHex()}`,
      kind: { type: 'ReferenceValues', value: undefined },
      cid: CID.parse(cid).bytes,
      version: BigInt(provenance.issue),
      active_from: from,
    }),
    { governance, ...(signal && { signal }) },
  );
  return { digest, atBlock: from };
}

/**
 * Ends an acceptance from a block on: nodes that run this software are refused from then on, and renew their evidence only to be told so.
 * @throws TeaError `notFound` when layer 1 never accepted it; `chain`: `Releases.AlreadyRevoked`, or that the account may not
 */
export async function revokeRelease(
  tea: Tea,
  digest: Uint8Array,
  { governance, signal, atBlock }: Governance & { readonly atBlock?: number },
): Promise<{ readonly atBlock: number }> {
  const known = (await readReleases(tea.ledger)).value.some((record) => record.digest.toHex() === digest.toHex());
  if (!known) throw new TeaError('notFound', `Layer 1 never accepted ${digest.toHex()}`, { next: 'tea releases list' });
  const from = atBlock ?? tea.ledger.blockNumber() + 2;
  const call = tea.ledger.api.tx.Releases.revoke({ digest: `0x${digest.toHex()}`, revoked_from: from });
  await asRoot(tea, call, { governance, ...(signal && { signal }) });
  return { atBlock: from };
}

type SudoCall = Parameters<Tea['ledger']['api']['tx']['Sudo']['sudo']>[0]['call'];

/** A sudo call comes into its block whatever its inner call came to, and an event tells of that. */
async function asRoot({ ledger }: Tea, { decodedCall }: { readonly decodedCall: SudoCall }, { governance, signal }: Governance): Promise<void> {
  const { events } = await ledger.submit(ledger.api.tx.Sudo.sudo({ call: decodedCall }), governance.signer, { ...(signal && { signal }) });
  const [done] = ledger.api.event.Sudo.Sudid.filter(events);
  const result = done?.payload.sudo_result;
  if (result?.success === true) return;
  const why = result?.success === false ? namesOf(result.value) : 'no answer';
  throw new TeaError('chain', 'Governance of layer 1 was not let do this', { expected: 'the call to be allowed now', actual: why });
}

function namesOf(error: unknown): string {
  const names: string[] = [];
  for (let node = error; typeof node === 'object' && node !== null && 'type' in node; node = 'value' in node ? node.value : undefined)
    names.push(String(node.type));
  return (names[0] === 'Module' ? names.slice(1) : names).join('.');
}
