import { appraise, type AppraisalInput } from '@tea/attestation';
import { isTeaError } from '@tea/protocol';

/** One attack, for anyone to run: what it does, and exactly what it must be refused for. */
export type Attack = {
  /** stable */
  readonly id: string;
  /** what the attacker does, in a line */
  readonly title: string;
  /** every claim that must fail, and no other: claim ids, or `error CODE` where a refusal is an error */
  readonly claims: readonly string[];
  /** @returns what it was refused for; nothing when it succeeded */
  readonly attempt: () => Promise<readonly string[]>;
  /** of an attack by a proof file on a reader who pins nothing: the file, for other readers */
  readonly file?: () => Promise<Uint8Array>;
};

/** Attacks on one thing, and what an attacker would have if one of them were not refused. */
export type AttackGroup = { readonly id: string; readonly on: string; readonly wouldGain: string; readonly attacks: readonly Attack[] };

/** An attack on a verifier of evidence. It counts as refused only when no facts about the node come out. */
export function onAppraisal(id: string, title: string, claims: readonly string[], make: () => AppraisalInput | Promise<AppraisalInput>): Attack {
  return {
    id,
    title,
    claims,
    attempt: async () => {
      const { result, node } = await appraise(await make());
      const refused = node === null && (result.verdict === 'contraindicated' || result.verdict === 'none');
      return refused ? result.claims.filter(({ ok }) => ok === false).map((claim) => claim.id) : [];
    },
  };
}

/** An attack on something that refuses by a typed error. */
export function onCall(id: string, title: string, code: string, work: () => unknown): Attack {
  return {
    id,
    title,
    claims: [`error ${code}`],
    attempt: async () => {
      try {
        await work();
        return [];
      } catch (error) {
        return [isTeaError(error) ? `error ${error.code}` : `exception ${String(error)}`];
      }
    },
  };
}
