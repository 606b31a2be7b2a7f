import { SUBJECTS, TeaError } from '@tea/protocol';

/** Through the adapter a stranger asks what a client may ask, and nothing else: the same table that makes the bus's own permissions. */
const RULES = SUBJECTS.filter(({ publish }) => publish.includes('client')).map(({ subject, answers }) => ({
  pattern: new RegExp(`^${subject.replaceAll('.', '\\.').replaceAll('*', '[0-9a-f]{64}')}$`),
  mode: answers.atMost === 'any' ? 'session' : 'ask',
}));

/** @throws TeaError `refused` for any other subject, and for a session where there is one answer, or the other way round */
export function ensureAllowed(subject: string, mode: 'ask' | 'session'): void {
  const rule = RULES.find(({ pattern }) => pattern.test(subject));
  if (rule?.mode === mode) return;
  throw new TeaError('refused', 'This is not to be asked here', {
    expected: rule === undefined ? 'a subject that clients may use' : `${subject} as ${rule.mode}`,
    actual: rule === undefined ? subject : mode,
    next: 'see docs/nats-protocol.md for the subjects',
  });
}
