import type { Attack } from './attack.ts';

/** Tries an attack. `ok` when it failed exactly the claims that it must. */
export async function refusalOf({ attempt, claims }: Attack): Promise<{ readonly ok: boolean; readonly words: string }> {
  const refused = await attempt();
  const [wanted, got] = [claims.toSorted().join(', '), refused.toSorted().join(', ')];
  if (refused.length === 0) return { ok: false, words: `SUCCEEDED; it must be refused for ${wanted}` };
  return { ok: wanted === got, words: wanted === got ? `refused for ${wanted}` : `refused for ${got}; it must be refused for ${wanted}` };
}
