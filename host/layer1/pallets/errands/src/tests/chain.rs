//! A chain with balances, three founding nodes and some content, and the path of an errand in steps.

pub use crate::*;
pub use polkadot_sdk::{
    frame_support::{assert_noop, assert_ok, pallet_prelude::DispatchResult},
    pallet_balances,
    sp_io::TestExternalities,
};

use polkadot_sdk::{
    frame_support::{
        derive_impl,
        traits::{ConstU128, ConstU32, ConstU64, Hooks},
    },
    frame_system::EnsureRoot,
    sp_runtime::{testing::TestSignature, traits::IdentityLookup, BuildStorage},
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey};
use tea_nodes::TrustClass;
use tea_sortition::account_key::KeyOf;

type Block = polkadot_sdk::frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeTask,
        RuntimeHoldReason,
        RuntimeFreezeReason
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = polkadot_sdk::frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Nodes = tea_nodes;
    #[runtime::pallet_index(3)]
    pub type Content = tea_content;
    #[runtime::pallet_index(4)]
    pub type Sortition = tea_sortition;
    #[runtime::pallet_index(5)]
    pub type Ledger = crate;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl polkadot_sdk::frame_system::Config for Test {
    type Block = Block;
    type AccountId = u64;
    type Lookup = IdentityLookup<u64>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

pub const EXISTENTIAL_DEPOSIT: Balance = 10;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
}

impl tea_nodes::Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type TeeSignature = TestSignature;
    type Lots = Sortition;
    type Stake = ConstU128<100>;
    type MaxActive = ConstU32<100>;
    type MaxDuePerBlock = ConstU32<100>;
    type Retention = ConstU64<RETENTION>;
    type WeightInfo = ();
}

impl tea_content::Config for Test {
    type WeightInfo = ();
}

/// The VRF key of a test's TEE, made from its account.
pub fn keypair(account: u64) -> Keypair {
    let mut seed = [7u8; 32];
    seed[..8].copy_from_slice(&account.to_le_bytes());
    MiniSecretKey::from_bytes(&seed).unwrap().expand_to_keypair(ExpansionMode::Ed25519)
}

pub struct KeyOfNumber;

impl KeyOf<u64> for KeyOfNumber {
    fn key_of(account: &u64) -> Option<[u8; 32]> {
        Some(keypair(*account).public.to_bytes())
    }
}

pub const WINDOW: u64 = 4;
pub const RETENTION: u64 = 500;

impl tea_sortition::Config for Test {
    type KeyOf = KeyOfNumber;
    type Electorate = Ledger;
    type MaxDuePerBlock = ConstU32<50>;
    type Retention = ConstU64<RETENTION>;
    type WeightInfo = ();
}

pub const SELECTIONS_PER_BLOCK: u32 = 7;
pub const EXPIRIES_PER_BLOCK: u32 = 5;

impl Config for Test {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type GovernanceOrigin = EnsureRoot<u64>;
    type MaxSelectionsPerBlock = ConstU32<SELECTIONS_PER_BLOCK>;
    type MaxExpiriesPerBlock = ConstU32<EXPIRIES_PER_BLOCK>;
    type WeightInfo = ();
}

pub const CONSUMER: u64 = 1;
pub const CODE_OWNER: u64 = 2;
pub const DATA_OWNER: u64 = 3;
pub const STRANGER: u64 = 9;
pub const OPERATORS: [u64; 3] = [11, 12, 13];

pub const CODE_PRICE: Balance = 50;
pub const DATA_PRICE: Balance = 30;
/// Per 1,000,000 of gas.
pub const GAS_PRICE: Balance = 200;
pub const GAS_LIMIT: u64 = 2_000_000;
pub const CEILING: Balance = 1_000;
pub const ENDOWMENT: Balance = 1_000_000;

/// Sealed code, sealed data, plain code and plain data, by their ids.
pub const SEALED_CODE: ContentId = 1;
pub const SEALED_DATA: ContentId = 2;
pub const PLAIN_CODE: ContentId = 3;
pub const PLAIN_DATA: ContentId = 4;

pub const PERIODS: Periods =
    Periods { fund: 10, select: 20, attest: 11, release: 12, start: 13, run: 14, accept: 15, resolve: 16 };

pub fn host(operator: u64) -> u64 {
    operator + 100
}

pub fn tee(operator: u64) -> u64 {
    operator + 200
}

