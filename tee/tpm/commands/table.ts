import type { TpmCommand } from './command.ts';
import * as cryptography from './cryptography.ts';
import * as general from './general.ts';
import * as measurements from './measurements.ts';
import * as nv from './nv.ts';
import * as objects from './objects.ts';
import * as sessions from './sessions.ts';

/** Any command, once its types don't matter any more. */
export type AnyCommand = TpmCommand<string, unknown, unknown>;

/** Every command this room speaks, by its TPM_CC. */
export const TPM_COMMANDS: ReadonlyMap<number, AnyCommand> = new Map(
  [general, objects, sessions, measurements, cryptography, nv]
    .flatMap((part) => Object.values<AnyCommand>(part))
    .map((command) => [command.code, command]),
);
