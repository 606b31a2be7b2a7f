import type { HostContext, HostFunctions } from './context.ts';

/** `ext_allocator_*` (Polkadot specification, appendix B.10). */
export function allocatorFunctions({ allocator }: HostContext): HostFunctions {
  return {
    ext_allocator_malloc_version_1: (size: number) => allocator.malloc(size >>> 0),
    ext_allocator_free_version_1: (address: number) => allocator.free(address),
  };
}
