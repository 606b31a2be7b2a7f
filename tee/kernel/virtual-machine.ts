import { access, constants } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FORWARD = fileURLToPath(new URL('forward.ts', import.meta.url));

/** Debian's OVMF: the firmware that measures, and the empty variables it starts from at every boot. */
export const FIRMWARE = { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables: '/usr/share/OVMF/OVMF_VARS_4M.fd' } as const;

/** Part of what firmware measures, so reference values are of this shape. */
export const SHAPE = { memoryMiB: 512, processors: 2 } as const;

export type VirtualMachine = {
  readonly natsPort: number;
  readonly hardware: boolean;
};

/**
 * QEMU's arguments: nothing that isn't named, and named is the least that boots. The machine's card reaches two sockets of the host, the start service
 * and the bus; slirp answers ARP for the rest and drops it. QEMU runs in the folder that holds `boot-disk.img`, `variables.fd`, `tpm.sock` and
 * `start.sock`, because its options can't quote every path.
 */
export function machineArguments({ natsPort, hardware }: VirtualMachine): string[] {
  const forward = (...to: string[]): string => [process.execPath, FORWARD, ...to].map(quoted).join(' ').replaceAll(',', ',,');
  const network = [
    'user,id=net,restrict=on,ipv6=off',
    `guestfwd=tcp:10.0.2.4:4223-cmd:${forward('unix', 'start.sock')}`,
    `guestfwd=tcp:10.0.2.4:4222-cmd:${forward('tcp', String(natsPort))}`,
  ].join(',');
  return [
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-name', 'tea-tee'],
    ...['-machine', `q35,accel=${hardware ? 'kvm' : 'tcg'},vmport=off,usb=off,smm=off`, '-cpu', hardware ? 'host,arch-capabilities=off' : 'max'],
    ...['-smp', String(SHAPE.processors), '-m', String(SHAPE.memoryMiB)],
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${FIRMWARE.code}`],
    ...['-drive', 'if=pflash,unit=1,format=raw,file=variables.fd'],
    ...['-drive', 'if=none,id=disk,format=raw,readonly=on,file=boot-disk.img', '-device', 'virtio-blk-pci,drive=disk,bootindex=1'],
    ...['-netdev', network, '-device', 'virtio-net-pci,netdev=net,mac=52:54:00:12:34:56,romfile='],
    ...['-chardev', 'socket,id=tpm,path=tpm.sock', '-tpmdev', 'emulator,id=tpm0,chardev=tpm', '-device', 'tpm-crb,tpmdev=tpm0'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console', '-monitor', 'none'],
  ];
}

/** Whether the kernel here lets this user run virtual machines in hardware. */
export async function hasHardwareSupport(): Promise<boolean> {
  return access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** As g_shell_parse_argv reads it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
