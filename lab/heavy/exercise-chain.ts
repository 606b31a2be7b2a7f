import { voucherMessage } from '@tea/protocol/layer1';
import { blake2b } from '@noble/hashes/blake2.js';
import { fromHex } from '@tea/protocol';
import { type Account, accountFromSeed, ss58 } from '@tea/sdk';
import { address, bytes, type Calls, digest, TEA, type Transaction, variant } from './calls.ts';

/** System, balances, utility: what every chain has, and what only governance may. */
export async function exerciseSystem(
  calls: Calls,
  { dave, charlie, stranger, alice }: Readonly<Record<'dave' | 'charlie' | 'stranger' | 'alice', Account>>,
): Promise<void> {
  const { api } = calls.ledger;
  const { System, Balances, Utility, Sudo, Grandpa } = api.tx;
  const poor = accountFromSeed('poor', new Uint8Array(32).fill(0x44));
  const pay = (to: Account, amount: bigint) => Balances.transfer_keep_alive({ dest: address(to), value: amount * TEA });
  const mixed = [pay(charlie, 1n).decodedCall, pay(charlie, 10n ** 12n).decodedCall, pay(charlie, 2n).decodedCall];
  const asDave = { type: 'system' as const, value: { type: 'Signed' as const, value: ss58(dave.publicKey) } };
  const daves: Transaction[] = [
    System.remark({ remark: new Uint8Array(2_000) }),
    System.remark_with_event({ remark: new Uint8Array(100) }),
    System.set_storage({ items: [] }),
    Balances.transfer_allow_death({ dest: address(poor), value: TEA }),
    Balances.transfer_keep_alive({ dest: address(poor), value: 10n ** 30n }),
    Balances.burn({ value: TEA, keep_alive: true }),
    Balances.upgrade_accounts({ who: [ss58(charlie.publicKey)] }),
    Utility.batch({ calls: mixed }),
    Utility.batch_all({ calls: mixed }),
    Utility.force_batch({ calls: mixed }),
    Utility.as_derivative({ index: 1, call: pay(charlie, 1n).decodedCall }),
    Utility.if_else({ main: pay(charlie, 10n ** 12n).decodedCall, fallback: pay(charlie, 3n).decodedCall }),
    Sudo.sudo({ call: System.remark({ remark: new Uint8Array(1) }).decodedCall }),
    Sudo.remove_key(),
  ];
  for (const call of daves) await calls.submit(dave, call);
  await calls.submit(poor, Balances.transfer_all({ dest: address(dave), keep_alive: false }));
  const governed: Transaction[] = [
    Balances.force_transfer({ source: address(stranger), dest: address(dave), value: TEA }),
    Balances.force_set_balance({ who: address(stranger), new_free: 50n * TEA }),
    Balances.force_unreserve({ who: address(stranger), amount: TEA }),
    Balances.force_adjust_total_issuance({ direction: variant('Decrease'), delta: 1n }),
    System.set_storage({
      items: [
        [bytes('a key'), bytes('a value')],
        [bytes('another'), new Uint8Array(100)],
      ],
    }),
    System.kill_storage({ keys: [bytes('a key')] }),
    System.kill_prefix({ prefix: bytes('anoth'), subkeys: 10 }),
    System.set_heap_pages({ pages: 2_048n }),
    Utility.dispatch_as({ as_origin: asDave, call: pay(charlie, 3n).decodedCall }),
    Utility.dispatch_as_fallible({ as_origin: asDave, call: pay(charlie, 10n ** 12n).decodedCall }),
    Utility.with_weight({ call: pay(charlie, 4n).decodedCall, weight: { ref_time: 1n, proof_size: 1n } }),
    Grandpa.note_stalled({ delay: 1_000, best_finalized_block_number: 1 }),
  ];
  for (const call of governed) await calls.govern(call);
  await calls.submit(alice, Sudo.sudo_as({ who: address(dave), call: pay(charlie, 5n).decodedCall }));
  const weight = { ref_time: 1n, proof_size: 1n };
  await calls.submit(alice, Sudo.sudo_unchecked_weight({ call: System.remark({ remark: bytes('by governance') }).decodedCall, weight }));
  await calls.submit(alice, Sudo.set_key({ new: address(alice) }));
}

