import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { equalBytes, oneChunk, TeaError } from '@tea/protocol';
import { callFee, MAX_CALL_INPUT_BYTES } from '@tea/protocol/call';
import { findCallable, findChannels, openCalls, publish, writeCallProof, type Account, type CallResult, type Tea } from '@tea/sdk';
import { accountNamed, clientSession, nodeNamed, numberNamed, SESSION_HELP, SESSION_OPTIONS } from '../client-session.ts';
import { explainOutcome } from '../demo/outcome.ts';
import { formatTea } from '../money.ts';
import { localReferenceValues } from '../network.ts';
import { printableText } from '../printable.ts';
import { EXIT, type Command } from './command.ts';
import { readPolicy } from './policy.ts';

const HELP = 'tea call --help';
const DEFAULT_GAS = '1000000000';

export const call: Command = {
  name: 'call',
  summary: 'call a function on a node you choose, paid from a channel',
  help: `  tea call --node NODE --code CODE [--function NAME] [--input FILE] [--out FILE] [--proof FILE] [--gas N] [--as NAME] [--json]

Appraises the node as before a release and sends nothing to one that fails. Then order and answer are sealed between you and its TEE; the
host sees their sizes. A call costs what it used, at the node's price, from your channel to the node (tea channel open).

  --node NODE      its 64 hexadecimal digits
  --code CODE      what is called: a content's number on layer 1, its CID, or a .wasm file, which is published first, for everybody and free
                   of charge. A component of the world tea:guest/handler. Code that is sealed or costs something runs in errands only
  --function NAME  which function (default run)
  --input FILE     what it is given, at most 1 MiB; - is standard input; without it, nothing
  --out FILE       where the answer goes; without it, it is shown
  --proof FILE     writes what tea verify checks
  --gas N          at most so much gas (default ${DEFAULT_GAS}); each call costs 10,000,000 more, for its sandbox
  --channel N      which channel, when you have several to the node
  --sequence N     asks again for the answer to that call: the same order is never run twice
  --policy FILE    a policy document, or laptop (the default) or strict
  --as NAME        who pays, one of the development accounts (default Bob): other keys this command does not hold yet
${SESSION_HELP}

Exit codes: 0 answered; 1 it failed, by the function's error, a limit or a trap, or the node was refused; 64 wrong usage.

  tea call --node NODE --code build/adder.wasm --function add --input numbers`,
  options: {
    node: { type: 'string' },
    code: { type: 'string' },
    function: { type: 'string' },
    input: { type: 'string' },
    out: { type: 'string' },
    proof: { type: 'string' },
    gas: { type: 'string' },
    channel: { type: 'string' },
    sequence: { type: 'string' },
    policy: { type: 'string' },
    as: { type: 'string' },
    ...SESSION_OPTIONS,
  },
  operands: [0, 0],
  async run({ values, screen, signal }) {
    const node = nodeNamed(values['node'], HELP);
    const caller = accountNamed(values['as']);
    const gasLimit = numberNamed(values['gas'] ?? DEFAULT_GAS, 'amount of gas', HELP);
    const sequence = values['sequence'] === undefined ? undefined : numberNamed(values['sequence'], 'number of a call', HELP);
    const code = String(values['code'] ?? '');
    if (code === '') throw new TeaError('badInput', 'Nothing is named to call', { expected: '--code CODE', next: HELP });
    const input = await readInput(values['input']);
    const [policy, referenceValues] = await Promise.all([readPolicy(String(values['policy'] ?? 'laptop')), localReferenceValues(signal)]);
    await using tea = await clientSession(values, 'call');
    const channel = values['channel'] === undefined ? await channelTo(tea, node, caller) : numberNamed(values['channel'], 'channel', HELP);
    const content = await contentOf(tea, code, caller);
    const calls = await screen.step(
      'Attest',
      () => openCalls(tea, { node, channel, depositor: caller, policy, referenceValues, now: new Date(), signal }),
      ({ inspection }) => ({
        line: `the node was appraised: ${inspection.appraisal.result.verdict}, trust class ${inspection.appraisal.result.trustClass}`,
      }),
    );
    const ceiling = callFee(gasLimit, calls.inspection.record.gasPrice);
    const name = String(values['function'] ?? 'run');
    const result = await screen.step(
      'Call',
      () => calls.call({ content, function: name, input, gasLimit, signal, ...(sequence !== undefined && { sequence }) }),
      ({ gasUsed, price, sequence: number }) => ({
        line: `call ${number} of channel ${channel}: ${gasUsed.toLocaleString('en')} gas, ${formatTea(price)} of at most ${formatTea(ceiling)}`,
      }),
    );
    await calls.settle();
    const files = await save(result, values['out'], values['proof'], () => writeCallProof(tea, { calls, result, policy, referenceValues }));
    for (const file of files) screen.note(`  ${file}`);
    const trouble = explainOutcome(result.outcome, result.exitCode, gasLimit);
    if (trouble !== null) screen.note(result.outcome === 'ok' ? 'The function answered with an error:' : `${result.explanation}. ${result.outcome}`);
    if (result.log.length > 0) screen.note(`log\n${printableText(result.log)}`);
    if (values['out'] === undefined) screen.note(printableText(result.output));
    const { outcome, exitCode, gasUsed, price, output, log } = result;
    screen.emit('called', {
      channel,
      sequence: result.sequence,
      content,
      outcome,
      exitCode,
      gasUsed,
      price,
      output: output.toBase64(),
      log: log.toBase64(),
      files,
      trustClass: calls.inspection.appraisal.result.trustClass,
    });
    return outcome === 'ok' && exitCode === 0 ? EXIT.done : EXIT.failed;
  },
};

