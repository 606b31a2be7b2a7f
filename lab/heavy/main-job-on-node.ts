import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '@tea/platform';
import { verifyProof } from '@tea/sdk';

/**
 * A heavy job, not part of `tea test`: the main job on a real Substrate node, through the gateway, as `tea demo --chain node` plays it. Its proof file
 * must hold and carry a proof of finality by the node's voter. Needs the node (`tea chain node build`); about a minute.
 *
 *     node lab/heavy/main-job-on-node.ts
 */
const CLI = fileURLToPath(new URL('../../client/cli/main.ts', import.meta.url));

await using directory = await temporaryDirectory('main-job-on-node');
const demo = spawn(process.execPath, [CLI, 'demo', '--yes', '--json', '--chain', 'node', '--dir', directory.path], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const closed = once(demo, 'close');
for await (const line of createInterface({ input: demo.stdout })) process.stdout.write(`${line.slice(0, 200)}\n`);
const [code] = (await closed) as [number | null];
if (code !== 0) throw new Error(`tea demo ended with ${code}`);

const report = await verifyProof(new Uint8Array(await readFile(join(directory.path, 'proof.json'))));
const finality = report.claims.find(({ id }) => id === 'chain.finality');
process.stdout.write(`${JSON.stringify({ verdict: report.verdict, finality })}\n`);
const holds = report.verdict === 'holds' && finality?.actual.startsWith('1 of 1 voted for block') === true;
process.exitCode = holds ? 0 : 1;
