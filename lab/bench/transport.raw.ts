/** Raw Helia for transport.bench.ts, in a process of its own: adds and reads a few times and prints the milliseconds of each. */
import { openHeliaNode } from '@tea/host-ipfs';
import { sayReady, temporaryDirectory } from '@tea/platform';
import { drain, freshContent, timed } from './transport-content.ts';

await using directory = await temporaryDirectory('raw-helia');
await using node = await openHeliaNode({ dataDir: directory.path });
const add: number[] = [];
const cat: number[] = [];
for (let round = -1; round < Number(process.argv[2]); round++) {
  const added = await timed(() => node.add(freshContent()));
  const read = await timed(() => drain(node.cat(added.result.cid)));
  if (round < 0) continue;
  add.push(added.ms);
  cat.push(read.ms);
}
sayReady({ add, cat });
