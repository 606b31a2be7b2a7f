/** Evidence to join with, as published. */
export type JoinEvidence = { readonly cid: string; readonly digest: Uint8Array; readonly atBlock: number };

export type JoinEvidenceParts = {
  /** Attests over the hash of the newest block, and publishes it. */
  readonly publish: () => Promise<JoinEvidence>;
  readonly blockNumber: () => number;
  /** A committee takes evidence whose nonce is so many blocks old. */
  readonly freshBlocks: number;
};

/**
 * The evidence this TEE offers to whoever registers it or renews its registration. It is made anew once half of the time it is fresh has passed,
 * which leaves a committee the other half: a TEE that has run for a week can be registered as well as one that has just started. After a
 * restart (another boot, another receipt key) there is none of before to offer.
 * @returns the evidence to offer now, or made `anew` because something has changed; throws what `publish` throws
 */
export function openJoinEvidence({ publish, blockNumber, freshBlocks }: JoinEvidenceParts): (how?: 'anew') => Promise<JoinEvidence> {
  let offered: Promise<JoinEvidence> | undefined;
  return async (how) => {
    const before = offered;
    const current = await before?.catch(() => undefined);
    if (how !== 'anew' && current !== undefined && blockNumber() - current.atBlock < freshBlocks / 2) return current;
    if (offered === before) offered = publish(); // of several that ask, the first has it made
    return offered ?? publish();
  };
}
