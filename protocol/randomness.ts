/** Gives `length` unpredictable bytes. Injected, so that tests and vectors can fix it; everything else passes `secureRandom`. */
export type RandomBytes = (length: number) => Uint8Array;

/** The platform's cryptographic generator, in the browser and in Node. At most 64 KiB a call (Web Cryptography, 10.1.1). */
export const secureRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
