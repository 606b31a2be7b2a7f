import { equalBytes, TeaError } from '@tea/protocol';
import { decodeQuote, pcrDigest } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { Quote } from './commands/measurements.ts';
import type { LoadedKey } from './key-templates.ts';
import { type PcrValue, readPcrs, sha256Pcrs } from './pcrs.ts';
import type { TpmTurn } from './tpm.ts';

export type TeeTpmQuote = { readonly attest: Uint8Array; readonly signature: Uint8Array; readonly pcrs: readonly PcrValue[] };

export type Quoter = (turn: TpmTurn, signHandle: LoadedKey, qualifyingData: Uint8Array, selected: readonly number[]) => Promise<TeeTpmQuote>;

const MAX_ATTEMPTS = 3;

/** Quotes with the values they are about. Those of the last quote are read again only when a quote's digest is of others. */
export function createQuoter(): Quoter {
  let known: readonly PcrValue[] = [];
  return async (turn, signHandle, qualifyingData, selected) => {
    const parameters = { qualifyingData, inScheme: { scheme: 'null' }, pcrSelect: sha256Pcrs(selected) } as const;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { quoted, signature } = await turn.run(Quote, { signHandle }, parameters, [password()]);
      const digest = decodeQuote(quoted).pcrDigest;
      if (!isAbout(known, selected, digest)) known = await readPcrs(turn, selected);
      if (isAbout(known, selected, digest)) return { attest: quoted, signature, pcrs: known };
    }
    throw new TeaError('conflict', 'The PCRs kept changing while they were quoted', { next: 'ask for the quote again' });
  };
}

function isAbout(values: readonly PcrValue[], selected: readonly number[], digest: Uint8Array): boolean {
  const wanted = new Set(selected);
  const same = values.length === wanted.size && values.every(({ index }) => wanted.has(index));
  return same && equalBytes(digest, pcrDigest(values.map((value) => value.digest)));
}
