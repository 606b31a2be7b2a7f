import { endianness } from 'node:os';
import { ALLOWED_SYSCALLS, CLONE_SYSCALL, IOCTL_SYSCALL, IOCTL_REQUESTS, type SeccompArch } from './seccomp-allowlist.ts';

/** Classic BPF as seccomp(2) takes it: `struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }` over `struct seccomp_data`. */
const LOAD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const JUMP_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K

const DATA = { number: 0, arch: 4, firstArgument: 16, secondArgument: 24 } as const; // low words, little endian

const ALLOW = 0x7fff0000;
const KILL = 0x80000000; // SECCOMP_RET_KILL_PROCESS
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;

const CLONE_THREAD = 0x00010000;

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, k: number];

/**
 * The system calls a guest's process may make, as a BPF program. Another architecture's numbers kill the process. `clone` makes threads
 * only, `clone3` is said not to exist so that the C library falls back to `clone`, `ioctl` is confined to a few requests, everything else
 * answers EPERM.
 */
export function seccompProgram(arch: SeccompArch): Uint8Array {
  const answer = (value: number): Instruction => [RETURN, 0, 0, value];
  const whenNumber = (number: number, ...then: readonly Instruction[]): Instruction[] => [[JUMP_EQUAL, 0, then.length, number], ...then];
  const program: Instruction[] = [
    [LOAD, 0, 0, DATA.arch],
    [JUMP_EQUAL, 1, 0, arch.audit],
    answer(KILL),
    [LOAD, 0, 0, DATA.number],
    ...whenNumber(CLONE_SYSCALL[arch.name], [LOAD, 0, 0, DATA.firstArgument], [JUMP_SET, 0, 1, CLONE_THREAD], answer(ALLOW), answer(ERRNO | EPERM)),
    ...whenNumber(
      IOCTL_SYSCALL[arch.name],
      [LOAD, 0, 0, DATA.secondArgument],
      ...IOCTL_REQUESTS.flatMap((request): Instruction[] => [[JUMP_EQUAL, 0, 1, request], answer(ALLOW)]),
      answer(ERRNO | EPERM),
    ),
    ...whenNumber(435, answer(ERRNO | ENOSYS)), // clone3
    ...Object.values(ALLOWED_SYSCALLS[arch.name]).flatMap((number) => whenNumber(number, answer(ALLOW))),
    answer(ERRNO | EPERM),
  ];
  return assemble(program);
}

function assemble(program: readonly Instruction[]): Uint8Array {
  if (endianness() !== 'LE') throw new Error('seccomp programs are only written for little-endian machines');
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, jumpTrue, jumpFalse, k]] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, jumpTrue);
    bytes.setUint8(index * 8 + 3, jumpFalse);
    bytes.setUint32(index * 8 + 4, k >>> 0, true);
  }
  return new Uint8Array(bytes.buffer);
}
