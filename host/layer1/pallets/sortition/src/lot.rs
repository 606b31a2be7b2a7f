//! A node's lot in a draw: what it signs, how it is checked, what it is worth. Anyone can do it again.
//!
//! - The message is `"tea/lot/1" ++ seed`, under the signing context `"tea/sortition"`. The key is the TEE's sr25519 account.
//! - A claim is 96 bytes: the VRF's pre-output (32), then the proof's two scalars `c` and `s` (32 each), as
//!   `schnorrkel::vrf_sign` and `vrf.sign` of `@scure/sr25519` make it.
//! - The lot is the first 16 bytes, little-endian, of `blake2_256("tea/lot/1" ++ seed ++ key ++ pre-output)`. Key and message
//!   fix the pre-output, so a key has one lot in a draw, which nobody else can know before the claim.

use polkadot_sdk::{sp_core::H256, sp_io::hashing::blake2_256};
use schnorrkel::{
    context::signing_context,
    vrf::{VRFPreOut, VRFProof},
    PublicKey,
};

const CONTEXT: &[u8] = b"tea/sortition";
const DOMAIN: &[u8; 9] = b"tea/lot/1";

/// Pre-output and proof.
pub type Proof = [u8; 96];

/// What is signed in the draw of `seed`.
pub fn message(seed: H256) -> [u8; 41] {
    let mut message = [0u8; 41];
    message[..9].copy_from_slice(DOMAIN);
    message[9..].copy_from_slice(seed.as_bytes());
    message
}

/// The lot that `key` has in the draw of `seed`; `None` unless `proof` shows it.
pub fn verify(key: &[u8; 32], seed: H256, proof: &Proof) -> Option<u128> {
    let message = message(seed);
    let public = PublicKey::from_bytes(key).ok()?;
    let pre_output = VRFPreOut::from_bytes(&proof[..32]).ok()?;
    let dleq = VRFProof::from_bytes(&proof[32..]).ok()?;
    public.vrf_verify(signing_context(CONTEXT).bytes(&message), &pre_output, &dleq).ok()?;

    let mut preimage = [0u8; 41 + 32 + 32];
    preimage[..41].copy_from_slice(&message);
    preimage[41..73].copy_from_slice(key);
    preimage[73..].copy_from_slice(&proof[..32]);
    let hash = blake2_256(&preimage);
    Some(hash[..16].iter().rev().fold(0u128, |number, byte| (number << 8) | u128::from(*byte)))
}

/// The lot that must not be reached so that, of `electorate` nodes, `expected` have a right to claim on average.
pub fn threshold(electorate: u32, expected: u32) -> u128 {
    if expected >= electorate {
        return u128::MAX;
    }
    (u128::MAX / u128::from(electorate)).saturating_mul(expected.into())
}
