//! What each pallet is set to.

use polkadot_sdk::{
    frame_support::{
        derive_impl, parameter_types,
        traits::{tokens::imbalance::ResolveTo, ConstU128, ConstU32, ConstU64, ConstU8, VariantCountOf},
        weights::{
            constants::{ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
            IdentityFee, Weight,
        },
        PalletId,
    },
    frame_system::{self, limits, EnsureRoot},
    pallet_aura, pallet_balances, pallet_grandpa, pallet_sudo, pallet_timestamp, pallet_transaction_payment,
    pallet_utility,
    sp_consensus_aura::sr25519::AuthorityId as AuraId,
    sp_core,
    sp_runtime::{traits::AccountIdConversion, Perbill},
};

use super::{
    tempo, AccountId, Aura, Balance, Balances, Block, BlockNumber, Errands, Nonce, OriginCaller, PalletInfo, Runtime,
    RuntimeCall, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask, System, VERSION,
};

/// One TEA. The token has twelve decimals.
pub const TEA: Balance = 1_000_000_000_000;
pub const MILLI_TEA: Balance = TEA / 1_000;

/// The least an account holds, or it ceases to be.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_TEA;

/// Address prefix: the generic one of Substrate.
pub const SS58_PREFIX: u8 = 42;

/// Blocks for which draws and appraisals that are over stay in the state: thirty days of six-second slots, four times as long as evidence
/// lasts and as a dispute may take. After that they are in the chain's history and its exports.
pub const RETENTION: BlockNumber = 30 * 24 * 600;

/// Authorities that Aura and GRANDPA can hold.
const MAX_AUTHORITIES: u32 = 32;

parameter_types! {
    pub const Version: polkadot_sdk::sp_version::RuntimeVersion = VERSION;
    pub const SS58Prefix: u8 = SS58_PREFIX;
    pub const BlockHashCount: u32 = 2_400;
    /// Two seconds of computing, for slots of six: three quarters of them for whoever pays. Where slots are shorter, authors end
    /// a block by the clock before it is full. Proof sizes have no limit: nothing proves this chain's blocks to another.
    pub BlockWeights: limits::BlockWeights = limits::BlockWeights::with_sensible_defaults(
        Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX),
        Perbill::from_percent(75),
    );
    pub BlockLength: limits::BlockLength =
        limits::BlockLength::builder().max_length(5 * 1024 * 1024).build();
    /// A call costs what it weighs, however full blocks are.
    pub const FeeMultiplier: pallet_transaction_payment::Multiplier = pallet_transaction_payment::Multiplier::from_u32(1);
    /// Where fees and dust go, so that issuance never changes. It lives from genesis.
    pub FeePot: AccountId = PalletId(*b"tea/fees").into_account_truncating();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type BlockWeights = BlockWeights;
    type BlockLength = BlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type BlockHashCount = BlockHashCount;
    type DbWeight = ParityDbWeight;
    // As the SDK measured them, with this database.
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = SS58Prefix;
    type MaxConsumers = ConstU32<16>;
    type SingleBlockMigrations = super::Migrations;
}

impl tempo::Config for Runtime {}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = tempo::MinimumPeriod<Runtime>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type AllowMultipleBlocksPerSlot = tempo::ManyBlocksPerSlot<Runtime>;
    type SlotDuration = tempo::SlotDuration<Runtime>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    type DustRemoval = ResolveTo<FeePot, Balances>;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<0>;
    type MaxReserves = ConstU32<0>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = pallet_transaction_payment::FungibleAdapter<Balances, ResolveTo<FeePot, Balances>>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightToFee = IdentityFee<Balance>;
    type LengthToFee = IdentityFee<Balance>;
    // `()` would set it to nothing at the end of the first block, and only a call's base and length would be paid for.
    type FeeMultiplierUpdate = pallet_transaction_payment::ConstFeeMultiplier<FeeMultiplier>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

/// Who decides what no rule decides. Root now, by sudo; a collective's origin can take its place here.
pub type Governance = EnsureRoot<AccountId>;

impl tea_nodes::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TeeSignature = super::Signature;
    type Lots = super::Sortition;
    type Stake = ConstU128<{ 100 * TEA }>;
    type MaxActive = ConstU32<1_000>;
    type MaxDuePerBlock = ConstU32<50>;
    type Retention = ConstU32<RETENTION>;
    type WeightInfo = tea_nodes::weights::Measured<Runtime>;
}

impl tea_content::Config for Runtime {
    type WeightInfo = tea_content::weights::Measured<Runtime>;
}

impl tea_sortition::Config for Runtime {
    type KeyOf = tea_sortition::account_key::AccountIsKey;
    type Electorate = Errands;
    // Each of 200 errands in a block opens a draw that is moved on twice: when it gets its seed, and when it ends.
    type MaxDuePerBlock = ConstU32<420>;
    type Retention = ConstU32<RETENTION>;
    type WeightInfo = tea_sortition::weights::Measured<Runtime>;
}

impl tea_errands::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type GovernanceOrigin = Governance;
    type MaxSelectionsPerBlock = ConstU32<210>;
    type MaxExpiriesPerBlock = ConstU32<50>;
    type WeightInfo = tea_errands::weights::Measured<Runtime>;
}

impl tea_releases::Config for Runtime {
    type GovernanceOrigin = Governance;
    type WeightInfo = tea_releases::weights::Measured<Runtime>;
}

impl tea_vouchers::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type MinDeposit = ConstU128<{ 10 * MILLI_TEA }>;
    type ChallengePeriod = ConstU32<600>;
    type MaxLifetime = ConstU32<{ 400 * 24 * 600 }>;
    type MaxEndsPerBlock = ConstU32<50>;
    type WeightInfo = tea_vouchers::weights::Measured<Runtime>;
}
