import { runOnLargeInputs } from '../large-inputs.ts';
import { startTestNetwork } from '../test-network.ts';

/**
 * `node lab/heavy/large-inputs.ts`: an errand on 1 GiB of sealed data and 1 GiB of input, through the whole network. Takes a minute or two and 3 GiB of
 * disk. Fails when tea-runtime or the sandbox comes to hold 256 MiB more than before.
 */
await using network = await startTestNetwork();
const { seconds, runtimeGrewMiB, sandboxMiB } = await runOnLargeInputs(network, { dataMiB: 1024, inputMiB: 1024 });
process.stdout.write(
  `Released to proved in ${seconds.toFixed(0)} s; tea-runtime grew by ${runtimeGrewMiB.toFixed(0)} MiB, the sandbox had ${sandboxMiB.toFixed(0)} MiB.\n`,
);
process.exitCode = Math.max(runtimeGrewMiB, sandboxMiB) < 256 ? 0 : 1;