pub fn node(operator: u64) -> NodeId {
    H256::from_low_u64_be(operator)
}

pub fn cid() -> Cid {
    BoundedVec::truncate_from(vec![1; 36])
}

pub fn words(text: &str) -> Words {
    BoundedVec::truncate_from(text.as_bytes().to_vec())
}

pub fn signed(who: u64) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Everything but nodes; block 1.
pub fn chain_without_nodes() -> TestExternalities {
    let accounts = [CONSUMER, CODE_OWNER, DATA_OWNER, STRANGER].into_iter().chain(OPERATORS).chain(OPERATORS.map(host));
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: accounts.map(|account| (account, ENDOWMENT)).collect(),
            ..Default::default()
        },
        nodes: tea_nodes::GenesisConfig {
            founding_operators: OPERATORS.to_vec(),
            heartbeat_period: 1_000_000,
            evidence_lifetime: 1_000_000,
            unbonding_period: 1_000,
            ..Default::default()
        },
        sortition: tea_sortition::GenesisConfig { window: WINDOW, key_age: 0 },
        ledger: GenesisConfig { periods: PERIODS, ..Default::default() },
        ..Default::default()
    };
    let mut chain: TestExternalities = genesis.build_storage().unwrap().into();
    chain.execute_with(|| {
        System::set_block_number(1);
        for visibility in [Visibility::Sealed, Visibility::Plain] {
            publish(CODE_OWNER, Kind::Code, visibility, CODE_PRICE);
            publish(DATA_OWNER, Kind::Data, visibility, DATA_PRICE);
        }
    });
    chain
}

/// The same with a node of each of the [`OPERATORS`], all Active at [`GAS_PRICE`].
pub fn chain() -> TestExternalities {
    let mut chain = chain_without_nodes();
    chain.execute_with(|| OPERATORS.into_iter().for_each(join));
    chain
}

pub fn publish(owner: u64, kind: Kind, visibility: Visibility, price: Balance) -> ContentId {
    assert_ok!(Content::publish(signed(owner), kind, cid(), H256::repeat_byte(5), 10, visibility, price));
    tea_content::LastId::<Test>::get()
}

/// Registers a node of `operator` and makes it Active.
pub fn join(operator: u64) {
    let (id, class) = (node(operator), TrustClass::Simulated);
    let (tee_account, host_account) = (tee(operator), host(operator));
    let consent = TestSignature(tee_account, Nodes::consent_message(id, &operator));
    let digest = H256::zero();
    let origin = signed(operator);
    assert_ok!(Nodes::register(origin, id, tee_account, host_account, cid(), digest, class, GAS_PRICE, consent));
    assert_ok!(Nodes::vote(signed(tee_account), id, H256::zero(), true, H256::zero()));
}

/// Runs what starts each block, up to and with `block`, and checks the invariants after each.
pub fn run_to(block: u64) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        System::reset_events();
        System::initialize(&next, &H256::from_low_u64_be(0xbeef + next), &Default::default());
        Sortition::on_initialize(next);
        Ledger::on_initialize(next);
        Ledger::do_try_state().unwrap();
    }
}

pub fn next_block() {
    run_to(System::block_number() + 1);
}

pub fn errand(id: ErrandId) -> ErrandOf<Test> {
    Errands::<Test>::get(id).unwrap()
}

pub fn state(id: ErrandId) -> State {
    errand(id).state
}

pub fn order(code: ContentId, data: &[ContentId], input: Option<Input>) -> Result<ErrandId, DispatchError> {
    let data = BoundedVec::truncate_from(data.to_vec());
    let key = BoundedVec::truncate_from(vec![4; 65]);
    Ledger::create(signed(CONSUMER), code, data, input, GAS_LIMIT, CEILING, H256::repeat_byte(9), key)?;
    Ok(LastId::<Test>::get())
}

pub fn sealed_input() -> Option<Input> {
    Some(Input { cid: cid(), sha256: H256::repeat_byte(8), size: 3, visibility: Visibility::Sealed })
}

/// The account of the TEE that was chosen.
pub fn executor(id: ErrandId) -> u64 {
    errand(id).selection.unwrap().tee_account
}

/// The steps of an errand with sealed code, data and input. Each goes as far as its name says, in as few blocks as possible.
pub fn created() -> ErrandId {
    order(SEALED_CODE, &[SEALED_DATA], sealed_input()).unwrap()
}

