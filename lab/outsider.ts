import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { blake2b } from '@noble/hashes/blake2.js';
import { vrf } from '@scure/sr25519';

/**
 * An outsider with nothing but a file of `tea chain export` makes each errand's choice of an executor and its settlement again. Written from the words
 * in the pallets' documentation (`choice.rs`, `lot.rs`, `price.rs`) and the export's format alone: it shares no line with the pallets, nor with TEA's codecs.
 *
 *     node lab/outsider.ts history.jsonl
 *
 * One JSON row an errand: what layer 1 recorded, what comes out here, and whether they agree; exit code 1 when one doesn't. What it can't redo it says.
 */
export type Finding = {
  readonly errand: string;
  readonly selection:
    | { readonly by: 'block' | 'lot'; readonly block: number; readonly node: string; readonly candidates: number; readonly agrees: boolean }
    | 'none';
  readonly settlement: { readonly paid: string; readonly refunded: string; readonly agrees: boolean } | 'none';
};

type Line = { number: number; header: string; changes: [string, string | null][] };

/** twox_128 of pallet and item, as anyone computes them once. */
const ERRANDS = '863cd9165a24c0fa6620b1bfe510f564863cd9165a24c0fa6620b1bfe510f564';
const DRAW_OF = '863cd9165a24c0fa6620b1bfe510f56488d0ae1b550f7c7e9470285bd85fa184';
const OPEN_ERRANDS = '863cd9165a24c0fa6620b1bfe510f56427cb83b9b4be4dc51e02283af22e9f80';
const DRAWS = '7a0a3e40b374a8aafac39b07bc711d10b07c4f0d04dec1504ce21b6e7c8ae433';
const NODES = '519dfc7fdad21b84f64a5310fa178ef2519dfc7fdad21b84f64a5310fa178ef2';
const ACTIVE_NODES = '519dfc7fdad21b84f64a5310fa178ef216bc0fbbe380439a7118cc5c7f55ba4c';

export async function recompute(lines: AsyncIterable<string>): Promise<Finding[]> {
  const hashes: string[] = [];
  const activeAfter: string[] = [];
  const records = new Map<string, string>();
  const fundedWith = new Map<string, bigint>();
  const drawOf = new Map<string, string>();
  const draws = new Map<string, string>();
  /** The TEE account that each node was registered with, and since when; one that leaves may come back with another. */
  const accounts = new Map<string, { readonly since: number; readonly key: string }[]>();
  const openErrands = new Map<string, { readonly since: number; readonly count: number }[]>();
  for await (const text of lines) {
    const line = JSON.parse(text) as Line | { format: string };
    if (!('number' in line)) continue;
    hashes[line.number] = hash(bytes(line.header));
    activeAfter[line.number] = activeAfter[line.number - 1] ?? '0x00';
    for (const [key, value] of line.changes) {
      if (key === `0x${ACTIVE_NODES}`) activeAfter[line.number] = value ?? '0x00';
      if (key.startsWith(`0x${DRAW_OF}`) && value !== null) drawOf.set(key.slice(-16), value.slice(2));
      if (key.startsWith(`0x${DRAWS}`) && value !== null) draws.set(key.slice(-16), value);
      if (key.startsWith(`0x${NODES}`) && value !== null) append(accounts, key.slice(-64), { since: line.number, key: `0x${value.slice(66, 130)}` });
      if (key.startsWith(`0x${OPEN_ERRANDS}`))
        append(openErrands, key.slice(-64), { since: line.number, count: value === null ? 0 : Number(new Reader(bytes(value)).uint(4)) });
      if (!key.startsWith(`0x${ERRANDS}`) || value === null) continue;
      records.set(key, value);
      const { held } = readErrand(value);
      // What was held when it was funded; a settled record holds nothing any more.
      if (held > 0n) fundedWith.set(key, held);
    }
  }
  return Array.from(records, ([key, value]): Finding => {
    const id = new Reader(bytes(`0x${key.slice(-16)}`)).uint(8);
    const errand = readErrand(value);
    return {
      errand: String(id),
      selection: drawOf.has(key.slice(-16))
        ? judgeDraw(id, errand, drawOf.get(key.slice(-16)) ?? '', { hashes, activeAfter, draws, accounts, openErrands })
        : judgeSelection(id, errand, hashes, activeAfter),
      settlement: judgeSettlement(errand, fundedWith.get(key) ?? 0n),
    };
  });
}

