import { sha256 } from './bytes.ts';
import { canonicalJson } from './canonical-json.ts';
import { equalBytes } from './cbor.ts';
import type { ActivationTranscript } from './activation.ts';
import type { AttestationResult } from './attestation-result.ts';
import type { ReceiptBundle } from './receipt.ts';
import { notAProof, parseProof } from './proof-envelope.ts';
import { proofSchema } from './proof-schema.ts';

export { MAX_PROOF_BYTES } from './proof-envelope.ts';

/**
 * The proof file, `proof.json`: everything needed to check one errand's receipt offline. Specified in docs/proof-format.md.
 * In memory byte strings are `Uint8Array`; in the file they are base64url without padding. The file has exactly one serialisation.
 */
export type ProofFile = {
  readonly format: 'tea/proof/1';
  readonly chain: {
    readonly genesisHash: Uint8Array;
    /** SCALE bytes of the block header whose state the storage proof is of */
    readonly header: Uint8Array;
    /** trie nodes of the read proof */
    readonly storageProof: readonly Uint8Array[];
    /** full storage key of the errand record */
    readonly key: Uint8Array;
    /** trie nodes under the same state that prove the draw for the executor; absent where none was drawn */
    readonly selection?: readonly Uint8Array[];
    /** that the network agreed on the block; absent where the chain can't show it */
    readonly finality?: {
      /** SCALE bytes of block 0, whose hash is `genesisHash` */
      readonly genesisHeader: Uint8Array;
      /** trie nodes that prove GRANDPA's authorities in its state */
      readonly authoritiesProof: readonly Uint8Array[];
      /** every change of voters between genesis and the block; absent when there was none */
      readonly setChanges?: readonly { readonly header: Uint8Array; readonly proof: Uint8Array }[];
      /** SCALE `FinalityProof` of sc-consensus-grandpa: a justification of the block or of a later one, and the headers between */
      readonly proof: Uint8Array;
    };
  };
  readonly errand: { readonly id: bigint; /** SCALE bytes of the record, as proven */ readonly record: Uint8Array };
  /** `encodeEvidence` */
  readonly evidence: Uint8Array;
  readonly activation: ActivationTranscript;
  /** `encodeReferenceValues` */
  readonly referenceValues: Uint8Array;
  /** `encodePolicy` */
  readonly policy: Uint8Array;
  /** what the writer of the file was shown when it released; recomputed by the reader */
  readonly result: AttestationResult;
  readonly receipt: ReceiptBundle;
  /** `encodeSealedRelease` of every key sealed for this errand, in the order code, data/N, input */
  readonly releases: readonly Uint8Array[];
};

/** SHA-256 over the canonical serialisation of everything but `digest`. */
export function proofDigest(proof: ProofFile): Uint8Array {
  return sha256(canonicalJson(proof));
}

export function encodeProofFile(proof: ProofFile): Uint8Array {
  return canonicalJson({ ...proof, digest: proofDigest(proof) });
}

/**
 * Decodes a proof file's shape; nothing in it has been verified.
 * @throws TeaError `badMessage` on another schema, on any other serialisation of the same content, and on a wrong `digest`
 */
export function decodeProofFile(bytes: Uint8Array): ProofFile {
  const summary = 'This is not a TEA proof file';
  const { digest, ...proof } = parseProof(bytes, proofSchema, summary);
  if (equalBytes(encodeProofFile(proof), bytes)) return proof;
  const expected = proofDigest(proof);
  throw equalBytes(expected, digest)
    ? notAProof(summary, 'the canonical serialisation of its content (RFC 8785)', 'another serialisation')
    : notAProof(summary, `digest ${expected.toHex()}`, `digest ${digest.toHex()}: the file was altered after it was written`);
}
