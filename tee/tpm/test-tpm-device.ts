import * as v from 'valibot';
import { type Child, readyLine, requireTool, spawnChild, temporaryDirectory } from '@tea/platform';

/** A TPM behind a character device, as far as a machine without one has it. */
export type TestTpmDevice = AsyncDisposable & { readonly path: string; readonly child: Child };

/**
 * A terminal in raw mode is a character device: opened, read and written like /dev/tpmrm0, with swtpm at its other end in the place of the kernel's
 * driver. Node can't make one (it has no ioctl); perl-base can, and is on every Debian. 0x40045431 is TIOCSPTLCK, 0x80045430 is TIOCGPTN.
 */
const PROGRAM = `
$^F = 255; $| = 1;
open(my $master, '+<', '/dev/ptmx') or die "ptmx: $!";
my $unlock = pack('i', 0); ioctl($master, 0x40045431, $unlock) or die "unlock: $!";
my $number = pack('I', 0); ioctl($master, 0x80045430, $number) or die "number: $!";
my $path = '/dev/pts/' . unpack('I', $number);
open(my $kept, '+<', $path) or die "$path: $!";
system("stty raw -echo < $path") == 0 or die 'stty';
print qq({"path":"$path"}\\n);
exec($ARGV[0], 'chardev', '--tpm2', '--fd', fileno($master), '--tpmstate', "dir=$ARGV[1]", '--flags=not-need-init,startup-clear');
`;

export async function startTestTpmDevice(): Promise<TestTpmDevice> {
  const directory = await temporaryDirectory('tpm-device');
  const child = await spawnChild({
    name: 'swtpm behind a character device',
    command: requireTool('perl', 'perl-base'),
    args: ['-e', PROGRAM, requireTool('swtpm', 'swtpm'), directory.path],
  });
  const { path } = await readyLine(child, v.strictObject({ path: v.string() }), { deadlineMs: 10_000 });
  return {
    path,
    child,
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}