/**
 * Candidates are the Active nodes of the parent's state, by id, whose fee for the whole gas limit fits under the ceiling less what code and data cost;
 * the seed is blake2_256("tea/select" ‖ parent hash ‖ id); its first 16 bytes, little endian, modulo their number is the place.
 */
function judgeSelection(id: bigint, errand: Errand, hashes: readonly string[], activeAfter: readonly string[]): Finding['selection'] {
  const { selection } = errand;
  if (selection === null) return 'none';
  const parent = selection.block - 1;
  const prices = errand.parts.reduce((sum, { price }) => sum + price, 0n);
  const active = readActiveNodes(activeAfter[parent] ?? '0x00');
  const candidates = active.filter(({ gasPrice }) => feeOf(errand.gasLimit, gasPrice) <= errand.maxPrice - prices).map((node) => node.id);
  const seed = hash(join(new TextEncoder().encode('tea/select'), bytes(hashes[parent] ?? '0x'), littleEndian(id, 8)));
  const place = new Reader(bytes(seed)).uint(16) % BigInt(Math.max(1, candidates.length));
  const node = candidates[Number(place)] ?? '';
  const agrees =
    seed === selection.seed &&
    node === selection.node &&
    candidates.length === selection.candidates &&
    hash(join(...candidates.map(bytes))) === selection.candidatesDigest;
  return { by: 'block', block: selection.block, node, candidates: candidates.length, agrees };
}

type History = {
  readonly hashes: readonly string[];
  readonly activeAfter: readonly string[];
  readonly draws: ReadonlyMap<string, string>;
  readonly accounts: ReadonlyMap<string, readonly { readonly since: number; readonly key: string }[]>;
  readonly openErrands: ReadonlyMap<string, readonly { readonly since: number; readonly count: number }[]>;
};

/** A node with so many errands in hand is passed over. */
const MAX_OPEN = 256;
const MAX_LOT = (1n << 128n) - 1n;

/**
 * The draw's seed is blake2_256("tea/draw" ‖ hash of the block before the one that fixed it ‖ draw ‖ round). Each claim must be a VRF of its node's TEE
 * account over "tea/lot/1" ‖ seed; its lot is the first 16 bytes, little endian, of blake2_256("tea/lot/1" ‖ seed ‖ account ‖ pre-output), and under the
 * threshold that three of the Active nodes (eight, until spec version 3), four times as many each round, are under on average. The lowest whose node was Active, cheap enough and
 * not too busy when the draw ended runs the errand. What an export can't show: who withheld a lot, and which claims were never taken into a block.
 */
