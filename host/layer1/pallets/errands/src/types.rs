//! What an errand is made of. Everything a proof needs stays in [`Errand`] after the end.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_sdk::{
    frame_support::{pallet_prelude::ConstU32, BoundedVec},
    sp_core::H256,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use tea_content::{Cid, ContentId, Visibility};
use tea_nodes::NodeId;

/// Units of the chain's token, 10^-12 TEA each.
pub type Balance = u128;

/// Number of an errand, from 1 upwards, given once.
pub type ErrandId = u64;

/// How many data an errand may read.
pub const MAX_DATA: u32 = 8;

/// Code, data and input.
pub const MAX_PARTS: u32 = MAX_DATA + 2;

/// Code owner, data owners, executor and host.
pub const MAX_PAYMENTS: u32 = MAX_DATA + 3;

/// Somebody's words, for people to read.
pub type Words = BoundedVec<u8, ConstU32<128>>;

/// The public key that the result is encrypted to: at most an uncompressed P-256 point.
pub type ResultKey = BoundedVec<u8, ConstU32<65>>;

/// One thing that goes into the run.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Part {
    Code,
    /// The data at this place of the errand's list.
    Data(u8),
    Input,
}

/// The consumer's own input for this errand alone.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Input {
    pub cid: Cid,
    /// SHA-256 of the added bytes: of the sealed ones when sealed.
    pub sha256: H256,
    pub size: u64,
    pub visibility: Visibility,
}

/// Where an errand stands. Each state but the last two has one party who must act before the deadline.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum State {
    /// The consumer must fund it.
    Created,
    /// Layer 1 must choose an executor.
    Funded,
    /// The executor must publish evidence.
    Selected,
    /// The owners of sealed parts must release their keys, or decline.
    Attested,
    /// The executor must start.
    KeysReleased,
    /// The executor must prove the run.
    Running,
    /// The consumer may accept or dispute.
    Proved,
    /// Governance must resolve it.
    Disputed,
    /// The end: paid by the receipt.
    Settled,
    /// The end: nobody was paid.
    Refunded(RefundReason),
}

/// Why the consumer got everything back, and by whose doing.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum RefundReason {
    ConsumerDidNotFund,
    ConsumerCancelled,
    /// No Active node was cheap enough for the price ceiling.
    NoCandidate,
    ExecutorDidNotAttest,
    /// The first part whose key was missing at the deadline.
    OwnerDidNotRelease(Part),
    OwnerDeclined {
        part: Part,
        reason: Words,
    },
    ExecutorDidNotStart,
    ExecutorDidNotProve,
    /// Governance found for the consumer.
    DisputeUpheld,
}

/// How the run ended, by the receipt.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Outcome {
    Ok,
    Trap,
    OutOfGas,
    OutOfMemory,
    OutOfTime,
    OutputTooLarge,
    RefusedModule,
    RefusedImport,
    Cancelled,
}

/// An owner's statement that the key of a part was sealed to the executor.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Release<BlockNumber> {
    /// Digest of the sealed key.
    pub digest: H256,
    pub at: BlockNumber,
}

/// The terms of one part as they were when the errand was created.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PartTerms<AccountId, BlockNumber> {
    pub part: Part,
    /// Who releases its key, and who is paid for it.
    pub owner: AccountId,
    pub price: Balance,
    pub sealed: bool,
    /// SHA-256 of the published bytes, so that the errand alone says what was to run.
    pub sha256: H256,
    pub release: Option<Release<BlockNumber>>,
}

/// The choice of an executor, with what anyone needs to make it again. See [`crate::choice`].
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Selection<AccountId, BlockNumber> {
    /// The block that chose: the seed is of its parent's hash, the candidates are of its parent's state.
    pub block: BlockNumber,
    pub seed: H256,
    pub candidates: u32,
    pub candidates_digest: H256,
    pub node: NodeId,
    /// Who acts for the node, who is paid for it and at what price, as they were then.
    pub tee_account: AccountId,
    pub operator: AccountId,
    pub host_account: AccountId,
    pub gas_price: Balance,
}

/// The executor's fresh evidence for this errand.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Evidence<BlockNumber> {
    pub cid: Cid,
    pub digest: H256,
    pub at: BlockNumber,
}

/// What the executor says about the run.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Proof<BlockNumber> {
    pub outcome: Outcome,
    pub gas_used: u64,
    pub receipt_digest: H256,
    /// Where the encrypted result is; empty when there is none.
    pub result_cid: Cid,
    pub result_digest: H256,
    pub at: BlockNumber,
}