/** Prepaid server requests, and the register of accepted software. */
export async function exerciseMoney(
  calls: Calls,
  { depositor, payee, node, stranger }: { readonly depositor: Account; readonly payee: Account; readonly node: string; readonly stranger: Account },
): Promise<void> {
  const { ledger } = calls;
  const { Vouchers, Releases } = ledger.api.tx;
  await ledger.waitFor(
    'a node to pay',
    () => ledger.api.query.Nodes.Nodes.getValue(node),
    (profile) => profile !== undefined,
  );
  const open = async (amount: bigint): Promise<bigint> => {
    const events = await calls.submit(depositor, Vouchers.open({ node, amount, ends_at: ledger.blockNumber() + 700 }));
    return ledger.api.event.Vouchers.Opened.filter(events)[0]?.payload.id ?? 0n;
  };
  const voucher = (channel: bigint, amount: bigint) => {
    const signature = depositor.sign(voucherMessage({ chain: ledger.genesis, channel, node: fromHex(node), amount }));
    return { id: channel, amount, signature: `0x${signature.toHex()}` };
  };
  await open(1n);
  const channel = await open(5n * TEA);
  await calls.submit(stranger, Vouchers.top_up({ id: channel, amount: TEA }));
  await calls.submit(depositor, Vouchers.top_up({ id: channel, amount: TEA }));
  await calls.submit(payee, Vouchers.redeem(voucher(channel, 2n * TEA)));
  await calls.submit(payee, Vouchers.redeem(voucher(channel, TEA)));
  await calls.submit(payee, Vouchers.redeem({ ...voucher(channel, 3n * TEA), amount: 4n * TEA }));
  await calls.submit(stranger, Vouchers.close({ id: channel }));
  await calls.submit(depositor, Vouchers.close({ id: channel }));
  await calls.submit(payee, Vouchers.redeem(voucher(channel, 6n * TEA)));
  await calls.submit(payee, Vouchers.close({ id: await open(TEA) }));

  const accept = (byte: number, version: bigint) =>
    Releases.accept({ digest: digest(byte), kind: variant('Image'), cid: bytes('an image'), version, active_from: ledger.blockNumber() + 50 });
  await calls.submit(stranger, accept(0x61, 1n));
  await calls.govern(accept(0x61, 1n));
  await calls.govern(accept(0x62, 1n));
  await calls.govern(Releases.revoke({ digest: digest(0x61), revoked_from: ledger.blockNumber() + 60 }));
}

/** The last that happens: another runtime, by each way that there is, and then no governor any more. */
export async function exerciseUpgrade(
  calls: Calls,
  { alice, stranger, upgraded }: { readonly alice: Account; readonly stranger: Account; readonly upgraded: Uint8Array },
): Promise<void> {
  const { System, Sudo } = calls.ledger.api.tx;
  const hash = `0x${blake2b(upgraded, { dkLen: 32 }).toHex()}`;
  await calls.govern(System.set_code({ code: bytes('no code') }));
  await calls.govern(System.authorize_upgrade({ code_hash: digest(0x63) }));
  await calls.submit(stranger, System.apply_authorized_upgrade({ code: bytes('other code') }));
  await calls.govern(System.authorize_upgrade_without_checks({ code_hash: hash }));
  await calls.submit(alice, System.set_code_without_checks({ code: bytes('no code') }));
  await calls.submit(stranger, System.apply_authorized_upgrade({ code: upgraded }));
  await calls.submit(stranger, System.remark({ remark: bytes('under the new runtime') }));
  await calls.submit(alice, Sudo.remove_key());
}
