import { CORPUS } from './corpus.ts';
import { refusalOf } from './refusal.ts';

/** `node lab/attacks/run.ts [AREA]`: tries every attack and prints what it was refused for. Exit code 1 when one was not, or for another reason. */
const area = process.argv[2];
const groups = CORPUS.filter(({ id }) => area === undefined || id === area);
if (groups.length === 0) {
  process.stderr.write(`attacks: no area ${area}. There are: ${CORPUS.map(({ id }) => id).join(', ')}\n`);
  process.exit(64);
}
let [tried, held] = [0, 0];
for (const { on, wouldGain, attacks } of groups) {
  process.stdout.write(`\nOn ${on}. If one succeeded: ${wouldGain}.\n`);
  for (const attack of attacks) {
    const refusal = await refusalOf(attack);
    tried++;
    if (refusal.ok) held++;
    process.stdout.write(`  ${refusal.ok ? '✔' : '✖'} ${attack.id.padEnd(32)} ${attack.title}\n    ${refusal.words}\n`);
  }
}
process.stdout.write(`\n${held} of ${tried} attacks refused, each for the reason it must be refused for\n`);
process.exitCode = held === tried ? 0 : 1;
