/**
 * Random structured programs for tests of the meter: as an abstract tree, as WebAssembly text, and as a walk over the tree that counts every
 * instruction on its own. The walk knows nothing of blocks that are charged together, so it is the meter's independent witness.
 */
import fc from 'fast-check';

export type Statement =
  | { readonly kind: 'add'; readonly amount: number }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'loop'; readonly rounds: number; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly then: readonly Statement[]; readonly otherwise: readonly Statement[] | null }
  | { readonly kind: 'break' | 'breakIf'; readonly depth: number }
  | { readonly kind: 'table'; readonly depths: readonly number[] }
  | { readonly kind: 'call'; readonly callee: number }
  | { readonly kind: 'fill'; readonly bytes: number }
  | { readonly kind: 'return' };

/** Functions call earlier ones only; the last is the entry. */
export type Program = readonly (readonly Statement[])[];

const { body } = fc.letrec<{ body: readonly Statement[]; statement: Statement }>((tie) => ({
  body: fc.array(tie('statement'), { maxLength: 4, depthIdentifier: 'nesting' }),
  statement: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'nesting' },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), amount: fc.integer({ min: 1, max: 99 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('break' as const, 'breakIf' as const), depth: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('table' as const), depths: fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('call' as const), callee: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('fill' as const), bytes: fc.nat(60_000) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'return' as const }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('block' as const), body: tie('body') }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('loop' as const), rounds: fc.integer({ min: 1, max: 3 }), body: tie('body') }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('if' as const), then: tie('body'), otherwise: fc.option(tie('body')) }) },
  ),
}));
export const programs: fc.Arbitrary<Program> = fc.array(
  fc.tuple(body, body, body).map((parts) => parts.flat()),
  { minLength: 1, maxLength: 4 },
);

const CONDITION = '(i32.and (global.get $x) (i32.const 1))';

export function toText(program: Program): string {
  const functions = program.map((statements, index) => {
    const counters: string[] = [];
    const text = writeBody(statements, [], index, counters);
    return `(func $f${index} ${index === program.length - 1 ? '(export "_start")' : ''} ${counters.map((name) => `(local ${name} i32)`).join(' ')} ${text})`;
  });
  return `(module (memory (export "memory") 1) (global $x (mut i32) (i32.const 1)) ${functions.join('\n')})`;
}

/** `labels` holds the enclosing labels one can leave forward; loops are only branched to by their own counter. */
function writeBody(statements: readonly Statement[], labels: readonly boolean[], index: number, counters: string[]): string {
  return statements.map((statement) => writeStatement(statement, labels, index, counters)).join(' ');
}

function writeStatement(statement: Statement, labels: readonly boolean[], index: number, counters: string[]): string {
  switch (statement.kind) {
    case 'add':
      return `(global.set $x (i32.add (global.get $x) (i32.const ${statement.amount})))`;
    case 'block':
      return `(block ${writeBody(statement.body, [true, ...labels], index, counters)})`;
    case 'loop': {
      const name = `$c${counters.length}`;
      counters.push(name);
      const inner = writeBody(statement.body, [false, ...labels], index, counters);
      return `(local.set ${name} (i32.const ${statement.rounds})) (loop ${inner} (br_if 0 (local.tee ${name} (i32.sub (local.get ${name}) (i32.const 1)))))`;
    }
    case 'if': {
      const arm = (arm: readonly Statement[]): string => writeBody(arm, [true, ...labels], index, counters);
      return `(if ${CONDITION} (then ${arm(statement.then)}) ${statement.otherwise === null ? '' : `(else ${arm(statement.otherwise)})`})`;
    }
    case 'break':
      return `(br ${forward(labels, statement.depth)})`;
    case 'breakIf':
      return `(br_if ${forward(labels, statement.depth)} ${CONDITION})`;
    case 'table':
      return `(br_table ${statement.depths.map((depth) => forward(labels, depth)).join(' ')} (i32.and (global.get $x) (i32.const 3)))`;
    case 'call':
      return statement.callee < index ? `(call $f${statement.callee})` : '';
    case 'fill':
      return `(memory.fill (i32.const 0) (i32.const 0) (i32.const ${statement.bytes}))`;
    case 'return':
      return '(return)';
  }
}

/** The nearest label at or beyond `depth` that leads forward; the function's own is always one. */
function forward(labels: readonly boolean[], depth: number): number {
  for (let at = Math.min(depth, labels.length); at < labels.length; at++) if (labels[at]) return at;
  return labels.length;
}

export function countGas(program: Program): bigint {
  let x = 1;
  let gas = 0;
  const callFunction = (index: number): void => {
    runBody(program[index] ?? [], [], index);
  };
  /** Runs statements; answers how many labels to leave, 0 for going on. */
  const runBody = (statements: readonly Statement[], labels: readonly boolean[], index: number): number => {
    for (const statement of statements) {
      const leave = runStatement(statement, labels, index);
      if (leave > 0) return leave;
    }
    return 0;
  };
  const runStatement = (statement: Statement, labels: readonly boolean[], index: number): number => {
    const nested = (inner: readonly Statement[]): number => Math.max(0, runBody(inner, [true, ...labels], index) - 1);
    switch (statement.kind) {
      case 'add':
        gas += 4;
        x = (x + statement.amount) | 0;
        return 0;
      case 'block':
        return nested(statement.body);
      case 'loop':
        gas += 2;
        for (let left = statement.rounds; left > 0; left--) {
          const leave = runBody(statement.body, [false, ...labels], index);
          if (leave > 0) return leave - 1;
          gas += 5;
        }
        return 0;
      case 'if':
        gas += 4;
        if (x & 1) return nested(statement.then);
        return statement.otherwise === null ? 0 : nested(statement.otherwise);
      case 'break':
        gas += 1;
        return forward(labels, statement.depth) + 1;
      case 'breakIf':
        gas += 4;
        return x & 1 ? forward(labels, statement.depth) + 1 : 0;
      case 'table': {
        gas += 7;
        const depths = statement.depths;
        return forward(labels, depths[Math.min(x & 3, depths.length - 1)] ?? 0) + 1;
      }
      case 'call':
        if (statement.callee >= index) return 0;
        gas += 4;
        callFunction(statement.callee);
        return 0;
      case 'fill':
        gas += 23 + (statement.bytes >>> 3);
        return 0;
      case 'return':
        gas += 1;
        return labels.length + 1;
    }
  };
  callFunction(program.length - 1);
  return BigInt(gas);
}
