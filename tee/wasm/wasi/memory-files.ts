import { fail } from './errno.ts';
import type { OutputBudget } from './output-budget.ts';
import type { ReadAt } from './read-at.ts';

/** The guest's whole file system: trees in memory, inputs read-only, outputs bounded by the budget. */
export type FileNode = ReadOnlyFile | WritableFile | Directory | SymbolicLink;

/** When a node was last read and changed, in ns, once somebody set it; until then both are the job's own clock. */
export type FileTimes = { accessed: bigint | null; modified: bigint | null };

export const FILE_TYPE = { unknown: 0, directory: 3, regular: 4, symbolicLink: 7 } as const;
/** Bookkeeping of one entry of /out, charged to the output budget with its name. */
const ENTRY_BYTES = 64;
/** How deep directories may nest below /out. */
const MAX_DEPTH = 64;

export class ReadOnlyFile {
  readonly kind = 'file';
  readonly writable = false;
  readonly times: FileTimes = { accessed: null, modified: null };
  readonly inode: bigint;
  readonly #content: ReadAt;

  constructor(inode: bigint, content: ReadAt) {
    this.inode = inode;
    this.#content = content;
  }

  get size(): number {
    return this.#content.size;
  }

  read(offset: number, into: Uint8Array): number {
    return this.#content.read(offset, into);
  }
}

/** A name for another path below the directory that a call starts at. It leads nowhere else, see `resolve-path.ts`. */
export class SymbolicLink {
  readonly kind = 'link';
  readonly times: FileTimes = { accessed: null, modified: null };
  readonly inode: bigint;
  readonly target: string;
  readonly size: number;

  constructor(inode: bigint, target: string) {
    this.inode = inode;
    this.target = target;
    this.size = Buffer.byteLength(target);
  }
}

export class WritableFile {
  readonly kind = 'file';
  readonly writable = true;
  /** Names it has in directories. What leaves /out is written once for each, so each is charged for its bytes. */
  #names = 1;
  readonly times: FileTimes = { accessed: null, modified: null };
  readonly inode: bigint;
  readonly #budget: OutputBudget;
  #buffer = new Uint8Array(0);
  #size = 0;

  constructor(inode: bigint, budget: OutputBudget) {
    this.inode = inode;
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  get content(): Uint8Array {
    return this.#buffer.subarray(0, this.#size);
  }

  read(offset: number, into: Uint8Array): number {
    const part = this.content.subarray(Math.min(offset, this.#size), Math.min(offset + into.length, this.#size));
    into.set(part);
    return part.length;
  }

  write(offset: number, from: Uint8Array): void {
    if (from.length === 0) return;
    if (offset + from.length > this.#size) this.resize(offset + from.length);
    this.#buffer.set(from, offset);
  }

  get names(): number {
    return this.#names;
  }

  addName(): void {
    this.#budget.take(this.#size);
    this.#names++;
  }

  /** The bytes of the last name stay charged: a descriptor may still hold the file. */
  removeName(): void {
    if (this.#names === 1) return;
    this.#names--;
    this.#budget.giveBack(this.#size);
  }

  resize(size: number): void {
    if (size > this.#size) this.#budget.take((size - this.#size) * this.#names);
    else this.#budget.giveBack((this.#size - size) * this.#names);
    if (size > this.#buffer.length) {
      const grown = new Uint8Array(Math.min(Math.max(size, this.#buffer.length * 2), this.#budget.limit));
      grown.set(this.content);
      this.#buffer = grown;
    }
    if (size < this.#size) this.#buffer.fill(0, size, this.#size);
    this.#size = size;
  }
}

export class Directory {
  readonly kind = 'directory';
  readonly inode: bigint;
  readonly size = 0;
  readonly times: FileTimes = { accessed: null, modified: null };
  /** Null where the guest may not change anything. */
  readonly budget: OutputBudget | null;
  /** How many directories it is below the root of its tree. */
  depth: number;
  readonly #entries = new Map<string, FileNode>();

  constructor(inode: bigint, budget: OutputBudget | null, depth = 0) {
    if (depth > MAX_DEPTH) fail('nametoolong');
    this.inode = inode;
    this.budget = budget;
    this.depth = depth;
  }

  get(name: string): FileNode | undefined {
    return this.#entries.get(name);
  }

  /** Entries in the order they were made, which is the same in every run. */
  entries(): readonly (readonly [string, FileNode])[] {
    return [...this.#entries];
  }

  /** Puts an entry in place while the tree is being set up, free of charge. */
  mount(name: string, node: FileNode): void {
    this.#entries.set(name, node);
  }

  add(name: string, node: FileNode): void {
    const budget = this.budget ?? fail('rofs');
    if (this.#entries.has(name)) fail('exist');
    budget.take(entryBytes(name, node));
    this.#entries.set(name, node);
  }

  remove(name: string): FileNode {
    const budget = this.budget ?? fail('rofs');
    const node = this.#entries.get(name) ?? fail('noent');
    this.#entries.delete(name);
    budget.giveBack(entryBytes(name, node));
    return node;
  }

  /** Whether `other` is this directory or somewhere below it. */
  holds(other: Directory): boolean {
    return other === this || this.#directories().some((below) => below.holds(other));
  }

  /** Puts this directory, and so all below it, at another depth. @throws WasiError before anything changed when that is too deep */
  moveTo(depth: number): void {
    if (depth + this.#height() > MAX_DEPTH) fail('nametoolong');
    this.depth = depth;
    for (const below of this.#directories()) below.moveTo(depth + 1);
  }

  /** Directories in the tree below this one, itself included. */
  get treeSize(): number {
    return this.#directories().reduce((sum, below) => sum + below.treeSize, 1 + this.#entries.size);
  }

  #height(): number {
    return this.#directories().reduce((most, below) => Math.max(most, below.#height() + 1), 0);
  }

  #directories(): Directory[] {
    return [...this.#entries.values()].filter((entry) => entry.kind === 'directory');
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  isEmpty(): boolean {
    return this.#entries.size === 0;
  }
}

function entryBytes(name: string, node: FileNode): number {
  return ENTRY_BYTES + name.length * 3 + (node.kind === 'link' ? node.size : 0);
}

/** All files below `directory` by relative path, in byte order of the paths. Symbolic links are not followed and do not leave. */
export function collectFiles(directory: Directory, prefix = ''): (readonly [string, Uint8Array])[] {
  return directory
    .entries()
    .flatMap(([name, node]): (readonly [string, Uint8Array])[] => {
      if (node.kind === 'directory') return collectFiles(node, `${prefix}${name}/`);
      return node.kind === 'file' && node.writable ? [[`${prefix}${name}`, node.content]] : [];
    })
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
