/** Thrown inside the validator and meter when a module may not run; `instrument` turns it into a value. Never leaves this package. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly outcome: 'refusedModule' | 'refusedImport' | 'outOfMemory';

  constructor(outcome: 'refusedModule' | 'refusedImport' | 'outOfMemory', explanation: string) {
    super(explanation);
    this.outcome = outcome;
  }
}

export function refuse(explanation: string): never {
  throw new Refusal('refusedModule', explanation);
}
