import assert from 'node:assert/strict';

/** By which events of layer 1 an errand may come from a state into the next: `design.md`'s machine, as an outsider knows it. */
const MOVES: Readonly<Record<string, readonly [from: readonly string[], to: string]>> = {
  Created: [['nothing'], 'Created'],
  Funded: [['Created'], 'Funded'],
  Selected: [['Funded'], 'Selected'],
  // Anew by a TEE that was started anew.
  Attested: [['Selected', 'Attested', 'KeysReleased', 'Running'], 'Attested'],
  KeysReleased: [['Attested'], 'KeysReleased'],
  Started: [['KeysReleased'], 'Running'],
  Proved: [['Running'], 'Proved'],
  Disputed: [['Proved'], 'Disputed'],
  Settled: [['Proved', 'Disputed'], 'Settled'],
  Refunded: [['Created', 'Funded', 'Selected', 'Attested', 'KeysReleased', 'Running', 'Disputed'], 'Refunded'],
};

/** Follows every errand through the events of all blocks, in their order. */
export class ErrandWalk {
  readonly #states = new Map<bigint, string>();

  /** @throws AssertionError when an errand came out of order */
  note(event: string, errand: bigint): void {
    const move = MOVES[event];
    if (move === undefined) return;
    const [from, to] = move;
    const before = this.#states.get(errand) ?? 'nothing';
    assert.ok(from.includes(before), `errand ${errand}: ${event} when it was ${before}`);
    this.#states.set(errand, to);
  }

  /** How many errands are in each state. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      Map.groupBy(this.#states.values(), (state) => state)
        .entries()
        .map(([state, { length }]) => [state, length]),
    );
  }
}
