/**
 * Where this machine swaps to, by `/proc/swaps` (proc(5)). Node offers no `mlock`: a key in memory may be written there, so the operator should know.
 * @param table the file's text: a line of headings, then one a swap area, its name first
 */
export function swapAreas(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => line.trim().split(/\s+/)[0] || []);
}