/// What somebody is paid for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Role {
    CodeOwner,
    DataOwner(u8),
    /// The node's operator, for the TEE's work.
    Executor,
    /// The node's host account.
    Host,
}

#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Payment<AccountId> {
    pub account: AccountId,
    pub amount: Balance,
    pub role: Role,
}

pub type Payments<AccountId> = BoundedVec<Payment<AccountId>, ConstU32<MAX_PAYMENTS>>;

/// Where the money went: `payments` and `refunded` sum to what was held.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Settlement<AccountId, BlockNumber> {
    pub payments: Payments<AccountId>,
    pub refunded: Balance,
    pub at: BlockNumber,
}

/// One paid execution, from its creation to its end and after.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Errand<AccountId, BlockNumber> {
    pub state: State,
    /// The first block that is too late for the party who must act. In an end state: the block of the end.
    pub deadline: BlockNumber,
    pub consumer: AccountId,
    pub code: ContentId,
    pub data: BoundedVec<ContentId, ConstU32<MAX_DATA>>,
    pub input: Option<Input>,
    pub gas_limit: u64,
    pub max_price: Balance,
    /// Digest of the appraisal policy that the executor's evidence is judged by.
    pub policy: H256,
    pub result_key: ResultKey,
    pub created_at: BlockNumber,
    /// What the consumer has on hold for it now.
    pub held: Balance,
    pub parts: BoundedVec<PartTerms<AccountId, BlockNumber>, ConstU32<MAX_PARTS>>,
    pub selection: Option<Selection<AccountId, BlockNumber>>,
    pub evidence: Option<Evidence<BlockNumber>>,
    pub proof: Option<Proof<BlockNumber>>,
    /// The consumer's complaint.
    pub dispute: Option<Words>,
    pub settlement: Option<Settlement<AccountId, BlockNumber>>,
}

impl<AccountId, BlockNumber> Errand<AccountId, BlockNumber> {
    /// Price of code and data together; `None` if it is more than a balance can say.
    pub fn content_price(&self) -> Option<Balance> {
        self.parts.iter().try_fold(0u128, |sum, terms| sum.checked_add(terms.price))
    }

    /// The first sealed part whose key isn't released.
    pub fn missing_key(&self) -> Option<Part> {
        self.parts.iter().find(|terms| terms.sealed && terms.release.is_none()).map(|terms| terms.part)
    }
}

/// How many blocks the party who must act has, by state. Each at least 1; `select` at least 2, for the choice is made
/// in the block after funding.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Periods {
    /// Created: the consumer funds.
    pub fund: u32,
    /// Funded: layer 1 chooses.
    pub select: u32,
    /// Selected: the executor attests.
    pub attest: u32,
    /// Attested: owners release.
    pub release: u32,
    /// KeysReleased: the executor starts.
    pub start: u32,
    /// Running: the executor proves.
    pub run: u32,
    /// Proved: the consumer accepts or disputes; silence is acceptance.
    pub accept: u32,
    /// Disputed: governance resolves; without a resolution the receipt stands.
    pub resolve: u32,
}

impl Default for Periods {
    /// An hour for machines and a day for people at one block a second, a week for a dispute.
    fn default() -> Self {
        const HOUR: u32 = 3_600;
        const DAY: u32 = 24 * HOUR;
        Self {
            fund: DAY,
            select: HOUR,
            attest: HOUR,
            release: DAY,
            start: HOUR,
            run: DAY,
            accept: DAY,
            resolve: 7 * DAY,
        }
    }
}

impl Periods {
    /// How long a state may last; `None` for the ends.
    pub fn of(&self, state: &State) -> Option<u32> {
        match state {
            State::Created => Some(self.fund),
            State::Funded => Some(self.select),
            State::Selected => Some(self.attest),
            State::Attested => Some(self.release),
            State::KeysReleased => Some(self.start),
            State::Running => Some(self.run),
            State::Proved => Some(self.accept),
            State::Disputed => Some(self.resolve),
            State::Settled | State::Refunded(_) => None,
        }
    }

    pub fn are_possible(&self) -> bool {
        let all = [self.fund, self.attest, self.release, self.start, self.run, self.accept, self.resolve];
        self.select >= 2 && all.iter().all(|blocks| *blocks >= 1)
    }
}
