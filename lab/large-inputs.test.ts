import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runOnLargeInputs } from './large-inputs.ts';
import { startTestNetwork } from './test-network.ts';

/** 1 GiB of each: `lab/heavy/large-inputs.ts`. */
test('128 MiB of sealed data and 96 MiB of input go through an errand, and neither tea-runtime nor the sandbox ever holds more than a part of it', async (t) => {
  await using network = await startTestNetwork();
  const { seconds, runtimeGrewMiB, sandboxMiB } = await runOnLargeInputs(network, { dataMiB: 128, inputMiB: 96 });
  t.diagnostic(`${seconds.toFixed(1)} s, tea-runtime grew by ${runtimeGrewMiB.toFixed(0)} MiB, the sandbox had ${sandboxMiB.toFixed(0)} MiB`);
  assert.ok(runtimeGrewMiB < 192, `tea-runtime grew by ${runtimeGrewMiB} MiB`);
  assert.ok(sandboxMiB < 160, `the sandbox had ${sandboxMiB} MiB`);
});
