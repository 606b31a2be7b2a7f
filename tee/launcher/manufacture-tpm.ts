import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeExit, requireTool, spawnChild } from '@tea/platform';
import { TeaError } from '@tea/protocol';

export type ManufacturedTpm = { readonly tpmState: string; readonly caCertificates: readonly Uint8Array[] };

const ISSUER = 'issuercert.pem';
const ROOT = 'swtpm-localca-rootca-cert.pem'; // the name is swtpm_localca's own
const CA_SECRETS = ['signkey.pem', 'swtpm-localca-rootca-privkey.pem'];

/**
 * The TPM under `home`, manufactured when there is none: RSA-2048 EK with a certificate in NV, signed by a CA that exists for this one TPM
 * and whose keys are deleted afterwards. All or nothing: an interrupted manufacture leaves no half-made TPM.
 * @throws TeaError `missingTool`, `unavailable` with what swtpm_setup said, `cancelled`
 */
export async function manufactureTpm({ home, signal }: { readonly home: string; readonly signal?: AbortSignal }): Promise<ManufacturedTpm> {
  const finished = join(home, 'tpm');
  const existing = await readManufactured(finished);
  if (existing) return existing;
  const unfinished = join(home, 'manufacturing');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(join(unfinished, 'ca'), { recursive: true, mode: 0o700 });
  await runSetup(unfinished, signal);
  const leftovers = ['setup', ...CA_SECRETS.map((name) => `ca/${name}`)];
  await Promise.all(leftovers.map((name) => rm(join(unfinished, name), { recursive: true, force: true })));
  await rename(unfinished, finished);
  const made = await readManufactured(finished);
  if (!made) throw new TeaError('unavailable', 'swtpm_setup made no TPM', { expected: `certificates in ${finished}/ca` });
  return made;
}

/**
 * swtpm_setup reads all it needs from files; its defaults are the system's CA, which an ordinary user can't write. All paths are relative to
 * `directory`, where it runs: it hands them on to swtpm, whose options can't quote a comma.
 */
async function runSetup(directory: string, signal: AbortSignal | undefined): Promise<void> {
  const setup = requireTool('swtpm_setup', 'swtpm-tools');
  const localCa = requireTool('swtpm_localca', 'swtpm-tools');
  const caConfig = 'setup/swtpm-localca.conf';
  const caOptions = 'setup/swtpm-localca.options';
  const config = 'setup/swtpm_setup.conf';
  const write = (path: string, text: string): Promise<void> => writeFile(join(directory, path), text);
  await mkdir(join(directory, 'setup'));
  await write(caConfig, `statedir = ca\nsigningkey = ca/${CA_SECRETS[0]}\nissuercert = ca/${ISSUER}\ncertserial = ca/certserial\n`);
  await write(caOptions, '--tpm-manufacturer id:00001014\n--tpm-model swtpm-libtpms\n--tpm-version id:20191023\n');
  await write(
    config,
    `create_certs_tool = ${localCa}\ncreate_certs_tool_config = ${caConfig}\ncreate_certs_tool_options = ${caOptions}\nactive_pcr_banks = sha256\n`,
  );
  // Started by root it would become the user tss, who can't write here.
  const asRoot = process.getuid?.() === 0 ? ['--runas', 'root'] : [];
  await using child = await spawnChild({
    name: 'swtpm_setup',
    command: setup,
    args: [...asRoot, '--tpm2', '--tpm-state', '.', '--config', config, '--create-ek-cert', '--pcr-banks', 'sha256', '--rsa-keysize', '2048'],
    cwd: directory,
    ...(signal && { signal }),
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-4096)));
  const exit = await child.exited;
  if (signal?.aborted) throw new TeaError('cancelled', 'Manufacturing the TPM was cancelled', { cause: signal.reason });
  if (exit.kind === 'exited' && exit.code === 0) return;
  throw new TeaError('unavailable', 'swtpm_setup could not manufacture a TPM', {
    expected: 'exit code 0',
    actual: `${describeExit(exit)}, saying: ${(said + child.stderrTail()).trim() || 'nothing'}`,
    next: `check that ${directory} can be written, that its disk has room, and that swtpm and swtpm-tools are of one version`,
  });
}

async function readManufactured(tpmState: string): Promise<ManufacturedTpm | undefined> {
  try {
    const pems = await Promise.all([ISSUER, ROOT].map((name) => readFile(join(tpmState, 'ca', name))));
    return { tpmState, caCertificates: pems.map((pem) => new Uint8Array(new X509Certificate(pem).raw)) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TeaError('corrupt', 'The certificates of the TPM simulator are damaged', { expected: `PEM in ${tpmState}/ca`, cause });
  }
}
