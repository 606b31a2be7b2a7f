import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateMultipleDescriptors } from '@polkadot-api/codegen';
import { EntryPointCodec, TypedefCodec } from '@polkadot-api/metadata-compatibility';
import { decAnyMetadata, Tuple, unifyMetadata, Vector } from '@polkadot-api/substrate-bindings';
import { getMetadataFromRuntime } from '@polkadot-api/wasm-executor/node';
import { build } from 'esbuild';
import { WORKSPACE } from './sources-digest.ts';

/** Where the package `@polkadot-api/descriptors` keeps what is generated. */
export const DESCRIPTORS = join(WORKSPACE, 'descriptors/generated');

/** The metadata (V16) that a runtime's wasm says of itself, SCALE. */
export function runtimeMetadata(wasm: Uint8Array): Uint8Array {
  const code: `0x${string}` = `0x${Buffer.from(wasm).toString('hex')}`;
  return Buffer.from(getMetadataFromRuntime(code).slice(2), 'hex');
}

/**
 * Writes `@polkadot-api/descriptors`, whose `tea` gives polkadot-api the types of every call, query and event. It does what `papi generate`
 * does, with the parts that is made of: the command itself doesn't run beside TypeScript 7, and wants to run `npm install`.
 */
export async function describeRuntime(wasm: Uint8Array, outDir: string = DESCRIPTORS): Promise<void> {
  const raw = runtimeMetadata(wasm);
  const generated = generateMultipleDescriptors([{ key: 'tea', metadata: unifyMetadata(decAnyMetadata(raw)), knownTypes: {} }], {
    client: 'polkadot-api',
    metadataTypes: './metadataTypes.js',
    types: './common-types.js',
    descriptorValues: './descriptors.js',
    common: './common.js',
  });
  const { entryPoints, typedefs } = generated.metadataTypes;
  const types = Tuple(Vector(EntryPointCodec), Vector(TypedefCodec)).enc([entryPoints, typedefs]);
  const [tea] = generated.descriptorTypesFiles;
  const files = {
    'common.ts': generated.commonFileContent,
    'common-types.ts': generated.typesFileContent,
    'descriptors.ts': generated.descriptorsFileContent,
    'metadataTypes.ts': exportBase64(types),
    'tea_metadata.ts': exportBase64(raw),
    'tea.ts': tea?.content ?? '',
    'index.ts': `export { default as tea } from './tea.js';\nexport type * from './tea.js';\nexport { ${generated.publicTypes.join(', ')} } from './common-types.js';\n`,
  };

  const sources = mkdtempSync(join(WORKSPACE, 'descriptors/.sources-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(sources, name), content);
    rmSync(outDir, { recursive: true, force: true });
    await build({
      absWorkingDir: sources, // else the temporary folder's name gets into the output
      entryPoints: { index: join(sources, 'index.ts') },
      outdir: outDir,
      bundle: true,
      splitting: true,
      packages: 'external',
      format: 'esm',
      target: 'es2024',
      chunkNames: '[name]',
    });
    declareTypes(sources, outDir);
  } finally {
    rmSync(sources, { recursive: true });
  }
}

function declareTypes(sources: string, outDir: string): void {
  const options = [
    '--ignoreConfig',
    '--declaration',
    '--emitDeclarationOnly',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--target',
    'esnext',
  ];
  const { status, stdout } = spawnSync('tsc', [...options, '--skipLibCheck', '--strict', '--outDir', outDir, join(sources, 'index.ts')], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(WORKSPACE, '../../node_modules/.bin')}:${process.env['PATH']}` },
  });
  if (status !== 0) throw new Error(`tsc can't declare the types of the descriptors:\n${stdout}`);
}

function exportBase64(bytes: Uint8Array): string {
  return `const content: string = '${Buffer.from(bytes).toString('base64')}';\nexport default content;\n`;
}
