import { concatBytes } from '../bytes.ts';

const DOMAIN = new TextEncoder().encode('tea/operator/1');

/**
 * What a TEE's account signs so that `operator` may register its node: on this chain, this node, nobody else (`consent_message` of
 * host/layer1/pallets/nodes). All of 32 bytes.
 */
export function consentMessage(genesis: Uint8Array, node: Uint8Array, operator: Uint8Array): Uint8Array {
  return concatBytes(DOMAIN, genesis, node, operator);
}
