//! The networks this runtime can start: `development`, `local` and `production`.

use alloc::{format, string::String, vec, vec::Vec};
use polkadot_sdk::{
    sp_core::crypto::Ss58Codec,
    sp_genesis_builder::PresetId,
    sp_keyring::{Ed25519Keyring, Sr25519Keyring},
};
use serde_json::{json, Value};

use super::{config::FeePot, AccountId, EXISTENTIAL_DEPOSIT, TEA};

const DEVELOPMENT: &str = "development";
const LOCAL: &str = "local";
const PRODUCTION: &str = "production";

/// What each development account starts with. It fits a u64, which JSON numbers of every reader can't be trusted beyond.
const ENDOWMENT: u64 = 1_000_000 * TEA as u64;

/// A tenth of a token, for which development nodes appraise others.
const TENTH: u64 = TEA as u64 / 10;

fn dev_accounts() -> Vec<AccountId> {
    use Sr25519Keyring::*;
    [Alice, Bob, Charlie, Dave, Eve, Ferdie].into_iter().map(Sr25519Keyring::to_account_id).collect()
}

fn balances(accounts: &[AccountId]) -> Value {
    let pot = json!([FeePot::get(), EXISTENTIAL_DEPOSIT as u64]);
    let endowed = accounts.iter().map(|account| json!([account, ENDOWMENT]));
    Value::Array(core::iter::once(pot).chain(endowed).collect())
}

fn authorities(count: usize) -> (Vec<String>, Vec<Value>) {
    let aura = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
    let grandpa = [Ed25519Keyring::Alice, Ed25519Keyring::Bob, Ed25519Keyring::Charlie];
    (
        aura.iter().take(count).map(|key| key.public().to_ss58check()).collect(),
        grandpa.iter().take(count).map(|key| json!([key.public().to_ss58check(), 1])).collect(),
    )
}

/// One authority, blocks on demand, and deadlines in seconds when nobody does anything: three minutes for a run, ten for people.
/// On demand, whoever makes blocks brings them nearer: see [`crate::tempo`].
fn development() -> Value {
    let accounts = dev_accounts();
    let (aura, grandpa) = authorities(1);
    json!({
        "tempo": { "slotDurationMs": 1_000, "blocksOnDemand": true },
        "aura": { "authorities": aura },
        "grandpa": { "authorities": grandpa },
        "balances": { "balances": balances(&accounts) },
        "sudo": { "key": Sr25519Keyring::Alice.to_account_id() },
        "nodes": {
            "foundingOperators": accounts, "heartbeatPeriod": 600, "evidenceLifetime": 86_400, "votePeriod": 120,
            "unbondingPeriod": 60, "appraisalFee": TENTH,
        },
        "sortition": { "window": 20, "keyAge": 1 },
        "errands": { "choiceByLot": true, "periods": {
            "fund": 600, "select": 200, "attest": 60, "release": 600, "start": 60, "run": 180, "accept": 60, "resolve": 600,
        } },
    })
}

/// Three validators and five founding operators on one machine, one block a second. A draw's window is some blocks longer than
/// finality takes: a node hears of a draw when its seed is final.
fn local() -> Value {
    let accounts = dev_accounts();
    let (aura, grandpa) = authorities(3);
    json!({
        "tempo": { "slotDurationMs": 1_000, "blocksOnDemand": false },
        "aura": { "authorities": aura },
        "grandpa": { "authorities": grandpa },
        "balances": { "balances": balances(&accounts) },
        "sudo": { "key": Sr25519Keyring::Alice.to_account_id() },
        "nodes": {
            "foundingOperators": accounts.iter().take(5).collect::<Vec<_>>(), "heartbeatPeriod": 600,
            "evidenceLifetime": 86_400, "votePeriod": 60, "unbondingPeriod": 600, "appraisalFee": TENTH,
        },
        "sortition": { "window": 12, "keyAge": 5 },
        "errands": { "choiceByLot": true, "periods": {
            "fund": 600, "select": 120, "attest": 60, "release": 600, "start": 60, "run": 600, "accept": 60, "resolve": 600,
        } },
    })
}

/// Six-second slots and nobody's keys: authorities, governance, founding operators and balances are to be filled in, for a
/// network that started with keys everybody knows would be everybody's.
fn production() -> Value {
    const HOUR: u32 = 600;
    const DAY: u32 = 24 * HOUR;
    json!({
        "tempo": { "slotDurationMs": 6_000, "blocksOnDemand": false },
        "balances": { "balances": balances(&[]) },
        "nodes": {
            "foundingOperators": [], "foundingNodes": [], "heartbeatPeriod": HOUR, "evidenceLifetime": 7 * DAY,
            "votePeriod": HOUR, "unbondingPeriod": 7 * DAY, "appraisalFee": 10 * TENTH,
        },
        "sortition": { "window": 10, "keyAge": HOUR },
        "errands": { "choiceByLot": true, "periods": {
            "fund": DAY, "select": HOUR, "attest": HOUR, "release": DAY, "start": HOUR, "run": DAY, "accept": DAY,
            "resolve": 7 * DAY,
        } },
    })
}

/// The patch over the default genesis that the preset `id` stands for.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match AsRef::<str>::as_ref(id) {
        DEVELOPMENT => development(),
        LOCAL => local(),
        PRODUCTION => production(),
        _ => return None,
    };
    Some(format!("{patch}").into_bytes())
}

pub fn preset_names() -> Vec<PresetId> {
    vec![DEVELOPMENT.into(), LOCAL.into(), PRODUCTION.into()]
}
