import { bindingDigest, encodeEvidence, encodeEventLog, type EventRecord, type EvidenceBinding, type EvidencePurpose } from '@tea/protocol';
import type { TeeTpm } from '@tea/tpm';
import type { ReceiptKey } from './receipt-key.ts';

/** What this TEE says of itself, in evidence that a verifier appraises. */
export type Attester = {
  /** Node id: digest part of the AK's Name, 32 bytes. */
  readonly node: Uint8Array;
  /** @param nonce 32 bytes that nobody could predict before the request @returns `encodeEvidence` */
  attest(request: { readonly purpose: EvidencePurpose; readonly errand: bigint | null; readonly nonce: Uint8Array }): Promise<Uint8Array>;
};

export type AttesterParts = {
  readonly tpm: TeeTpm;
  /** Genesis hash of the chain this TEE joined. */
  readonly chain: Uint8Array;
  readonly account: Uint8Array;
  readonly receiptKey: ReceiptKey;
  readonly eventLog: readonly EventRecord[];
  /** DER of the CAs above the EK certificate that the TPM itself does not hold. */
  readonly caCertificates: readonly Uint8Array[];
};

export async function openAttester({ tpm, chain, account, receiptKey, eventLog, caCertificates }: AttesterParts): Promise<Attester> {
  const ekCertificates = [...(await tpm.ekCertificates()), ...caCertificates];
  const { ak, sealingKey } = tpm;
  const log = encodeEventLog(eventLog);
  return {
    node: ak.name.subarray(2), // nameAlg (2 bytes) ‖ digest, TPM 2.0 Part 1, 16
    async attest({ purpose, errand, nonce }) {
      const binding: EvidenceBinding = {
        domain: 'tea/evidence/1',
        purpose,
        chain,
        errand,
        nonce,
        sealingKeyName: sealingKey.name,
        receiptKey: receiptKey.publicPoint,
        account,
      };
      const quote = await tpm.quote(bindingDigest(binding));
      const sealing = { public: sealingKey.publicArea, attest: sealingKey.certification.attest, signature: sealingKey.certification.signature };
      return encodeEvidence({ v: 1, ekCertificates, akPublic: ak.publicArea, sealing, quote, eventLog: log, binding });
    },
  };
}
