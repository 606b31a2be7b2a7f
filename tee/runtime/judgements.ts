/** What a committee member still has to judge. */
export type Judgements = {
  /** Has `judge` run for this registration, unless that is under way or over; with all places taken, a later call does it. */
  consider(registration: string, judge: () => Promise<void>): void;
  /** Forgets all registrations but these. */
  retain(registrations: ReadonlySet<string>): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
};

export type JudgementsParts = {
  /** A slow or silent node holds up so many others at most, and nothing else. */
  readonly atOnce: number;
  /** Milliseconds from each failure to the next attempt; after the last one there is none. */
  readonly retryAfterMs: readonly number[];
  readonly delay: (delayMs: number) => Promise<unknown>;
  readonly onFailure: (registration: string, attempt: number, error: unknown) => void;
};

/**
 * Each registration is judged once, several at a time. A node that can't be reached, or a chain that is about to say more, is given time: the
 * attempts go by the clock and not by blocks, of which there may be many in a moment or none for long.
 */
export function openJudgements({ atOnce, retryAfterMs, delay, onFailure }: JudgementsParts): Judgements {
  const over = new Set<string>();
  const running = new Map<string, Promise<void>>();

  async function attempt(registration: string, judge: () => Promise<void>): Promise<void> {
    for (const [failures, delayMs] of [...retryAfterMs, null].entries()) {
      try {
        return await judge();
      } catch (error) {
        onFailure(registration, failures + 1, error);
      }
      if (delayMs !== null) await delay(delayMs);
    }
  }

  return {
    consider(registration, judge) {
      if (over.has(registration) || running.has(registration) || running.size >= atOnce) return;
      const work = attempt(registration, judge).finally(() => {
        running.delete(registration);
        over.add(registration);
      });
      running.set(registration, work);
    },
    retain(registrations) {
      for (const registration of over) if (!registrations.has(registration)) over.delete(registration);
    },
    async settled() {
      await Promise.all(running.values());
    },
  };
}
