import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sha256 } from '@noble/hashes/sha2.js';
import { isTeaError, type TeaErrorCode, toHex } from '@tea/protocol';
import { importFile } from '@tea/protocol/ipfs';
import type { IpfsNode } from './ipfs-node.ts';

const MIB = 1024 * 1024;
const ABSENT = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

/** Bytes that differ from one seed to the next and from one block to the next. */
export async function* someContent(sizeBytes: number, seed: number): AsyncGenerator<Uint8Array> {
  for (let given = 0; given < sizeBytes; given += 65_536) {
    const piece = new Uint8Array(65_536).fill(seed);
    new DataView(piece.buffer).setUint32(0, seed * 1_000_003 + given);
    yield piece.subarray(0, sizeBytes - given);
  }
}

export const refusal =
  (...codes: TeaErrorCode[]) =>
  (error: unknown) =>
    isTeaError(error) && codes.includes(error.code);

export async function digestOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = sha256.create();
  for await (const piece of content) hash.update(piece);
  return toHex(hash.digest());
}

export type Opened = AsyncDisposable & {
  readonly node: IpfsNode;
  /** Closes the node and opens it again on the same stores. */
  reopen(): Promise<IpfsNode>;
};

/** What every implementation of the `IpfsNode` port has to do. */
export function ipfsNodeContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name}, as an IpfsNode,`, () => {
    test('refuses what is no CID of ours before it looks', async () => {
      await using opened = await open();
      const { node } = opened;
      const cidV0 = 'QmY7Yh4UquoXHLPFo2XbhXkhBvFoPwmQUSa92pxnxjQuPU';
      const sha512 = 'bafkrgqhhyivzstcz3hhswshfjgy6ertgmnqeleynhwt4dlfsthi4hn7zgh4uvlsb5xncykzapi3ocd4lzogukir6ksdy6wzrnz6ohnv4aglcs';
      for (const cid of ['', 'x', ABSENT.slice(0, -1), cidV0, sha512, `/ipfs/${ABSENT}`, '../../etc/passwd']) {
        await assert.rejects(node.getBlock(cid), refusal('badInput'), cid);
        await assert.rejects(node.stat(cid), refusal('badInput'), cid);
        await assert.rejects(node.pin(cid), refusal('badInput'), cid);
        await assert.rejects(Array.fromAsync(node.cat(cid)), refusal('badInput'), cid);
      }
    });

    test('says notFound for what is not here, at once, and fetches it from nowhere', async () => {
      await using opened = await open();
      const { node } = opened;
      const attempts = [
        () => node.getBlock(ABSENT),
        () => node.stat(ABSENT),
        () => node.pin(ABSENT),
        () => node.unpin(ABSENT),
        () => Array.fromAsync(node.cat(ABSENT)),
      ];
      for (const attempt of attempts) await assert.rejects(attempt, refusal('notFound'));
      assert.deepEqual(await Array.fromAsync(node.pins()), []);
    });

    test('refuses a block that is not what its CID names, or too large, and keeps nothing of it', async () => {
      await using opened = await open();
      const { node } = opened;
      await assert.rejects(node.putBlock(ABSENT, Uint8Array.of(1, 2, 3)), refusal('corrupt'));
      await assert.rejects(node.putBlock(ABSENT, new Uint8Array(2 * MIB + 1)), refusal('limit'));
      await assert.rejects(node.getBlock(ABSENT), refusal('notFound'));
    });

    for (const sizeBytes of [0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 7]) {
      test(`gives back ${sizeBytes} bytes, whole and in ranges, under the CID that a client computes`, async () => {
        await using opened = await open();
        const { node } = opened;
        const added = await node.add(someContent(sizeBytes, 1));
        const { root } = await importFile(someContent(sizeBytes, 1), () => Promise.resolve());
        assert.deepEqual(added, { cid: root.toString(), size: sizeBytes });
        assert.deepEqual(await node.stat(added.cid), { cid: added.cid, size: sizeBytes, pinned: true });
        assert.equal(await digestOf(node.cat(added.cid)), await digestOf(someContent(sizeBytes, 1)));
        const whole = Buffer.concat(await Array.fromAsync(someContent(sizeBytes, 1)));
        for (const [offset, length] of [
          [0, 10],
          [MIB - 3, 6],
          [sizeBytes - 1, 5],
          [sizeBytes, 5],
          [3, sizeBytes],
        ] as const) {
          if (offset < 0) continue;
          const range = Buffer.concat(await Array.fromAsync(node.cat(added.cid, { offset, length })));
          assert.deepEqual(range, whole.subarray(offset, offset + length), `${length} bytes from ${offset}`);
        }
      });
    }

    test('pins nothing of an add whose source fails or that is cancelled, and collects its blocks', async () => {
      await using opened = await open();
      const { node } = opened;
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield* someContent(3 * MIB, 2);
        throw new Error('the source broke');
      }
      await assert.rejects(node.add(failing()), isTeaError);
      const stop = new AbortController();
      async function* cancelling(): AsyncGenerator<Uint8Array> {
        yield* someContent(3 * MIB, 2);
        stop.abort();
        yield* someContent(MIB, 3);
      }
      await assert.rejects(node.add(cancelling(), { signal: stop.signal }), refusal('cancelled'));
      await node.gc();
      assert.deepEqual(await Array.fromAsync(node.pins()), []);
      const blocks: string[] = [];
      await importFile(someContent(3 * MIB, 2), async (cid) => void blocks.push(cid.toString()));
      for (const cid of blocks) await assert.rejects(node.getBlock(cid), refusal('notFound'));
    });

    test('pins a content put block by block only when all of it is here', async () => {
      await using opened = await open();
      const { node } = opened;
      const blocks: { cid: string; bytes: Uint8Array }[] = [];
      const { root } = await importFile(someContent(3 * MIB, 4), async (cid, bytes) => void blocks.push({ cid: cid.toString(), bytes }));
      const [first, ...others] = blocks;
      for (const { cid, bytes } of others) await node.putBlock(cid, bytes);
      await assert.rejects(node.pin(root.toString()), refusal('notFound'));
      assert.deepEqual(await Array.fromAsync(node.pins()), []);
      assert.ok(first);
      await node.putBlock(first.cid, first.bytes);
      await node.pin(root.toString());
      await node.pin(root.toString());
      assert.deepEqual(await Array.fromAsync(node.pins()), [root.toString()]);
      assert.deepEqual(new Uint8Array(await node.getBlock(first.cid)), first.bytes);
    });

    test('collects what no pin holds, and nothing else', async () => {
      await using opened = await open();
      const { node } = opened;
      const shared = await node.add(someContent(2 * MIB, 5));
      const kept = await node.add(someContent(3 * MIB, 5)); // its first two blocks are those of `shared`
      await node.unpin(shared.cid);
      await node.gc();
      assert.equal(await digestOf(node.cat(kept.cid)), await digestOf(someContent(3 * MIB, 5)));
      await assert.rejects(node.stat(shared.cid), refusal('notFound'));
      await node.unpin(kept.cid);
      await assert.rejects(node.unpin(kept.cid), refusal('notFound'));
      await node.gc();
      await assert.rejects(node.stat(kept.cid), refusal('notFound'));
    });

    test('collects nothing that somebody is writing', async () => {
      await using opened = await open();
      const { node } = opened;
      const writing = await node.write();
      const { root } = await importFile(someContent(2 * MIB, 6), (cid, bytes) => node.putBlock(cid.toString(), bytes));
      const collected = node.gc();
      await node.pin(root.toString());
      writing.done('nothing');
      await collected;
      assert.equal(await digestOf(node.cat(root.toString())), await digestOf(someContent(2 * MIB, 6)));
    });

    test('takes the same content from several at once', async () => {
      await using opened = await open();
      const { node } = opened;
      const added = await Promise.all(Array.from({ length: 6 }, () => node.add(someContent(3 * MIB, 7))));
      assert.equal(new Set(added.map(({ cid }) => cid)).size, 1);
      assert.equal(await digestOf(node.cat(added[0]?.cid ?? '')), await digestOf(someContent(3 * MIB, 7)));
    });

    test('lets a content of equal blocks go again', async () => {
      await using opened = await open();
      const { node } = opened;
      async function* zeros(): AsyncGenerator<Uint8Array> {
        for (let piece = 0; piece < 5; piece++) yield new Uint8Array(MIB);
      }
      const { cid } = await node.add(zeros());
      await node.unpin(cid);
      await node.gc();
      await assert.rejects(node.stat(cid), refusal('notFound'));
      const { root } = await importFile(
        (async function* () {
          yield new Uint8Array(MIB);
        })(),
        () => Promise.resolve(),
      );
      await assert.rejects(node.getBlock(root.toString()), refusal('notFound'));
    });

    test('keeps content and pins over a restart', async () => {
      await using opened = await open();
      const { cid } = await opened.node.add(someContent(2 * MIB + 1, 8));
      const again = await opened.reopen();
      assert.deepEqual(await again.stat(cid), { cid, size: 2 * MIB + 1, pinned: true });
      assert.equal(await digestOf(again.cat(cid)), await digestOf(someContent(2 * MIB + 1, 8)));
    });

    test('does nothing once cancelled', async () => {
      await using opened = await open();
      const { node } = opened;
      const signal = AbortSignal.abort();
      const attempts = [
        () => node.add(someContent(1, 9), { signal }),
        () => node.getBlock(ABSENT, { signal }),
        () => node.pin(ABSENT, { signal }),
        () => Array.fromAsync(node.cat(ABSENT, { signal })),
      ];
      for (const attempt of attempts) await assert.rejects(attempt, refusal('cancelled'));
    });
  });
}
