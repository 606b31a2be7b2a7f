import { readFileSync } from 'node:fs';
import { main as compileAssemblyScript } from 'assemblyscript/asc';

/** The kernels of the meter benchmark as one module whose exports take a number of rounds and answer a checksum. */
export async function compileKernels(): Promise<Uint8Array<ArrayBuffer>> {
  const source = readFileSync(new URL('./kernels/kernels.ts.txt', import.meta.url), 'utf8');
  let binary = new Uint8Array(0);
  const { error, stderr } = await compileAssemblyScript(['kernels.ts', '--outFile', 'kernels.wasm', '-O3', '--runtime', 'stub', '--use', 'abort='], {
    readFile: (name) => (name === 'kernels.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm' && typeof contents !== 'string') binary = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(stderr.toString());
  return binary;
}
