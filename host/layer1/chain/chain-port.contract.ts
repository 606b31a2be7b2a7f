import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner, type PolkadotSigner } from 'polkadot-api/signer';
import { type ChainPort, decodeHeader, GRANDPA_AUTHORITIES_KEY, hashHeader, verifyReadProof } from '@tea/protocol/layer1';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { authorKey } from './authoring/slots.ts';
import { PortClient, portProvider } from './testing/port-client.ts';

/** JSON-RPC 2.0, section 5.1, and the node's own answer to an extrinsic it can't take. */
const PARSE_ERROR = -32700;
const NO_SUCH_METHOD = -32601;
/** In a signed extrinsic: two bytes of length, version, kind of address, address, kind of signature. */
const SIGNATURE_AT = 2 + 1 + 1 + 32 + 1;

export type OpenedChain = AsyncDisposable & { readonly chain: ChainPort };

/** What every implementation of the `ChainPort` has to do, whether the chain is embedded or a real node behind a WebSocket. */
export function chainPortContract(name: string, open: () => Promise<OpenedChain>): void {
  const claim = (what: string, run: (chain: ChainPort) => Promise<void>): void => {
    test(what, { timeout: 60_000 }, async () => {
      await using opened = await open();
      await run(opened.chain);
    });
  };

  describe(`${name}, as a ChainPort,`, () => {
    claim('answers garbage with a JSON-RPC error and goes on', async (chain) => {
      using client = new PortClient(chain);
      assert.equal((await client.raw('{"jsonrpc": garbage', null)).error?.code, PARSE_ERROR);
      assert.equal((await client.ask('tea_noSuchMethod')).error?.code, NO_SUCH_METHOD);
      assert.ok((await client.ask('chain_getBlockHash', 'ten')).error);
      assert.ok((await client.ask('author_submitExtrinsic', '0xdeadbeef')).error);
      assert.match(String((await client.ask('chainSpec_v1_genesisHash')).result), /^0x[0-9a-f]{64}$/);
    });

    claim('gives each header in the bytes that its hash is of, back to genesis', async (chain) => {
      using client = new PortClient(chain);
      const genesis = (await client.ask('archive_v1_genesisHash')).result;
      const height = Number((await client.ask('archive_v1_finalizedHeight')).result);
      let expected: unknown;
      for (let number = height; number >= Math.max(0, height - 5); number--) {
        const [hash] = (await client.ask('archive_v1_hashByHeight', number)).result as string[];
        if (expected !== undefined) assert.equal(hash, expected);
        const header = decodeHeader(bytes((await client.ask('archive_v1_header', hash)).result));
        assert.equal(`0x${hashHeader(header).toHex()}`, hash);
        assert.equal(header.number, number);
        expected = `0x${header.parentHash.toHex()}`;
      }
      assert.deepEqual((await client.ask('archive_v1_hashByHeight', 0)).result, [genesis]);
      assert.deepEqual((await client.ask('archive_v1_hashByHeight', height + 1_000_000)).result, []);
    });

    claim('makes and finalises blocks, and tells a follower of each', async (chain) => {
      using client = new PortClient(chain);
      await client.ask('chainHead_v1_follow', true);
      await client.next('initialized');
      const { blockHash, parentBlockHash } = await client.next<{ blockHash: string; parentBlockHash: string }>('newBlock');
      assert.match(parentBlockHash, /^0x[0-9a-f]{64}$/);
      for (let known = false; !known;) {
        const { finalizedBlockHashes } = await client.next<{ finalizedBlockHashes: string[] }>('finalized');
        known = finalizedBlockHashes.includes(blockHash);
      }
    });

    claim('keeps sessions apart: one’s subscription is nothing to another', async (chain) => {
      using client = new PortClient(chain);
      using other = new PortClient(chain);
      const { result: subscription } = await client.ask('chainHead_v1_follow', false);
      const { finalizedBlockHashes } = await client.next<{ finalizedBlockHashes: string[] }>('initialized');
      assert.equal((await other.ask('chainHead_v1_header', subscription, finalizedBlockHashes.at(-1))).result ?? null, null);
      assert.ok((await client.ask('chainHead_v1_header', subscription, finalizedBlockHashes.at(-1))).result);
    });

    claim('proves what its state holds, and that it holds nothing else', async (chain) => {
      using client = new PortClient(chain);
      const at = (await client.ask('chain_getFinalizedHead')).result;
      const header = decodeHeader(bytes((await client.ask('archive_v1_header', at)).result));
      const present = `0x${GRANDPA_AUTHORITIES_KEY.toHex()}`;
      const absent = present.replace(/.$/, '0');
      for (const key of [present, absent]) {
        const { proof } = (await client.ask('state_getReadProof', [key], at)).result as { proof: string[] };
        const proven = verifyReadProof({ stateRoot: header.stateRoot, proof: proof.map(bytes), key: bytes(key) });
        const stored = (await client.ask('state_getStorage', key, at)).result;
        assert.deepEqual(proven === null ? null : `0x${proven.toHex()}`, stored);
        assert.equal(proven === null, key === absent);
      }
    });

    claim('finalises a signed transaction of polkadot-api, once, and refuses it signed by another', async (chain) => {
      const client = createClient(portProvider(chain));
      try {
        const remark = client.getUnsafeApi().tx['System']?.['remark']?.({ remark: crypto.getRandomValues(new Uint8Array(16)) });
        assert.ok(remark);
        const signed = await remark.sign(await signerOf(4));
        const included = await client.submit(signed);
        assert.equal(included.ok, true);
        await assert.rejects(client.submit(signed), /Stale/);
        const forged = signed.with(SIGNATURE_AT, (signed[SIGNATURE_AT] ?? 0) ^ 1);
        await assert.rejects(client.submit(forged), /BadProof/);
      } finally {
        client.destroy();
      }
    });
  });
}

async function signerOf(index: number): Promise<PolkadotSigner> {
  await waitReady();
  const { publicKey, secretKey } = authorKey(DEVELOPMENT_SEEDS[index] ?? new Uint8Array(32));
  return getPolkadotSigner(publicKey, 'Sr25519', (message) => sr25519Sign(publicKey, secretKey, message));
}

function bytes(hex: unknown): Uint8Array {
  return Uint8Array.fromHex(String(hex).slice(2));
}
