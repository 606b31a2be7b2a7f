import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exportChain, importChain, startChain } from '@tea/layer1-chain';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { isTeaError, type TeaErrorCode } from '@tea/protocol';
import { encodeExportBlock, readChainExport, type ExportedChainBlock } from '@tea/protocol/layer1';
import { errandHistory, settleErrand, waitForState } from '@tea/sdk';
import { recompute } from './outsider.ts';
import { polite } from './test-guests.ts';
import { attestedErrand, consumer, startTestNetwork } from './test-network.ts';

async function* from(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

describe('a chain’s history', () => {
  let directory: TemporaryDirectory;
  let lines: readonly string[];
  const ids: { settled?: bigint; open?: bigint } = {};

  before(async () => {
    directory = await temporaryDirectory('history');
    await using network = await startTestNetwork();
    const run = await attestedErrand(network, { code: polite });
    await run.releaseAll();
    await waitForState(network.tea, run.id, 'Proved');
    await settleErrand(network.tea, run.id, consumer);
    const open = await attestedErrand(network, { code: polite });
    [ids.settled, ids.open] = [run.id, open.id];
    lines = await Array.fromAsync(exportChain(join(network.stateDir, 'host/chain')));
  });
  after(() => directory[Symbol.asyncDispose]());

  const block = (number: number): ExportedChainBlock & { text: string } => {
    const text = lines[number + 1] ?? '';
    return { ...(JSON.parse(text) as ExportedChainBlock), text };
  };

  test('lets an outsider make each choice of an executor and each settlement again, from the export alone', async () => {
    const findings = await recompute(from(lines));
    assert.equal(findings.length, 2);
    for (const { errand, selection, settlement } of findings) {
      assert.ok(typeof selection === 'object' && selection.agrees, `errand ${errand}`);
      if (BigInt(errand) === ids.settled) assert.ok(typeof settlement === 'object' && settlement.agrees && BigInt(settlement.paid) > 0n);
      else assert.equal(settlement, 'none');
    }
  });

  test('shows an outsider a payment or a choice that does not follow from the rules', async () => {
    const altered = (find: RegExp, to: (found: string) => string): string[] => lines.map((line) => line.replace(find, to));
    // Another list of Active nodes, so that another one would have been chosen.
    const other = altered(
      /(519dfc7fdad21b84f64a5310fa178ef216bc0fbbe380439a7118cc5c7f55ba4c","0x04)([0-9a-f]{2})/,
      (found) => found.slice(0, -2) + 'ff',
    );
    const findings = await recompute(from(other));
    assert.ok(findings.some(({ selection }) => typeof selection === 'object' && !selection.agrees));
  });

  test('is executed again into a chain of the same roots, which then goes on', async () => {
    const dataDir = join(directory.path, 'again');
    const imported = await importChain(from(lines), dataDir);
    const head = JSON.parse(lines[0] ?? '') as { genesisHash: string; last: number };
    assert.deepEqual([imported.genesisHash, imported.blocks], [head.genesisHash, head.last]);
    await using chain = await startChain({ preset: 'development', dataDir, blockTimeMs: 60_000 });
    const { finalised, genesisHash } = await chain.status();
    assert.equal(genesisHash, head.genesisHash);
    assert.ok(finalised.number >= head.last);
    assert.deepEqual(await Array.fromAsync(exportChain(dataDir)).then((again) => again.slice(1, lines.length)), lines.slice(1));
  });

  test('is refused where a chain is already', async () => {
    const dataDir = join(directory.path, 'twice');
    await importChain(
      from(
        lines
          .slice(0, 1)
          .concat(lines.slice(1, 3))
          .with(0, (lines[0] ?? '').replace(/"last":\d+/, '"last":1')),
      ),
      dataDir,
    );
    await assert.rejects(importChain(from(lines), dataDir), (error) => isTeaError(error, 'conflict'));
  });

  test('is refused at import when it was altered anywhere', async () => {
    const cases: [claim: string, code: TeaErrorCode, lines: readonly string[]][] = [
      ['cut', 'corrupt', lines.slice(0, -1)],
      ['a block missing', 'corrupt', lines.toSpliced(3, 1)],
      ['two blocks exchanged', 'corrupt', lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '')],
      ['another genesis hash', 'corrupt', lines.with(0, (lines[0] ?? '').replace(/"genesisHash":"0x../, '"genesisHash":"0xff'))],
      [
        'another genesis state',
        'corrupt',
        lines.with(
          1,
          block(0)
            .text.replace(/"changes":\[\["0x..","/, '')
            .replace(/\["0x[0-9a-f]{64}","0x/, '["0x00'.padEnd(68, '0') + '","0x'),
        ),
      ],
      ['an extrinsic left out', 'chain', lines.with(2, block(1).text.replace(/"extrinsics":\["0x[0-9a-f]+"/, '"extrinsics":['.concat('"0x00"')))],
      [
        'changes it did not make',
        'corrupt',
        lines.with(
          2,
          block(1).text.replace(/"changes":\[\["0x[0-9a-f]{2}/, (found) => `${found.slice(0, -2)}ff`),
        ),
      ],
      ['no export', 'badMessage', ['{"format":"tea/chain-export/2"}']],
      ['no JSON', 'badMessage', ['x']],
      ['nothing', 'corrupt', []],
    ];
    for (const [index, [claim, code, altered]] of cases.entries()) {
      await assert.rejects(
        importChain(from(altered), join(directory.path, `bad-${index}`)),
        (error) => isTeaError(error, code) || assert.fail(`${claim}: ${String(error)}`),
        claim,
      );
    }
  });

  test('tells what became of an errand', async () => {
    const { states, record } = await errandHistory(from(lines), ids.settled ?? 0n);
    assert.deepEqual([states.at(0)?.state, states.at(-1)?.state, record.state], ['Created', 'Settled', 'Settled']);
    assert.equal((await errandHistory(from(lines), ids.open ?? 0n)).record.state, 'Attested');
    await assert.rejects(errandHistory(from(lines), 99n), (error) => isTeaError(error, 'notFound'));
  });

  test('is read back as it was written', async () => {
    const [first] = await Array.fromAsync(readChainExport(from(lines)));
    assert.ok(first);
    assert.equal(encodeExportBlock({ number: 0, header: first.header, extrinsics: first.extrinsics, changes: first.changes }), lines[1]);
  });
});