function judgeDraw(id: bigint, errand: Errand, draw: string, history: History): Finding['selection'] {
  const { selection } = errand;
  if (selection === null) return 'none';
  const { hashes, activeAfter, draws, accounts, openErrands } = history;
  const { subject, round, claims } = readDraw(draws.get(draw) ?? '0x');
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  const seed = hash(join(text('tea/draw'), bytes(hashes[round.fixedAt - 1] ?? '0x'), bytes(`0x${draw}`), littleEndian(BigInt(round.number), 4)));
  const electorates = [round.fixedAt - 1, round.fixedAt].map((block) => readActiveNodes(activeAfter[block] ?? '0x00').length);
  const electorate = BigInt(Math.max(1, round.electorate));
  const thresholds = [3n, 8n].map((first) => {
    const expected = first * 4n ** BigInt(round.number);
    return expected >= electorate ? MAX_LOT : (MAX_LOT / electorate) * expected;
  });
  const lots = claims.map(({ node, proof }) => {
    const account = bytes(accounts.get(node.slice(2))?.findLast(({ since }) => since <= round.fixedAt)?.key ?? '0x');
    const message = join(text('tea/lot/1'), bytes(seed));
    if (!isLot(message, proof, account, text('tea/sortition'))) return MAX_LOT;
    return new Reader(bytes(hash(join(message, account, proof.subarray(0, 32))))).uint(16);
  });
  const prices = errand.parts.reduce((sum, { price }) => sum + price, 0n);
  const active = new Map(readActiveNodes(activeAfter[selection.block - 1] ?? '0x00').map(({ id: node, gasPrice }) => [node, gasPrice]));
  const stands = (node: string): boolean => {
    const price = active.get(node);
    const open = openErrands.get(node.slice(2))?.findLast(({ since }) => since < selection.block)?.count ?? 0;
    return price !== undefined && open < MAX_OPEN && feeOf(errand.gasLimit, price) <= errand.maxPrice - prices;
  };
  const winner = claims.find(({ node }) => stands(node))?.node ?? '';
  const agrees =
    subject === id &&
    seed === round.seed &&
    seed === selection.seed &&
    electorates.includes(round.electorate) &&
    selection.candidates === round.electorate &&
    thresholds.includes(round.threshold) &&
    lots.every((lot, place) => lot < round.threshold && lot === claims[place]?.lot && (place === 0 || (lots[place - 1] ?? lot) <= lot)) &&
    winner === selection.node &&
    hash(join(...claims.flatMap(({ node, proof }) => [bytes(node), proof]))) === selection.candidatesDigest;
  return { by: 'lot', block: selection.block, node: winner, candidates: round.electorate, agrees };
}

function isLot(message: Uint8Array, proof: Uint8Array, account: Uint8Array, context: Uint8Array): boolean {
  try {
    return vrf.verify(message, proof, account, context);
  } catch {
    return false; // no point of the curve, or no account
  }
}

/** A draw of an executor, as `tea_sortition` lists its fields (SCALE). */
function readDraw(value: string) {
  const reader = new Reader(bytes(value));
  reader.skip(1); // an executor, not a committee
  const subject = reader.uint(8);
  reader.skip(4 + 4); // seats, opened at
  const round = reader.option(() => ({
    number: Number(reader.uint(4)),
    seed: reader.hex(32),
    fixedAt: Number(reader.uint(4)),
    electorate: Number(reader.uint(4)),
    threshold: reader.uint(16),
    closesAt: Number(reader.uint(4)),
  }));
  if (round === null) throw new Error('an executor of a draw without a seed');
  const claims = reader.list(() => ({ lot: reader.uint(16), node: reader.hex(32), proof: reader.take(96) }));
  return { subject, round, claims };
}

function append<T>(to: Map<string, T[]>, key: string, entry: T): void {
  const entries = to.get(key);
  if (entries === undefined) to.set(key, [entry]);
  else entries.push(entry);
}

/** Owners of code and data get their prices if the run went well; for the gas used, the executor gets 80 % of the fee, the host the rest. */
function judgeSettlement(errand: Errand, held: bigint): Finding['settlement'] {
  const { run, selection, settlement } = errand;
  if (settlement === null || run === null || selection === null) return 'none';
  const fee = feeOf(run.gasUsed, selection.gasPrice);
  const toExecutor = (fee * 80n) / 100n;
  const owed = [
    ...(run.ok ? errand.parts.filter(({ kind }) => kind !== 2).map(({ owner, price }) => ({ account: owner, amount: price })) : []),
    { account: selection.operator, amount: toExecutor },
    { account: selection.hostAccount, amount: fee - toExecutor },
  ];
  let left = held;
  const payments = owed.flatMap(({ account, amount }) => {
    const paid = amount < left ? amount : left;
    left -= paid;
    return paid > 0n ? [{ account, amount: paid }] : [];
  });
  const agrees = left === settlement.refunded && JSON.stringify(payments, number) === JSON.stringify(settlement.payments, number);
  return { paid: String(held - left), refunded: String(left), agrees };
}

/** ceil(gas × price / 1,000,000) */
function feeOf(gas: bigint, price: bigint): bigint {
  return (gas * price + 999_999n) / 1_000_000n;
}

type Errand = ReturnType<typeof readErrand>;

