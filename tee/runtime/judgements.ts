/** What a committee member still has to judge. */
export type Judgements = {
  /** Has `judge` run once for this registration, unless it is under way, done or given up; later calls try a failed one again. */
  consider(registration: string, judge: () => Promise<void>): void;
  /** Forgets all registrations but these. */
  retain(registrations: ReadonlySet<string>): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
};

export type JudgementsParts = {
  /** A slow or silent node holds up so many others at most, and nothing else. */
  readonly atOnce: number;
  readonly attempts: number;
  readonly onFailure: (registration: string, attempt: number, error: unknown) => void;
};

/** Each registration is judged once, several at a time, and one that could not be is tried again so many times. */
export function openJudgements({ atOnce, attempts, onFailure }: JudgementsParts): Judgements {
  const tried = new Map<string, number>();
  const running = new Map<string, Promise<void>>();

  return {
    consider(registration, judge) {
      const before = tried.get(registration) ?? 0;
      if (before >= attempts || running.has(registration) || running.size >= atOnce) return;
      const work = judge()
        .then(() => void tried.set(registration, attempts))
        .catch((error: unknown) => {
          tried.set(registration, before + 1);
          onFailure(registration, before + 1, error);
        })
        .finally(() => running.delete(registration));
      running.set(registration, work);
    },
    retain(registrations) {
      for (const registration of tried.keys()) if (!registrations.has(registration)) tried.delete(registration);
    },
    async settled() {
      await Promise.all(running.values());
    },
  };
}
