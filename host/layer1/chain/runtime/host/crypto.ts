import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sr25519Verify } from '@polkadot/wasm-crypto';
import { concatBytes, TeaError } from '@tea/protocol';
import { type HostContext, type HostFunctions, NONE } from './context.ts';

/** sp-io `EcdsaVerifyError` in a SCALE `Result`. */
const BAD_RS = Uint8Array.of(1, 0);
const BAD_V = Uint8Array.of(1, 1);
const BAD_SIGNATURE = Uint8Array.of(1, 2);

/** `ext_crypto_*` (Polkadot specification, appendix B.3). */
export function cryptoFunctions({ memory }: HostContext): HostFunctions {
  const noKeystore = (): never => {
    throw new TeaError('refused', 'This chain keeps no session keys for its runtime', { next: 'make session keys on a real node' });
  };
  return {
    ext_crypto_sr25519_verify_version_2: (signature: number, message: bigint, publicKey: number) =>
      verdict(() => sr25519Verify(memory.readAt(signature, 64), memory.read(message), memory.readAt(publicKey, 32))),
    // Substrate verifies with ed25519-zebra, which follows ZIP 215.
    ext_crypto_ed25519_verify_version_1: (signature: number, message: bigint, publicKey: number) =>
      verdict(() => ed25519.verify(memory.readAt(signature, 64), memory.read(message), memory.readAt(publicKey, 32), { zip215: true })),
    ext_crypto_secp256k1_ecdsa_recover_compressed_version_2: (signature: number, digest: number) =>
      memory.placeFat(recoverCompressed(memory.readAt(signature, 65), memory.readAt(digest, 32))),
    ext_crypto_sr25519_generate_version_1: noKeystore,
    ext_crypto_ed25519_generate_version_1: noKeystore,
    ext_crypto_sr25519_sign_version_1: () => memory.placeFat(NONE),
    ext_crypto_ed25519_sign_version_1: () => memory.placeFat(NONE),
  };
}

/** A malformed key or signature is no exception here: it doesn't verify. */
function verdict(verify: () => boolean): number {
  try {
    return verify() ? 1 : 0;
  } catch {
    return 0;
  }
}

export function recoverCompressed(rsv: Uint8Array, digest: Uint8Array): Uint8Array {
  const v = rsv[64] ?? 0;
  const recovery = v > 26 ? v - 27 : v;
  if (recovery > 3) return BAD_V;
  const order = secp256k1.Point.Fn.ORDER;
  const scalar = (bytes: Uint8Array): bigint => BigInt(`0x${bytes.toHex()}`);
  if (scalar(rsv.subarray(0, 32)) >= order || scalar(rsv.subarray(32, 64)) >= order) return BAD_RS;
  try {
    const signature = secp256k1.Signature.fromBytes(rsv.subarray(0, 64), 'compact').addRecoveryBit(recovery);
    return concatBytes(Uint8Array.of(0), signature.recoverPublicKey(digest).toBytes(true));
  } catch {
    return BAD_SIGNATURE;
  }
}