pub fn funded() -> ErrandId {
    let id = created();
    assert_ok!(Ledger::fund(signed(CONSUMER), id));
    id
}

pub fn selected() -> ErrandId {
    let id = funded();
    next_block();
    id
}

pub fn attested() -> ErrandId {
    let id = selected();
    assert_ok!(Ledger::attest(signed(executor(id)), id, cid(), H256::repeat_byte(1)));
    id
}

pub const RELEASES: [(u64, Part); 3] = [(CODE_OWNER, Part::Code), (DATA_OWNER, Part::Data(0)), (CONSUMER, Part::Input)];

pub fn keys_released() -> ErrandId {
    let id = attested();
    for (owner, part) in RELEASES {
        assert_ok!(Ledger::release(signed(owner), id, part, H256::repeat_byte(2)));
    }
    id
}

pub fn running() -> ErrandId {
    let id = keys_released();
    assert_ok!(Ledger::start(signed(executor(id)), id));
    id
}

pub fn prove(id: ErrandId, outcome: Outcome, gas_used: u64) -> DispatchResult {
    let who = signed(executor(id));
    let proved = Ledger::prove(who, id, outcome, gas_used, H256::repeat_byte(6), cid(), H256::repeat_byte(7));
    proved.map(|_| ()).map_err(|refused| refused.error)
}

pub fn proved() -> ErrandId {
    let id = running();
    assert_ok!(prove(id, Outcome::Ok, 1_000_001));
    id
}

pub fn disputed() -> ErrandId {
    let id = proved();
    assert_ok!(Ledger::dispute(signed(CONSUMER), id, words("wrong result")));
    id
}

pub fn settled() -> ErrandId {
    let id = proved();
    assert_ok!(Ledger::settle(signed(CONSUMER), id));
    id
}

pub fn cancelled() -> ErrandId {
    let id = funded();
    assert_ok!(Ledger::cancel(signed(CONSUMER), id));
    id
}

pub fn free(who: u64) -> Balance {
    Balances::free_balance(who)
}

/// Every call on errand `id` by `who`, with arguments that fit; governance's is left out.
pub fn calls(who: u64, id: ErrandId) -> Vec<(&'static str, DispatchResult)> {
    calls_by(|| signed(who), id)
}

/// The same by any origin. Each is undone again.
pub fn calls_by(origin: impl Fn() -> RuntimeOrigin, id: ErrandId) -> Vec<(&'static str, DispatchResult)> {
    let digest = H256::repeat_byte(3);
    let plainly = |done: DispatchResultWithPostInfo| done.map(|_| ()).map_err(|refused| refused.error);
    let tried = |call: &dyn Fn() -> DispatchResult| {
        use polkadot_sdk::{frame_support::storage::with_transaction, sp_runtime::TransactionOutcome};
        with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(call()))).unwrap()
    };
    vec![
        ("fund", tried(&|| plainly(Ledger::fund(origin(), id)))),
        ("cancel", tried(&|| Ledger::cancel(origin(), id))),
        ("attest", tried(&|| plainly(Ledger::attest(origin(), id, cid(), digest)))),
        ("release code", tried(&|| Ledger::release(origin(), id, Part::Code, digest))),
        ("release data", tried(&|| Ledger::release(origin(), id, Part::Data(0), digest))),
        ("release input", tried(&|| Ledger::release(origin(), id, Part::Input, digest))),
        ("decline code", tried(&|| Ledger::decline(origin(), id, Part::Code, words("no")))),
        ("decline data", tried(&|| Ledger::decline(origin(), id, Part::Data(0), words("no")))),
        ("decline input", tried(&|| Ledger::decline(origin(), id, Part::Input, words("no")))),
        ("start", tried(&|| plainly(Ledger::start(origin(), id)))),
        ("prove", tried(&|| plainly(Ledger::prove(origin(), id, Outcome::Ok, 1, digest, cid(), digest)))),
        ("settle", tried(&|| plainly(Ledger::settle(origin(), id)))),
        ("dispute", tried(&|| Ledger::dispute(origin(), id, words("no")))),
        ("resolve", tried(&|| plainly(Ledger::resolve(origin(), id, true)))),
    ]
}

/// The names of those of `calls` that were accepted.
pub fn accepted(calls: Vec<(&'static str, DispatchResult)>) -> Vec<&'static str> {
    calls.into_iter().filter(|(_, result)| result.is_ok()).map(|(name, _)| name).collect()
}
