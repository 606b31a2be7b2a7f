import { concatBytes } from '@tea/protocol';
import { encodeCompact } from '@tea/protocol/layer1';
import { type HostContext, type HostFunctions, LOG_DEBUG, NONE } from './context.ts';

/** Only what the operator must see: every message costs a copy out of the runtime. sp-core `LogLevelFilter`, which counts from 0 for "off". */
const MAX_LEVEL = 2;

/** `ext_misc_*` and `ext_logging_*` (Polkadot specification, appendices B.6 and B.11). */
export function miscFunctions(host: HostContext): HostFunctions {
  const { memory } = host;
  return {
    ext_misc_print_num_version_1: (value: bigint) => host.log(LOG_DEBUG, 'runtime', String(value)),
    ext_misc_print_utf8_version_1: (text: bigint) => host.log(LOG_DEBUG, 'runtime', memory.text(text)),
    ext_misc_print_hex_version_1: (data: bigint) => host.log(LOG_DEBUG, 'runtime', memory.view(data).toHex()),
    ext_misc_runtime_version_version_1: (wasm: bigint) => {
      const version = host.versionOf(memory.read(wasm));
      return memory.placeFat(version === null ? NONE : concatBytes(Uint8Array.of(1), encodeCompact(version.length), version));
    },
    ext_logging_log_version_1: (level: number, target: bigint, message: bigint) => host.log(level, memory.text(target), memory.text(message)),
    ext_logging_max_level_version_1: () => MAX_LEVEL,
  };
}
