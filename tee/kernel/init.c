/*
 * The first program of the image, and the only one in C: what Node can't do for itself. It mounts what the TEE needs, gives the kernel entropy from the
 * TPM, keeps the firmware's event log readable, then runs tea-runtime without privileges, and turns the machine off when that ends. The network was
 * configured by the kernel, from the command line that is part of the image. There is no shell, and nothing here reads what a host could have written.
 *
 * Built against the kernel's own nolibc (tools/include/nolibc): no C library is linked, so none has to be trusted or reproduced.
 */
#define MS_RDONLY 1
#define MS_NOSUID 2
#define MS_NODEV 4
#define MS_NOEXEC 8
#define MS_REMOUNT 32
#define MS_BIND 4096
#define MS_MOVE 8192
#define RNDADDENTROPY 0x40085203
#define POWER_OFF 0x4321fedc /* LINUX_REBOOT_CMD_POWER_OFF */
#define TEE_USER 1000
#define ENTROPY_BYTES 32

static const char *const BOOT_LOG = "/sys/kernel/security/tpm0/binary_bios_measurements";

static void say(const char *words)
{
	write(2, words, strlen(words));
}

/* Nothing goes on half prepared: a machine that is off attests nothing. */
static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	say("init: cannot ");
	say(what);
	say("\n");
	reboot(POWER_OFF);
	exit(1);
}

static void mount_at(const char *type, const char *where, unsigned long flags, const char *data)
{
	must(mount(type, where, type, flags, data), where);
}

/* The initramfs itself can't be pivoted away from, which is how a guest's sandbox leaves it: the same files, mounted once more, can. */
static void leave_rootfs(void)
{
	must(mount("/", "/root", "none", MS_BIND, 0), "bind the root");
	must(chdir("/root"), "enter the root");
	must(mount(".", "/", "none", MS_MOVE, 0), "move the root");
	must(chroot("."), "change the root");
	must(chdir("/"), "enter the new root");
}

/* TPM2_GetRandom (TPM 2.0 Part 3, 16.1), asked directly: the kernel's driver refuses some TPMs as a source, because they are slow. */
static void add_entropy(void)
{
	static const unsigned char get_random[] = { 0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, ENTROPY_BYTES };
	enum { HEADER = 12 }; /* tag, size, response code, then the size of what follows */
	unsigned char response[HEADER + ENTROPY_BYTES];
	struct {
		int bits;
		int bytes;
		unsigned char data[ENTROPY_BYTES];
	} pool = { ENTROPY_BYTES * 8, ENTROPY_BYTES, { 0 } };
	int tpm = open("/dev/tpmrm0", 2, 0);
	int to = open("/dev/random", 1, 0);

	must(tpm < 0 ? tpm : to, "open the TPM");
	must(write(tpm, get_random, sizeof(get_random)) == sizeof(get_random) ? 0 : -1, "ask the TPM for entropy");
	must(read(tpm, response, sizeof(response)) == sizeof(response) ? 0 : -1, "read the TPM's entropy");
	memcpy(pool.data, response + HEADER, ENTROPY_BYTES);
	must(ioctl(to, RNDADDENTROPY, &pool), "add entropy");
	memset(&pool, 0, sizeof(pool));
	memset(response, 0, sizeof(response));
	close(tpm);
	close(to);
}

/* The kernel lets root alone read it, and tea-runtime is not root. */
static void copy_boot_log(void)
{
	char piece[4096];
	int from = open(BOOT_LOG, 0, 0);
	int to = open("/run/boot-log", 0101 /* O_WRONLY | O_CREAT */, 0444);
	int count;

	must(from < 0 ? from : to, "find the firmware's event log");
	while ((count = read(from, piece, sizeof(piece))) > 0)
		must(write(to, piece, count) == count ? 0 : -1, "copy the event log");
	must(count, "read the event log");
	close(from);
	close(to);
}

static void run_tee(void)
{
	char *const arguments[] = { "/bin/node", "--disable-sigusr1", "/tea-runtime.mjs", "--machine", 0 };
	char *const environment[] = { "PATH=/bin", "HOME=/state", "TMPDIR=/tmp", 0 };

	must(my_syscall2(__NR_setgroups, 0, 0), "drop groups");
	must(my_syscall1(__NR_setgid, TEE_USER), "drop the group");
	must(my_syscall1(__NR_setuid, TEE_USER), "drop privileges");
	execve(arguments[0], arguments, environment);
	must(-1, "run tea-runtime");
}

/* Standard output is the serial console, for a person to read; whatever is typed there, nobody reads. */
static void connect_streams(void)
{
	int nothing = open("/dev/null", 0, 0);
	int console = open("/dev/console", 1, 0);

	must(nothing < 0 ? nothing : console, "open the console");
	dup2(nothing, 0);
	dup2(console, 1);
	dup2(console, 2);
	close(nothing);
	close(console);
}

int main(void)
{
	int tee, ended, status = 0;

	leave_rootfs();
	mount_at("devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755");
	connect_streams();
	mount_at("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0);
	mount_at("sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, 0);
	mount_at("securityfs", "/sys/kernel/security", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, 0);
	mount_at("tmpfs", "/run", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=1m,mode=0755");
	mount_at("tmpfs", "/tmp", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64m,mode=01777");
	mount_at("tmpfs", "/state", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=1m,mode=0700,uid=1000,gid=1000");
	copy_boot_log();
	must(mount("/", "/", "none", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, 0), "make the image read-only");
	add_entropy();
	must(chown("/dev/tpmrm0", TEE_USER, TEE_USER), "hand over the TPM");
	tee = fork();
	must(tee, "fork");
	if (tee == 0)
		run_tee();
	do
		ended = wait(&status); /* orphans of killed sandboxes come here too */
	while (ended != tee);
	say("init: tea-runtime ended; the machine is turned off\n");
	reboot(POWER_OFF);
	return 1;
}
