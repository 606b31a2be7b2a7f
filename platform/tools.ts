import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { TeaError } from '@tea/protocol';

/** Debian keeps servers such as nats-server here, and leaves these out of an ordinary user's PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * The absolute path of an executable, looked for in `searchPath` and then in the system folders; `undefined` when there is none.
 * @param name a bare name such as `nats-server`, or an absolute path, which is only checked
 */
export function findTool(name: string, searchPath: string = process.env['PATH'] ?? ''): string | undefined {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined;
  const folders = [...searchPath.split(delimiter).filter(isAbsolute), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * @param aptPackage the Debian/Ubuntu package that holds `name`, for the message
 * @throws TeaError `missingTool`, naming the package
 */
export function requireTool(name: string, aptPackage: string, searchPath?: string): string {
  const path = findTool(name, searchPath);
  if (path !== undefined) return path;
  throw new TeaError('missingTool', `The program ${name} is needed and was not found`, {
    expected: `${name} in PATH`,
    actual: 'nothing of that name',
    next: `apt-get install ${aptPackage}`,
    details: { tool: name, package: aptPackage },
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