/** The record as `types.rs` lists its fields (SCALE). */
function readErrand(value: string) {
  const reader = new Reader(bytes(value));
  if (reader.uint(1) === 9n) skipRefund(reader);
  reader.skip(4 + 32 + 8); // deadline, consumer, code
  reader.list(() => reader.uint(8));
  reader.option(() => {
    reader.vector();
    reader.skip(32 + 8 + 1);
  });
  const gasLimit = reader.uint(8);
  const maxPrice = reader.uint(16);
  reader.skip(32); // policy
  reader.vector(); // result key
  reader.skip(4); // created at
  const held = reader.uint(16);
  const parts = reader.list(() => {
    const kind = partKind(reader);
    const part = { kind, owner: reader.hex(32), price: reader.uint(16) };
    reader.skip(1 + 32); // sealed, digest
    reader.option(() => reader.skip(32 + 4));
    return part;
  });
  const selection = reader.option(() => ({
    block: Number(reader.uint(4)),
    seed: reader.hex(32),
    candidates: Number(reader.uint(4)),
    candidatesDigest: reader.hex(32),
    node: reader.hex(32),
    teeAccount: reader.hex(32),
    operator: reader.hex(32),
    hostAccount: reader.hex(32),
    gasPrice: reader.uint(16),
  }));
  reader.option(() => {
    reader.vector();
    reader.skip(32 + 4);
  });
  const run = reader.option(() => {
    const ok = reader.uint(1) === 0n;
    const gasUsed = reader.uint(8);
    reader.skip(32);
    reader.vector();
    reader.skip(32 + 4);
    return { ok, gasUsed };
  });
  reader.option(() => reader.vector());
  const settlement = reader.option(() => {
    const payments = reader.list(() => {
      const payment = { account: reader.hex(32), amount: reader.uint(16) };
      partKind(reader); // the role: code, data with its place, executor, host
      return payment;
    });
    return { payments, refunded: reader.uint(16) };
  });
  return { gasLimit, maxPrice, held, parts, selection, run, settlement };
}

/** Of parts and roles, number 1 is data and has a place. */
function partKind(reader: Reader): number {
  const kind = Number(reader.uint(1));
  if (kind === 1) reader.skip(1);
  return kind;
}

function skipRefund(reader: Reader): void {
  const reason = reader.uint(1);
  if (reason === 4n || reason === 5n) partKind(reader);
  if (reason === 5n) reader.vector();
}

function readActiveNodes(value: string): { readonly id: string; readonly gasPrice: bigint }[] {
  const reader = new Reader(bytes(value));
  return reader.list(() => ({ id: reader.hex(32), gasPrice: reader.uint(16) }));
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(from: Uint8Array) {
    this.#bytes = from;
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error('the record ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  skip(length: number): void {
    this.take(length);
  }

  uint(length: number): bigint {
    return this.take(length).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  hex(length: number): string {
    return `0x${this.take(length).toHex()}`;
  }

  /** SCALE's compact integers, as far as lengths go. */
  #length(): number {
    const first = Number(this.uint(1));
    if ((first & 3) === 0) return first >> 2;
    if ((first & 3) === 1) return (first >> 2) | (Number(this.uint(1)) << 6);
    return (first >> 2) | (Number(this.uint(1)) << 6) | (Number(this.uint(2)) << 14);
  }

  vector(): Uint8Array {
    return this.take(this.#length());
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.#length() }, read);
  }

  option<T>(read: () => T): T | null {
    return this.uint(1) === 1n ? read() : null;
  }
}

function bytes(text: string): Uint8Array {
  return Uint8Array.fromHex(text.slice(2));
}

function hash(input: Uint8Array): string {
  return `0x${blake2b(input, { dkLen: 32 }).toHex()}`;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function littleEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

function number(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

if (import.meta.main) {
  const findings = await recompute(createInterface({ input: createReadStream(process.argv[2] ?? '/dev/stdin') }));
  for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
  const agree = findings.every(({ selection, settlement }) => [selection, settlement].every((each) => typeof each === 'string' || each.agrees));
  process.exitCode = agree ? 0 : 1;
}
