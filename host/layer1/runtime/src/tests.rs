//! What only the whole runtime can show: its networks start, and fees leave issuance alone.

use polkadot_sdk::{
    frame_support::{
        assert_ok,
        dispatch::GetDispatchInfo,
        genesis_builder_helper::{build_state, get_preset},
        traits::Currency,
    },
    pallet_balances,
    sp_core::{sr25519, Encode, Pair},
    sp_io::TestExternalities,
    sp_keyring::Sr25519Keyring,
    sp_runtime::{generic::Era, traits::Header as _, BuildStorage, Digest, DigestItem},
};

use super::*;

mod full_block;
mod pace;
mod random_walk;
mod upgrade;
mod weights;

/// The chain of a preset, at its genesis.
fn chain(preset: &str) -> TestExternalities {
    let mut chain = TestExternalities::new_empty();
    chain.execute_with(|| {
        let patch = get_preset::<RuntimeGenesisConfig>(&Some(preset.into()), genesis::preset).unwrap();
        let mut json = serde_json::to_value(RuntimeGenesisConfig::default()).unwrap();
        merge(&mut json, serde_json::from_slice(&patch).unwrap());
        assert_ok!(build_state::<RuntimeGenesisConfig>(serde_json::to_vec(&json).unwrap()));
    });
    chain
}

/// RFC 7386, as a node does it.
fn merge(target: &mut serde_json::Value, patch: serde_json::Value) {
    match (target.as_object_mut(), patch) {
        (Some(target), serde_json::Value::Object(patch)) => {
            for (key, value) in patch {
                merge(target.entry(key).or_insert(serde_json::Value::Null), value);
            }
        }
        (_, patch) => *target = patch,
    }
}

fn start_block(number: BlockNumber, slot: u64) {
    let digest = Digest { logs: vec![DigestItem::PreRuntime(*b"aura", slot.encode())] };
    let parent = if number == 1 { Hash::zero() } else { Executive::finalize_block().hash() };
    Executive::initialize_block(&Header::new(number, Hash::zero(), Hash::zero(), parent, digest));
    let set = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: slot * 1_000 });
    assert_ok!(Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(set)).unwrap());
}

fn signed(who: Sr25519Keyring, nonce: Nonce, call: RuntimeCall) -> UncheckedExtrinsic {
    signed_with(&who.pair(), nonce, call)
}

fn signed_with(pair: &sr25519::Pair, nonce: Nonce, call: RuntimeCall) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_system::WeightReclaim::new(),
    );
    let payload = generic::SignedPayload::new(call.clone(), extension.clone()).unwrap();
    let signature = payload.using_encoded(|bytes| pair.sign(bytes));
    let who = AccountId::new(pair.public().0);
    UncheckedExtrinsic::new_signed(call, who.into(), signature.into(), extension)
}

#[test]
fn every_preset_starts_a_chain_whose_pallets_are_in_order() {
    for preset in genesis::preset_names() {
        chain(AsRef::<str>::as_ref(&preset)).execute_with(|| {
            assert_ok!(Nodes::do_try_state());
            assert_ok!(Errands::do_try_state());
            assert_ok!(Sortition::do_try_state());
            assert!(tea_errands::ChoiceByLot::<Runtime>::get(), "executors are drawn by lot in every network");
            let patience = tea_sortition::Window::<Runtime>::get() * tea_sortition::MAX_ROUNDS;
            assert!(tea_errands::StatePeriods::<Runtime>::get().select > patience, "no round is cut off");
            assert_eq!(Balances::free_balance(config::FeePot::get()), EXISTENTIAL_DEPOSIT);
            assert!(tea_errands::StatePeriods::<Runtime>::get().are_possible());
        });
    }
}

#[test]
fn production_starts_with_nobodys_keys_and_nobodys_money() {
    chain("production").execute_with(|| {
        assert!(pallet_aura::Authorities::<Runtime>::get().is_empty());
        assert!(Grandpa::grandpa_authorities().is_empty());
        assert_eq!(pallet_sudo::Key::<Runtime>::get(), None);
        assert_eq!(Balances::total_issuance(), EXISTENTIAL_DEPOSIT);
        assert_eq!(tea_nodes::FoundingOperators::<Runtime>::iter().count(), 0);
        assert!(!tempo::BlocksOnDemand::<Runtime>::get());
    });
}

#[test]
fn fees_and_dust_go_to_the_pot_and_issuance_never_changes() {
    use Sr25519Keyring::{Alice, Bob};
    chain("development").execute_with(|| {
        let issuance = Balances::total_issuance();
        start_block(1, 10);
        // Alice sends all but dust, which ceases to be hers.
        let left = EXISTENTIAL_DEPOSIT / 2;
        let transfer = |value: Balance| {
            let dest = Bob.to_account_id().into();
            RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death { dest, value })
        };
        let sample = signed(Alice, 0, transfer(Balance::MAX));
        let fee = TransactionPayment::compute_fee(sample.encode().len() as u32, &sample.get_dispatch_info(), 0);
        let all = Balances::free_balance(Alice.to_account_id()) - fee - left;
        assert_ok!(Executive::apply_extrinsic(signed(Alice, 0, transfer(all))).unwrap());
        assert_eq!(Balances::total_balance(&Alice.to_account_id()), 0);
        assert_eq!(Balances::total_issuance(), issuance);
        assert!(Balances::free_balance(config::FeePot::get()) > EXISTENTIAL_DEPOSIT + left);
    });
}

#[test]
fn a_development_chain_makes_many_blocks_in_a_slot() {
    chain("development").execute_with(|| {
        start_block(1, 10);
        start_block(2, 10);
        assert_eq!(System::block_number(), 2);
    });
}

#[test]
#[should_panic(expected = "Slot must increase")]
fn a_local_chain_makes_one_block_a_slot() {
    chain("local").execute_with(|| {
        start_block(1, 10);
        start_block(2, 10);
    });
}

#[test]
fn a_public_network_takes_six_seconds_a_slot() {
    chain("production").execute_with(|| assert_eq!(Aura::slot_duration(), 6_000));
    let _ = RuntimeGenesisConfig::default().build_storage().unwrap();
}
