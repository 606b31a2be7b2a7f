/** What a run may take of the machine's memory: the guest's own, its output, the runner around it, and the parts held here while it runs. */
const RUN_BYTES = 1024 ** 3;
/** For tea-runtime itself and what it stands on. */
const OURS_BYTES = 1024 ** 3;

/**
 * How many guests run at a time: one a processor, as far as memory goes, and one in any case.
 * @param machine memory that this process may use, and processors
 */
export function runPlaces({ memoryBytes, processors }: { readonly memoryBytes: number; readonly processors: number }): number {
  return Math.max(1, Math.min(processors, Math.floor((memoryBytes - OURS_BYTES) / RUN_BYTES)));
}
