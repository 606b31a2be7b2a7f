/** One line of the fragment: an option with its value as Kconfig writes it; `undefined` where it must stay off. */
export type KernelOption = { readonly name: string; readonly value: string | undefined; readonly reason: string };

const SET = /^(CONFIG_[A-Z0-9_]+)=("[^"]*"|[a-z0-9]+)(?:\s+#\s*(.*))?$/;
const UNSET = /^# (CONFIG_[A-Z0-9_]+) is not set$/;

/** Reads `kernel.config`. A section's heading is the reason of options that have none of their own. @throws RangeError for a line that is neither */
export function readFragment(text: string): KernelOption[] {
  let section = '';
  return text.split('\n').flatMap((line): KernelOption[] => {
    const heading = /^# ---- (.*)$/.exec(line)?.[1];
    if (heading !== undefined) section = heading;
    const [, off] = UNSET.exec(line) ?? [];
    if (off !== undefined) return [{ name: off, value: undefined, reason: section }];
    const [, name, value, reason] = SET.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [{ name, value, reason: reason ?? section }];
    if (line !== '' && !line.startsWith('#')) throw new RangeError(`No line of a kernel configuration: ${line}`);
    return [];
  });
}

/** The fragment as Kconfig takes it, without words for people. */
export function writeFragment(options: readonly KernelOption[]): string {
  return options.map(({ name, value }) => (value === undefined ? `# ${name} is not set\n` : `${name}=${value}\n`)).join('');
}

/**
 * Options that the finished configuration holds otherwise than the fragment asks: Kconfig drops what depends on something that is off, silently.
 * @param finished the `.config` that Kconfig wrote
 */
export function unmetOptions(options: readonly KernelOption[], finished: string): KernelOption[] {
  const values = new Map(
    finished.split('\n').flatMap((line) => [/^(CONFIG_[A-Z0-9_]+)=(.*)$/.exec(line)].flatMap((found) => (found ? [[found[1], found[2]]] : []))),
  );
  return options.filter(({ name, value }) => values.get(name) !== value);
}
