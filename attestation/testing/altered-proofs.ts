type Path = readonly (string | number)[];

/** Every leaf of the file, by path: an attacker who rewrites one also recomputes `digest`. */
export function* leaves(value: unknown, path: Path = []): Generator<Path> {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) yield path;
  else for (const key of Object.keys(value)) yield* leaves((value as Record<string, unknown>)[key], [...path, key]);
}

/** The file with another value at this leaf: a bit of bytes, one more of a number, one letter more of a text. */
export function changedAt<Proof extends object>(proof: Proof, path: Path): Proof {
  const change = (value: unknown, [key, ...rest]: Path): unknown => {
    if (key !== undefined) {
      const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
      (copy as Record<string, unknown>)[key] = change((value as Record<string, unknown>)[key], rest);
      return copy;
    }
    if (value instanceof Uint8Array) return value.map((byte, index) => (index === value.length >> 1 ? byte ^ 1 : byte));
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number' || typeof value === 'bigint') return typeof value === 'number' ? value + 1 : value + 1n;
    return `${String(value)}x`;
  };
  return change(proof, path) as Proof;
}
