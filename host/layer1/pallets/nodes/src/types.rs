//! What a node and an appraisal of one are made of.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{pallet_prelude::ConstU32, BoundedVec},
    sp_core::H256,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Units of the chain's token, 10^-12 TEA each.
pub type Balance = u128;

/// SHA-256 digest in the TPM name of the node's attestation key.
pub type NodeId = H256;

/// Number of an appraisal, from 1 upwards; 0 stands for none.
pub type AppraisalId = u64;

/// An IPFS content identifier in its binary form.
pub type Cid = BoundedVec<u8, ConstU32<64>>;

/// Where clients reach a node, as a URL of at most 128 bytes.
pub type Transport = BoundedVec<u8, ConstU32<128>>;

/// All the ways to one node. A node without any is reached through others.
pub type Transports = BoundedVec<Transport, ConstU32<4>>;

/// Members of a full committee, each of another operator. More than half of the seats decide: three of four.
pub const SEATS: u32 = 4;

/// How many seats a node may hold at once: more than it could do justice to in time.
pub const MAX_OPEN_SEATS: u32 = 64;

/// What stands between the operator and the TEE, by what its evidence claims.
#[derive(
    Clone,
    Copy,
    Debug,
    Eq,
    PartialEq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum TrustClass {
    /// A software TPM on the host: nothing but the operator's word.
    Simulated,
    /// A TPM given by a hypervisor.
    Vtpm,
    /// A hardware TPM.
    Tpm,
    /// A hardware TPM and a processor that encrypts the TEE's memory.
    TpmMemoryEncryption,
}

/// Where a node stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Status {
    /// Its evidence isn't appraised yet.
    Pending,
    /// It may claim errands and seats.
    Active,
    /// It was Active, and then missed its heartbeats, of which the next one brings it back; or brought evidence that was
    /// found wanting, and then only new evidence does.
    Inactive,
    /// Its first evidence was found wanting; new evidence makes it Pending again.
    Refused,
    /// Its evidence is too old, or nobody appraised it; new evidence makes it Pending again.
    Expired,
    /// Its operator gave it up; the stake returns when the unbonding period is over.
    Exiting,
}

/// Why a node has its status, for its operator to act on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Reason {
    /// Pending: it is new.
    Registered,
    /// Pending: its operator, or the node itself, brought new evidence.
    EvidenceReplaced,
    /// Active: enough seats of the appraisal passed it.
    Admitted,
    /// Active: a heartbeat brought it back.
    Returned,
    /// Inactive: no heartbeat came for a whole period.
    Silent,
    /// Refused or, if it was admitted before, Inactive: enough seats of the appraisal say why.
    FoundWanting,
    /// Expired: it was admitted too long ago. Renew its evidence.
    EvidenceTooOld,
    /// Expired: too few nodes claimed seats. Try again when there are more.
    NoCommittee,
    /// Expired: the committee didn't agree in time. Try again.
    Undecided,
    /// Exiting: its operator said so.
    Left,
}

/// One registered node.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Node<AccountId, BlockNumber> {
    pub operator: AccountId,
    /// Signs for the TEE. Its sr25519 key is also the key of the node's lots.
    pub tee_account: AccountId,
    pub host_account: AccountId,
    pub class: TrustClass,
    pub evidence_cid: Cid,
    pub evidence_digest: H256,
    /// Price of 1,000,000 units of gas.
    pub gas_price: Balance,
    /// Held from the operator until the node has left.
    pub stake: Balance,
    /// Named at genesis, or admitted by its own vote because its operator founded the network.
    pub founding: bool,
    pub status: Status,
    pub reason: Reason,
    /// The appraisal of the present evidence; 0 if it was decided before there were appraisals.
    pub appraisal: AppraisalId,
    pub registered_at: BlockNumber,
    pub last_heartbeat: BlockNumber,
    /// When the evidence gets too old; 0 if it never held.
    pub expires_at: BlockNumber,
    /// While Active, Inactive for silence, or Exiting: the block that looks at the node again.
    pub due_at: BlockNumber,
    /// Since storage version 1.
    pub transports: Transports,
    /// Since storage version 2: its operator offers it as a first contact.
    pub bootstrap: bool,
}

/// What choosing an executor needs to know of an Active node.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ActiveNode {
    pub id: NodeId,
    pub gas_price: Balance,
}

/// A member's judgement.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ballot<BlockNumber> {
    pub pass: bool,
    /// Digest of the attestation result that says why: anyone can appraise the same evidence and compare.
    pub reasons_digest: H256,
    pub at: BlockNumber,
}

/// A place in a committee.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Seat<AccountId, BlockNumber> {
    pub node: NodeId,
    /// Whose node it was when it was seated, and who is paid.
    pub operator: AccountId,
    pub vote: Option<Ballot<BlockNumber>>,
}

/// How an appraisal ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Outcome {
    /// More than half of the seats passed the evidence.
    Admitted,
    /// More than half of the seats failed it.
    Refused,
    /// Too few nodes claimed seats.
    NoCommittee,
    /// Neither, in time.
    Undecided,
    /// The evidence was replaced, or the node left, before it was decided.
    Withdrawn,
}

/// One committee's judgement of one piece of evidence. It stays on record, so that a wrong vote can always be shown.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Appraisal<AccountId, BlockNumber> {
    pub node: NodeId,
    /// Who pays for it.
    pub operator: AccountId,
    pub evidence_cid: Cid,
    pub evidence_digest: H256,
    /// The draw that seats the committee; none where a founding node is its own judge.
    pub draw: Option<u64>,
    pub opened_at: BlockNumber,
    /// The first block that is too late for votes, once the committee is seated.
    pub votes_close: Option<BlockNumber>,
    /// What a member gets for a vote.
    pub fee: Balance,
    /// What the operator has on hold for it now.
    pub held: Balance,
    pub seats: BoundedVec<Seat<AccountId, BlockNumber>, ConstU32<SEATS>>,
    /// The decision, as soon as there is one.
    pub outcome: Option<Outcome>,
    /// When votes were closed and paid.
    pub closed_at: Option<BlockNumber>,
}

impl<AccountId, BlockNumber> Appraisal<AccountId, BlockNumber> {
    /// Votes of one kind that decide: more than half of the seats.
    pub fn quorum(&self) -> u32 {
        (self.seats.len() as u32) / 2 + 1
    }

    pub fn votes(&self, pass: bool) -> u32 {
        let agree = |seat: &&Seat<_, _>| seat.vote.as_ref().is_some_and(|vote| vote.pass == pass);
        self.seats.iter().filter(agree).count() as u32
    }

    pub fn all_voted(&self) -> bool {
        self.seats.iter().all(|seat| seat.vote.is_some())
    }
}

/// A node that is Active from genesis, by the word of whoever makes the genesis: its evidence is there for everyone to judge.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FoundingNode<AccountId> {
    pub id: NodeId,
    pub operator: AccountId,
    pub tee_account: AccountId,
    pub host_account: AccountId,
    pub class: TrustClass,
    pub evidence_cid: polkadot_sdk::sp_core::Bytes,
    pub evidence_digest: H256,
    pub gas_price: Balance,
}
