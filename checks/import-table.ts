import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { importsOf } from './imports-of.ts';
import { ROOMS } from './rooms.ts';
import { sourceFiles } from './source-files.ts';

type Package = { readonly name: string; readonly dependencies: readonly string[]; readonly devDependencies: readonly string[] };

const TEST_CODE = /\.(test|bench|contract|child)\.ts$|(^|\/)test-[^/]*\.ts$|\/testing\//;

/**
 * Checks every TypeScript source and every package.json under `root` against the table in `rooms.ts`, and that each npm package that is
 * imported is named by the package.json of its room (in tests: or of the repository).
 * @returns one sentence per breach, each beginning with `file:line`
 */
export function importTableBreaches(root: string): string[] {
  const packages = new Map(Object.keys(ROOMS).map((room) => [room, readPackage(join(root, room, 'package.json'))]));
  const rootPackage = readPackage(join(root, 'package.json'));
  const roomOfPackage = new Map([...packages].flatMap(([room, own]) => (own === undefined ? [] : [[own.name, room] as const])));

  const ofSources = sourceFiles(root, '*.ts', '*.tsx', '*.mts').flatMap((file) => {
    const room = roomOf(file);
    if (room === undefined) return [`${file}:1 belongs to no room of checks/rooms.ts`];
    if (room === 'examples' && file.includes('/assembly/')) return []; // AssemblyScript
    const isTest = TEST_CODE.test(file);
    return importsOf(file, readFileSync(join(root, file), 'utf8')).flatMap(({ specifier, line }) => {
      const breach = specifier === undefined ? 'imports a computed path' : breachOf(specifier, file, room, isTest);
      return breach === undefined ? [] : [`${file}:${line} ${breach}`];
    });
  });

  const ofPackages = [...packages].flatMap(([room, own]) =>
    (own?.dependencies ?? []).flatMap((name) => {
      const other = roomOfPackage.get(name);
      return other === undefined || allowed(room, other, false) ? [] : [`${room}/package.json:1 depends on ${other}, which ${room} may not import`];
    }),
  );
  return [...ofSources, ...ofPackages];

  function breachOf(specifier: string, file: string, room: string, isTest: boolean): string | undefined {
    if (specifier.startsWith('.')) {
      const target = relative(root, join(root, dirname(file), specifier));
      if (roomOf(target) === room || target === 'package.json' || ROOMS[room]?.mayImport.includes('*')) return undefined;
      return `reaches into ${target} by path: rooms are imported by their package's name`;
    }
    if (specifier.startsWith('node:')) return undefined;
    if (room === 'tee/actors' && specifier.startsWith('tea:actor/')) return undefined;
    if (isBuiltin(specifier)) return `imports '${specifier}': write 'node:${specifier}'`;
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    const other = roomOfPackage.get(name);
    if (other !== undefined && other !== room && !allowed(room, other, isTest)) {
      return `imports ${other}, which ${room} may not import (it may: ${ROOMS[room]?.mayImport.join(', ') || 'nothing of ours'})`;
    }
    const own = packages.get(room);
    const named = [...(own ? [...own.dependencies, ...(isTest || ROOMS[room]?.buildsOnly ? own.devDependencies : [])] : []), own?.name];
    const shared = isTest || ROOMS[room]?.buildsOnly || own === undefined ? [...(rootPackage?.devDependencies ?? []), ...roomOfPackage.keys()] : [];
    return named.includes(name) || shared.includes(name)
      ? undefined
      : `imports '${name}', which ${own ? `${room}/package.json` : 'package.json'} does not name`;
  }
}

function allowed(room: string, other: string, inTest: boolean): boolean {
  const row = ROOMS[room];
  return row !== undefined && (row.mayImport.includes('*') || row.mayImport.includes(other) || (inTest && row.inTests?.includes(other) === true));
}

function roomOf(path: string): string | undefined {
  const around = Object.keys(ROOMS).filter((room) => path.startsWith(`${room}/`));
  return around.toSorted((a, b) => b.length - a.length)[0]; // the innermost
}

function readPackage(path: string): Package | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined; // a room without a package of its own, such as checks/
  }
  const { name, dependencies = {}, devDependencies = {} } = JSON.parse(text) as { name: string } & Record<string, Record<string, string> | undefined>;
  return { name, dependencies: Object.keys(dependencies), devDependencies: Object.keys(devDependencies) };
}
