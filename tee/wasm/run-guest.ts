import { TeaError } from '@tea/protocol';
import type { GuestJob, GuestResult, RunGuestOptions } from './guest-job.ts';

/**
 * Runs one job in a fresh sandbox. However the guest behaves, the answer is a value.
 *
 * @throws TeaError `missingTool` without bubblewrap; `refused` when the kernel denies namespaces and process isolation is not allowed;
 *   `badInput` for limits out of range.
 */
export function runGuest(job: GuestJob, options: RunGuestOptions = {}): Promise<GuestResult> {
  return Promise.reject(new TeaError('internal', `Running guests is not built yet (${job.args.length}, ${Object.keys(options).length})`));
}
