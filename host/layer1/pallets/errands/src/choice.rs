//! The choice of an executor, written so that anyone can make it again from public state.
//!
//! A chain chooses in one of two ways, said at genesis (`choiceByLot`). **By lot**, for networks whose block authors needn't be
//! trusted: see [`tea_sortition`]; `candidates` is then the electorate, and `candidates_digest` is `blake2_256` of the kept
//! claims, node (32 bytes) and proof (96) each. **By the block**, for a chain with one author, where lots would add nothing:
//!
//! 1. The candidates are the Active nodes, in the order of their ids, whose price for the whole gas limit together with
//!    the price of code and data fits under the errand's ceiling.
//! 2. The seed is `blake2_256("tea/select" ++ hash of the parent block ++ errand id as 8 bytes, little-endian)`. The
//!    parent block is the one that recorded the funding or a later one, so its hash wasn't known when the errand was.
//! 3. The executor is the candidate at `the first 16 bytes of the seed, little-endian, modulo the number of candidates`.
//! 4. `candidates_digest` is `blake2_256` of the candidates' ids, 32 bytes each, one after the other.
//!
//! What neither way prevents: an owner of a sealed part, the consumer included, who dislikes the executor can let the errand
//! lapse and order anew, for the price of fees and the wait; and the author of the block before the seed can give up that block.

use alloc::vec::Vec;
use codec::Encode;
use polkadot_sdk::{sp_core::H256, sp_io::hashing::blake2_256};
use tea_nodes::{ActiveNode, NodeId};
use tea_sortition::Claim;

use crate::{price::gas_fee, Balance, ErrandId};

/// What of `active`, in its order, can run `gas_limit` for `budget` (the ceiling less code and data).
pub fn candidates(active: &[ActiveNode], gas_limit: u64, budget: Balance) -> Vec<NodeId> {
    let affordable = |node: &&ActiveNode| gas_fee(gas_limit, node.gas_price).is_some_and(|fee| fee <= budget);
    active.iter().filter(affordable).map(|node| node.id).collect()
}

pub fn seed<Hash: Encode>(parent_hash: Hash, id: ErrandId) -> H256 {
    (*b"tea/select", parent_hash, id).using_encoded(blake2_256).into()
}

/// The place of the executor among `count` candidates; `None` when there are none.
pub fn index(seed: H256, count: usize) -> Option<usize> {
    let (first, _) = seed.as_fixed_bytes().split_at(16);
    let number = first.iter().rev().fold(0u128, |number, byte| (number << 8) | u128::from(*byte));
    number.checked_rem(count as u128).map(|index| index as usize)
}

pub fn candidates_digest(candidates: &[NodeId]) -> H256 {
    blake2_256(&candidates.iter().flat_map(|id| id.to_fixed_bytes()).collect::<Vec<u8>>()).into()
}

pub fn claims_digest(claims: &[Claim]) -> H256 {
    let shown = claims.iter().flat_map(|claim| claim.node.to_fixed_bytes().into_iter().chain(claim.proof));
    blake2_256(&shown.collect::<Vec<u8>>()).into()
}