async function readInput(path: string | boolean | undefined): Promise<Uint8Array> {
  if (path === undefined) return new Uint8Array();
  const source = path === '-' ? '/dev/stdin' : String(path);
  try {
    // One byte more than may be sent: what is longer is refused as such.
    return new Uint8Array(
      Buffer.concat(await Array.fromAsync(createReadStream(source, { end: MAX_CALL_INPUT_BYTES }), (piece) => Buffer.from(piece))),
    );
  } catch (cause) {
    throw new TeaError('badInput', `The input ${source} can't be read`, { expected: 'a readable file', actual: (cause as Error).message, cause });
  }
}

async function channelTo(tea: Tea, node: Uint8Array, caller: Account): Promise<bigint> {
  const found = (await findChannels(tea, caller.publicKey)).filter(({ record }) => equalBytes(record.node, node) && !record.closing);
  const last = found.at(-1);
  if (last !== undefined) return last.id;
  throw new TeaError('notFound', `${caller.name} has no channel to this node`, {
    expected: 'an open channel',
    next: `tea channel open --node ${node.toHex()} --amount 5`,
  });
}

async function contentOf(tea: Tea, code: string, owner: Account): Promise<bigint> {
  if (/^[0-9]{1,19}$/.test(code)) return BigInt(code);
  if (code.endsWith('.wasm') || existsSync(code)) {
    const bytes = await readFile(code).catch((cause: NodeJS.ErrnoException) => {
      throw new TeaError('badInput', `The code ${code} can't be read`, { expected: 'a readable file', actual: cause.message });
    });
    const { cid } = await tea.ipfs.add(oneChunk(new Uint8Array(bytes)));
    const known = await findCallable(tea, cid);
    if (known !== null) return known;
    const source = oneChunk(new Uint8Array(bytes));
    return (await publish(tea, { kind: 'code', source, visibility: { kind: 'plain' }, price: 0n, owner })).id;
  }
  const found = await findCallable(tea, code);
  if (found !== null) return found;
  throw new TeaError('notFound', 'Layer 1 shows no such code that can be called', {
    expected: 'plain code, on offer, free of charge',
    actual: code,
    next: 'sealed code, and code that costs something, runs in an errand',
  });
}

async function save(
  { output }: CallResult,
  out: string | boolean | undefined,
  proof: string | boolean | undefined,
  prove: () => Promise<Uint8Array>,
): Promise<string[]> {
  const files: [path: string, bytes: Uint8Array][] = [];
  if (out !== undefined) files.push([String(out), output]);
  if (proof !== undefined) files.push([String(proof), await prove()]);
  for (const [path, bytes] of files) await writeFile(path, bytes);
  return files.map(([path]) => path);
}
