//! # Agenda
//!
//! What pallets have to do at a certain block stands in a double map, block first. Entering is unbounded, for whoever
//! enters pays; working off is bounded, oldest block first; what a block can't take waits for the next, and none is lost.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

use alloc::vec::Vec;
use polkadot_sdk::{
    frame_support::{
        storage::{IterableStorageDoubleMap, StorageDoubleMap, StorageValue},
        Parameter,
    },
    sp_runtime::traits::AtLeast32BitUnsigned,
};

/// Takes out of `Agenda` what is due at `now` and calls `act` with it, at most `bound` times. `From` keeps the oldest block
/// that may still have entries. `act` may enter new things at blocks after `now`.
///
/// Returns how many entries or empty blocks were looked at: what the work weighs.
pub fn work_off<Agenda, From, Block, Key>(now: Block, bound: u32, mut act: impl FnMut(Key)) -> u32
where
    Agenda: IterableStorageDoubleMap<Block, Key, ()> + StorageDoubleMap<Block, Key, ()>,
    From: StorageValue<Block, Query = Block>,
    Block: Parameter + AtLeast32BitUnsigned + Copy,
    Key: Parameter,
{
    let mut looked = 0u32;
    let mut from = From::get();
    while from <= now && looked < bound {
        let room = bound.saturating_sub(looked);
        let due: Vec<Key> = Agenda::iter_key_prefix(from).take(room as usize).collect();
        let found = due.len() as u32;
        for key in due {
            Agenda::remove(from, key.clone());
            act(key);
        }
        looked = looked.saturating_add(found.max(1));
        if found < room {
            from = from.saturating_add(Block::one());
        }
    }
    From::put(from);
    looked
}
