import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256, TeaError } from '@tea/protocol';
import { describeExit, spawnChild } from '@tea/platform';
import { runGuestHere, wrapHandlerFile } from './guest-process.ts';
import type { GuestProject } from './project.ts';
import { buildPlan } from './toolchains.ts';

export type BuiltGuest = { readonly path: string; readonly bytes: number; readonly sha256: Uint8Array };

/**
 * Compiles a project to what is deployed, and lets the TEE's own reader look at it: what would be refused there is refused here.
 * @throws TeaError `missingTool`; `refused` with the compiler's words, or with what the guest has that guests may not
 */
export async function buildProject(project: GuestProject, signal?: AbortSignal): Promise<BuiltGuest> {
  const { command, args, env, made, isCore } = buildPlan(project);
  await mkdir(dirname(project.wasm), { recursive: true });
  let said = '';
  await using child = await spawnChild({
    name: project.language,
    command,
    args,
    env,
    cwd: project.directory,
    onStderr: (text) => void (said += text),
    ...(signal && { signal }),
  });
  const printed = (await Array.fromAsync(child.stdout, String)).join('');
  const exit = await child.exited;
  if (exit.kind !== 'exited' || exit.code !== 0) {
    throw new TeaError('refused', `${project.name} does not compile`, { actual: `${printed}${said}`.trim() || describeExit(exit) });
  }
  if (isCore) await wrapHandlerFile(made, project.wasm, signal);
  if (project.entropic === true) await markEntropic(project);
  await checkAccepted(project, signal);
  const content = await readFile(project.wasm);
  return { path: project.wasm, bytes: content.length, sha256: sha256(content) };
}

/** The custom section that `tee/wasm/entropic.ts` looks for. */
async function markEntropic({ wasm, language, name }: GuestProject): Promise<void> {
  if (language !== 'go')
    throw new TeaError('badInput', `${name} can't be entropic`, { expected: 'a task', actual: 'a handler: it has no randomness' });
  const section = new TextEncoder().encode('tea:entropic');
  await appendFile(wasm, Uint8Array.of(0, section.length + 1, section.length, ...section));
}

/** Without gas, what would be run is only read. */
async function checkAccepted({ wasm, name }: GuestProject, signal: AbortSignal | undefined): Promise<void> {
  const none = new Uint8Array(0);
  const seed = new Uint8Array(32);
  const run = await runGuestHere({ module: wasm, function: 'run', input: null, data: [], gas: 0n, clockMs: 0, seed, caller: none }, signal);
  if (run.outcome !== 'outOfGas') throw new TeaError('refused', `${name} compiles, but the TEE would not run it`, { actual: run.explanation });
}
