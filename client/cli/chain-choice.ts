import { TeaError } from '@tea/protocol';
import type { ChainChoice } from './network.ts';

/** What `--chain` names; without it, the embedded chain. @throws TeaError `badInput` */
export function parseChain(value: string | boolean | undefined): ChainChoice {
  const text = value === undefined ? 'embedded' : String(value);
  if (text === 'embedded' || text === 'node') return { kind: text };
  if (/^wss?:\/\/[^/]+/.test(text)) return { kind: 'ws', url: text };
  throw new TeaError('badInput', 'There is no such chain', { expected: 'embedded, node, or ws://HOST:PORT', actual: text, next: 'tea up --help' });
}
