import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as compiler from 'assemblyscript/asc';

/** `node build.ts` compiles `classifier.wasm`. The same sources and compiler give the same bytes: `node build.ts --check` says whether they did. */
export const WASM_FILE = join(import.meta.dirname, 'classifier.wasm');

const OPTIONS = ['--optimizeLevel', '3', '--shrinkLevel', '1', '--converge', '--runtime', 'stub', '--use', 'abort=assembly/abort/abort'];

/** @throws Error with the compiler's own words when the sources don't compile */
export async function compile(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const stderr = compiler.createMemoryStream();
  const { error } = await compiler.main(['assembly/main.ts', ...OPTIONS, '--outFile', 'classifier.wasm'], {
    readFile: (name, base) => readIfThere(join(import.meta.dirname, base, name)),
    writeFile: (_name, contents) => void (binary = typeof contents === 'string' ? undefined : contents),
    listFiles: () => [],
    stderr,
  });
  if (error !== null || binary === undefined) throw new Error(`The classifier does not compile:\n${stderr.toString()}`, { cause: error });
  return binary;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.main) {
  const built = await compile();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(built))).toHex();
  if (process.argv.includes('--check')) {
    const same = readFileSync(WASM_FILE).equals(built);
    process.stdout.write(`classifier.wasm ${same ? 'comes from these sources' : 'does NOT come from these sources'}: they give SHA-256 ${digest}\n`);
    process.exit(same ? 0 : 1);
  }
  writeFileSync(WASM_FILE, built);
  process.stdout.write(`classifier.wasm: ${built.length} bytes, SHA-256 ${digest}\n`);
}
