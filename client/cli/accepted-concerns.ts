import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { TeaError } from '@tea/protocol';
import type { Inspection, NodeInspection } from '@tea/sdk';

/** Something about a node that a policy lets pass and its owner should have agreed to. */
export type Concern = {
  /** Stable: `simulated-tpm`, `virtual-tpm`, `readable-memory`, `unmeasured-start`, `unsigned-software`, or `open:` and a claim that can't be told. */
  readonly id: string;
  /** For people: what it means. */
  readonly text: string;
};

/** To what exactly somebody agreed. Whatever of it differs is another question. */
export type Acceptance = {
  readonly chain: string;
  readonly node: string;
  /** Whose agreement: an account. */
  readonly owner: string;
  readonly concern: string;
  readonly text: string;
  readonly policy: string;
  readonly referenceValues: string;
};

const hex32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const words = v.pipe(v.string(), v.maxLength(1024));
const schema = v.strictObject({
  v: v.literal(1),
  accepted: v.pipe(
    v.array(
      v.strictObject({
        chain: hex32,
        node: hex32,
        owner: hex32,
        concern: words,
        text: words,
        policy: hex32,
        referenceValues: hex32,
        at: v.pipe(v.string(), v.isoTimestamp()),
      }),
    ),
    v.maxLength(4096),
  ),
  issues: v.pipe(
    v.array(v.strictObject({ chain: hex32, name: words, issue: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })),
    v.maxLength(4096),
  ),
});

export const ACCEPTED_FILE = 'accepted.json';

/** What people agreed to, in `accepted.json` of a state folder: plain to read, and gone with the folder or `forget`. */
export type AcceptedConcerns = {
  has(acceptance: Acceptance): boolean;
  add(acceptance: Acceptance): Promise<void>;
  /** All about this node. */
  of(node: string): readonly (Acceptance & { readonly at: string })[];
  /** @returns how many questions will be asked again */
  forget(node: string): Promise<number>;
  /** The highest issue of signed reference values of this name that was accepted. */
  issue(chain: string, name: string): number | undefined;
  noteIssue(chain: string, name: string, issue: number): Promise<void>;
};

/** @throws TeaError `corrupt` for a file that is not one: nothing is taken for agreed that can't be read */
export async function openAcceptedConcerns(stateDir: string, now: () => Date = () => new Date()): Promise<AcceptedConcerns> {
  const path = join(stateDir, ACCEPTED_FILE);
  let kept = await readKept(path);

  async function keep(change: Partial<typeof kept>): Promise<void> {
    kept = { ...kept, ...change };
    await writeFile(`${path}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  return {
    has: (acceptance) => kept.accepted.some((each) => isSame(each, acceptance)),
    add: async (acceptance) => {
      if (!kept.accepted.some((each) => isSame(each, acceptance)))
        await keep({ accepted: [...kept.accepted, { ...acceptance, at: now().toISOString() }] });
    },
    of: (node) => kept.accepted.filter((each) => each.node === node),
    async forget(node) {
      const others = kept.accepted.filter((each) => each.node !== node);
      const forgotten = kept.accepted.length - others.length;
      if (forgotten > 0) await keep({ accepted: others });
      return forgotten;
    },
    issue: (chain, name) => kept.issues.find((each) => each.chain === chain && each.name === name)?.issue,
    async noteIssue(chain, name, issue) {
      const before = kept.issues.find((each) => each.chain === chain && each.name === name);
      if (before !== undefined && before.issue >= issue) return;
      await keep({ issues: [...kept.issues.filter((each) => each !== before), { chain, name, issue }] });
    },
  };
}

const FIELDS = ['chain', 'node', 'owner', 'concern', 'text', 'policy', 'referenceValues'] as const;

function isSame(one: Acceptance, other: Acceptance): boolean {
  return FIELDS.every((field) => one[field] === other[field]);
}

async function readKept(path: string): Promise<v.InferOutput<typeof schema>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { v: 1, accepted: [], issues: [] };
    throw new TeaError('badInput', `${path} can't be read`, { expected: 'a readable file', actual: (cause as Error).message });
  }
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (cause) {
    throw new TeaError('corrupt', `${path} is not a list of what you accepted`, {
      expected: 'the file as tea wrote it',
      actual: (cause as Error).message.split('\n')[0] ?? 'something else',
      next: 'delete it: you are asked again',
    });
  }
}

const UNMEASURED: Concern = {
  id: 'unmeasured-start',
  text: 'nothing measured how its machine started (process mode): its owner could have measured anything into the TPM',
};

/** What an owner should agree to before a key goes to this node, though the policy lets it pass. */
export function concernsOf({ appraisal: { result }, referenceValues }: Pick<Inspection, 'appraisal' | 'referenceValues'>): Concern[] {
  const readable = {
    id: 'readable-memory',
    text: 'whoever owns the machine can read its memory, your data in use included: a TPM does not encrypt it',
  };
  const ofClass: Readonly<Record<typeof result.trustClass, Concern | null>> = {
    simulated: { id: 'simulated-tpm', text: 'its TPM is simulated: whoever owns the machine can forge all of this, and read every key and all data' },
    vtpm: { id: 'virtual-tpm', text: 'its TPM is virtual: whoever runs the cloud can read its memory, your data in use included' },
    tpm: readable,
    'tpm+memory-encryption': null,
  };
  const unsigned: Concern = {
    id: 'unsigned-software',
    text: 'nobody signed what its program must measure as: trust it as far as you trust your own checkout',
  };
  const open = result.claims
    .filter(({ ok }) => ok === null)
    .map(({ id, title, actual }): Concern => ({ id: `open:${id}`, text: `it can't be told whether this holds: ${title} (${actual})` }));
  // A simulated TPM is worse than this, and says so.
  const unmeasured = referenceValues.mode === 'process' && result.trustClass !== 'simulated';
  const concern = ofClass[result.trustClass];
  return [
    ...(concern === null ? [] : [concern]),
    ...(unmeasured ? [UNMEASURED] : []),
    ...(referenceValues.provenance.kind === 'unsigned' ? [unsigned] : []),
    ...open,
  ];
}

/** What it means to agree to this concern about this node, for this owner. */
export function acceptanceOf(
  concern: Concern,
  { appraisal: { result } }: Pick<Inspection | NodeInspection, 'appraisal'>,
  of: { readonly chain: Uint8Array; readonly node: Uint8Array; readonly owner: Uint8Array },
): Acceptance {
  return {
    chain: of.chain.toHex(),
    node: of.node.toHex(),
    owner: of.owner.toHex(),
    concern: concern.id,
    text: concern.text.slice(0, 1024),
    policy: result.policy.digest.toHex(),
    referenceValues: result.referenceValues.digest.toHex(),
  };
}
