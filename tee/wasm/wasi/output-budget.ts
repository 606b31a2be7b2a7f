import { GuestEnd } from '../guest-end.ts';

/** What stdout, stderr and the files of /out may hold together. Names count too, so empty files are not free. */
export class OutputBudget {
  readonly limit: number;
  #used = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @throws GuestEnd `outputTooLarge` */
  take(bytes: number): void {
    if (bytes > this.limit - this.#used) throw new GuestEnd('outputTooLarge', `The program wrote more than the ${this.limit} bytes it may`);
    this.#used += bytes;
  }

  giveBack(bytes: number): void {
    this.#used -= bytes;
  }
}
