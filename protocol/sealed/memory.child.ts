/** Seals and opens as many bytes as its argument says, through one pipeline, and prints what it took. For memory.test.ts. */
import { generateContentKey, openContent, sealContent } from './index.ts';

const wantedBytes = Number(process.argv[2]);

async function* zeros(): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(256 * 1024);
  for (let given = 0; given < wantedBytes; given += piece.length) yield piece.subarray(0, wantedBytes - given);
}

const key = generateContentKey();
let openedBytes = 0;
for await (const plain of openContent(sealContent(zeros(), key), key)) openedBytes += plain.length;
process.stdout.write(JSON.stringify({ openedBytes, maxRssBytes: process.resourceUsage().maxRSS * 1024 }));
