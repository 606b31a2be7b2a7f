import {
  decodeEventLog,
  equalBytes,
  isTeaError,
  misdigestedEvents,
  MODULE_PCR,
  MODULE_QUOTE_PCRS,
  modulesDigest,
  replay,
  type EventRecord,
  type ModulesAnswer,
  type PcrValue,
} from '@tea/protocol';
import { decodeAttest, decodePublicArea, verifySignatureOf } from '@tea/protocol/tpm';
import { pcrDigestHolds } from './appraise-quote.ts';

export type ModulesVerdict =
  | { readonly ok: true; readonly modules: readonly EventRecord[] }
  | {
      readonly ok: false;
      readonly reason: 'malformed' | 'signature' | 'binding' | 'pcrs' | 'image' | 'log';
      readonly expected: string;
      readonly actual: string;
    };

/**
 * Whether this is all that a TEE loaded: quoted by its attestation key, for this nonce, beside the PCRs that were appraised, with a log that explains the PCR.
 * @param node.akPublic and `node.pcrs` from evidence that was appraised as affirming: the log is as complete as that image is honest
 */
export async function verifyModules(
  { log, quote }: ModulesAnswer,
  node: {
    readonly id: Uint8Array;
    readonly akPublic: Uint8Array;
    readonly pcrs: readonly PcrValue[];
    readonly chain: Uint8Array;
    readonly nonce: Uint8Array;
  },
): Promise<ModulesVerdict> {
  const no = (reason: Extract<ModulesVerdict, { ok: false }>['reason'], expected: string, actual: string): ModulesVerdict => ({
    ok: false,
    reason,
    expected,
    actual,
  });
  try {
    const attest = decodeAttest(quote.attest);
    if (!(await verifySignatureOf(decodePublicArea(node.akPublic), quote.attest, quote.signature)) || attest.type !== 'quote')
      return no('signature', 'a quote signed by the attestation key', `a ${attest.type} of another, or over other bytes`);
    const digest = modulesDigest(node.chain, node.id, node.nonce);
    if (!equalBytes(attest.extraData, digest)) return no('binding', digest.toHex(), attest.extraData.toHex());
    const [bank] = attest.pcrSelect;
    const selected = bank?.hash === 'sha256' && attest.pcrSelect.length === 1 ? bank.pcrs : [];
    const same =
      selected.length === MODULE_QUOTE_PCRS.length &&
      MODULE_QUOTE_PCRS.every((index, place) => selected[place] === index && quote.pcrs[place]?.index === index);
    const [holds, expected, actual] = pcrDigestHolds(attest, quote.pcrs);
    if (!same || !holds) return no('pcrs', same ? expected : MODULE_QUOTE_PCRS.join(), same ? actual : selected.join());
    const moved = node.pcrs.find(
      ({ index, digest: was }) => !equalBytes(quote.pcrs.find((pcr) => pcr.index === index)?.digest ?? new Uint8Array(), was),
    );
    if (moved !== undefined)
      return no('image', `PCR ${moved.index} ${moved.digest.toHex()}`, 'another value: this is not the image that was appraised');
    const modules = decodeEventLog(log);
    const replayed = replay(modules).get(MODULE_PCR) ?? new Uint8Array(32);
    const value = quote.pcrs.at(-1)?.digest ?? new Uint8Array(32);
    if (modules.some(({ pcr }) => pcr !== MODULE_PCR) || misdigestedEvents(modules).length > 0 || !equalBytes(replayed, value))
      return no('log', `a log that replays to PCR ${MODULE_PCR} ${value.toHex()}`, replayed.toHex());
    return { ok: true, modules };
  } catch (error) {
    if (isTeaError(error)) return no('malformed', 'an answer in TPM structures and deterministic CBOR', error.message);
    throw error;
  }
}
