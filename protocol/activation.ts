/**
 * What is left of a credential activation afterwards (the challenge itself is `ChallengeRequest` in node-api.ts). It convinces whoever
 * performed it and nobody else: a third party can't tell a TPM's answer from one the challenger wrote.
 */
export type ActivationTranscript =
  | {
      readonly kind: 'performed';
      readonly akName: Uint8Array;
      /** SHA-256 of the EK certificate's DER */
      readonly ekCertificate: Uint8Array;
      /** SHA-256 of credentialBlob ‖ encryptedSecret */
      readonly challenge: Uint8Array;
      /** SHA-256 of the credential that came back */
      readonly response: Uint8Array;
    }
  | { readonly kind: 'missing' };
