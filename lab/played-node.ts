import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';
import { sha256, TeaError } from '@tea/protocol';
import { consentMessage, proveLot } from '@tea/protocol/layer1';
import { readNode, type Ledger } from '@tea/protocol/ledger';
import { ss58, type Account } from '@tea/sdk';

/** A node as layer 1 sees one: its TEE's account and whoever operates it. No TEE runs behind it; what it does is what the test has it do. */
export type PlayedNode = {
  readonly id: Uint8Array;
  readonly operator: Account;
  readonly account: { readonly publicKey: Uint8Array; readonly signer: PolkadotSigner; prove(seed: Uint8Array): Uint8Array };
};

const TEA = 10n ** 12n;
const NO_DIGEST = `0x${'11'.repeat(32)}` as const;

/** Registers a node without waiting for anybody's verdict. */
export async function registerPlayed({ api: { tx }, genesis, submit }: Ledger, operator: Account): Promise<PlayedNode> {
  const secret = secretFromSeed(sha256(new TextEncoder().encode(`tee of ${operator.name}`)));
  const publicKey = getPublicKey(secret);
  const signMessage = (message: Uint8Array): Uint8Array => sign(secret, message);
  const signer = getPolkadotSigner(publicKey, 'Sr25519', signMessage);
  const account = { publicKey, signer, prove: (seed: Uint8Array) => proveLot(secret, seed) };
  const id = sha256(publicKey);
  const calls = [
    tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(publicKey) }, value: TEA }),
    tx.Nodes.register({
      node_id: `0x${id.toHex()}`,
      tee_account: ss58(publicKey),
      host_account: ss58(operator.publicKey),
      evidence_cid: Uint8Array.of(1),
      evidence_digest: NO_DIGEST,
      class: { type: 'Simulated', value: undefined },
      gas_price: 1n,
      consent: { type: 'Sr25519', value: `0x${signMessage(consentMessage(genesis, id, operator.publicKey)).toHex()}` },
    }),
  ].map(({ decodedCall }) => decodedCall);
  await submit(tx.Utility.batch_all({ calls }), operator.signer);
  return { id, operator, account };
}

/** As `registerPlayed`, and admitted by its own vote: for the first four operators, who found the network. */
export async function foundPlayed(ledger: Ledger, operator: Account): Promise<PlayedNode> {
  const node = await registerPlayed(ledger, operator);
  const ballot = { node_id: `0x${node.id.toHex()}`, evidence_digest: NO_DIGEST, pass: true, reasons_digest: NO_DIGEST };
  await ledger.submit(ledger.api.tx.Nodes.vote(ballot), node.account.signer);
  const record = await readNode(ledger, node.id);
  if (record?.status !== 'Active') throw new TeaError('chain', 'The node was not admitted', { actual: record?.status ?? 'none' });
  return node;
}
