import type { Claim } from '@tea/protocol';

/** What an operator can do about a failed claim; the claim’s own advice is for whoever wants to release a key. */
const REPAIRS: Readonly<Record<string, string>> = {
  'referenceValues.accepted':
    'run an image that layer 1 has in force (tea releases list): tea up --image-release FILE, as whoever released it gives it out',
  'referenceValues.validity': 'get the current release: the period of this one has ended, or not begun',
  'referenceValues.provenance': 'ask who released this software: the release key did not sign what layer 1 accepted',
  'log.known': 'run just the image that was released, by its own launcher and the pinned Node',
  'log.replay': 'start the TEE anew by its launcher, on a TPM that nothing else measures into',
  'log.digests': 'start the TEE anew by its launcher',
  'pcr.unused': 'start the TEE on a TPM into which nothing else was measured since it was reset',
  'sealing.policy': 'start the TEE anew by its launcher, on a TPM that nothing else measures into',
  'ak.activation': 'keep it running and reachable while it is appraised: its TPM did not answer the challenge',
  'ak.node': 'bring evidence of this node: what was registered is another’s',
  'binding.nonce': 'bring evidence sooner after it was made: it was too old when it was judged, or its TEE sees an old block',
  'binding.account': 'start it with the state folder it was registered with: its TEE has another account now',
  'binding.chain': 'start it on this network: its evidence is for another',
  'node.listedClass':
    'have its operator register it under the class its TPM has: policy tea/laptop, of networks without releases, knows simulated ones alone',
  'ek.signatures': 'bring the whole certificate chain of the TPM',
  'ek.validity': 'bring a certificate of the TPM that has not expired',
  'ek.revocation': 'replace the TPM: its maker revoked a certificate of it',
};

/** @returns what the node's operator should do about this claim */
export function repairOf({ id, next }: Pick<Claim, 'id' | 'next'>): string {
  return REPAIRS[id] ?? next;
}
