import { appendFileSync, renameSync, statSync } from 'node:fs';

export type BoundedLog = { readonly file: string; append(text: string): void };

/** A log file (mode 0600) that is moved to `FILE.1`, replacing the last one, before it passes `maxBytes`: nobody can fill the disk by being refused often. */
export function boundedLog(file: string, maxBytes = 4 * 1024 * 1024): BoundedLog {
  let sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    file,
    append(text) {
      const bytes = Buffer.from(text);
      if (sizeBytes + bytes.length > maxBytes) {
        if (sizeBytes > 0) renameSync(file, `${file}.1`);
        sizeBytes = 0;
      }
      appendFileSync(file, bytes, { mode: 0o600 });
      sizeBytes += bytes.length;
    },
  };
}
