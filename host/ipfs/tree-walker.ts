import * as dagPb from '@ipld/dag-pb';
import type { GraphNode, GraphWalkerFactory } from 'helia';
import type { Blockstore } from 'interface-blockstore';
import { createUnsafe } from 'multiformats/block';
import type { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { TeaError } from '@tea/protocol';

/**
 * Walks a file's tree for Helia's pins: each block once, leaves by looking whether they are there instead of reading them.
 *
 * Helia's own walker reads all of a content, leaves rejections unhandled when a block is missing, and counts a block that a file holds twice down twice
 * when unpinning, after which it never goes away.
 */
export function treeWalker(blocks: Blockstore): GraphWalkerFactory {
  return () => ({
    async *walk<T>(root: CID): AsyncGenerator<GraphNode<T>> {
      const seen = new Set<string>();
      const left: { readonly cid: CID; readonly depth: number; readonly path: CID[] }[] = [{ cid: root, depth: 0, path: [root] }];
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const { cid, depth, path } = next;
        if (seen.has(cid.toString())) continue;
        seen.add(cid.toString());
        const node = cid.code === raw.code ? await leaf(blocks, cid) : await inner(blocks, cid);
        for (const [, child] of node.links()) left.push({ cid: child, depth: depth + 1, path: [...path, child] });
        yield { block: node as unknown as GraphNode<T>['block'], depth, path }; // pins read the name only, never the decoded T
      }
    },
  });
}

async function leaf(blocks: Blockstore, cid: CID) {
  if (!(await blocks.has(cid))) throw new TeaError('notFound', 'A block of this content is missing', { expected: cid.toString(), actual: 'nothing' });
  return createUnsafe({ cid, bytes: new Uint8Array(), codec: raw });
}

async function inner(blocks: Blockstore, cid: CID) {
  const bytes = Buffer.concat(await Array.fromAsync(blocks.get(cid)));
  return createUnsafe({ cid, bytes, codec: dagPb });
}
