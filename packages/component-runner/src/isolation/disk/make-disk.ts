import { chmodSync, chownSync, createReadStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { missingPrograms } from "../missing-programs.ts";
import { UNPACK_TAR } from "../root-tar.ts";
import { requireProgram } from "../run-program.ts";
import { SystemError } from "../system.ts";
import { FIRST_ID, inUserNamespace } from "../user-namespace.ts";
import { makeWorkFolder } from "../work-folder.ts";

/** Offset of the root file system; the partition table and the EFI system partition precede it. */
const ROOT_MIB = 65;

/** Programs that `makeDisk` runs, with their packages. */
export const diskPrograms = {
  mke2fs: "e2fsprogs",
  sfdisk: "fdisk",
  "mkfs.vfat": "dosfstools",
  mcopy: "mtools",
};

interface DiskContent {
  /** The tar of a root file system with a kernel and a signed boot loader. */
  readonly tar: string;
  /** Size of the root file system, including free space. */
  readonly MiB: number;
  /** A service to add; `removeAgent` removes it. */
  readonly agent?: Agent;
}

/** A program that starts with the system. */
export interface Agent {
  /** A systemd unit. */
  readonly unit: string;
  readonly program: string;
}

const PROGRAM = "/usr/lib/component-runner/agent";
const UNITS = "/etc/systemd/system";
const AGENT_FILES = [
  PROGRAM,
  `${UNITS}/component-runner-agent.service`,
  `${UNITS}/multi-user.target.wants/component-runner-agent.service`,
];

/**
 * Writes a raw disk that boots by UEFI, also with Secure Boot: a GUID partition table, an EFI system partition with the root's own
 * signed shim and GRUB, and the root file system (ext4).
 *
 * It mounts nothing and runs no program from the root: a user who owns nothing on this machine unpacks the tar and
 * writes the file systems.
 * @throws SystemError if the root has no kernel or boot loader
 */
export async function makeDisk(file: string, { tar, MiB, agent }: DiskContent, signal?: AbortSignal): Promise<void> {
  const [missing] = missingPrograms(diskPrograms);
  if (missing) throw new SystemError(`A disk image needs ${missing}`);
  const folder = makeWorkFolder();
  try {
    chmodSync(folder, 0o711);
    const work = join(folder, "disk");
    mkdirSync(work);
    chownSync(work, FIRST_ID, FIRST_ID);
    const [program, ...args] = inUserNamespace([
      "bash",
      "-euc",
      MAKE,
      "bash",
      work,
      String(MiB),
      agent?.program ?? "",
      agent?.unit ?? "",
    ]);
    await requireProgram(program, args, { input: createReadStream(tar), signal });
    await requireProgram("cp", ["--sparse=always", join(work, "disk.raw"), file], { signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the agent from a raw disk that `makeDisk` wrote. */
export async function removeAgent(file: string): Promise<void> {
  const commands = [...AGENT_FILES.map((path) => `rm ${path}`), "rmdir /usr/lib/component-runner"].join("\n");
  const disk = `${file}?offset=${ROOT_MIB * 2 ** 20}`;
  const [program, ...args] = inUserNamespace(["debugfs", "-w", "-f", "-", disk]);
  await requireProgram(program, args, { input: Buffer.from(`${commands}\n`) });
}

/**
 * $1: an empty folder; $2: MiB of the root file system; $3, $4: the agent's program and unit, or empty.
 * Keeps a boot loader configuration that a document wrote (`update-grub`).
 */
const MAKE = `
export PATH="$PATH:/usr/sbin:/sbin"
cd "$1"
MiB=$2
mkdir root
${UNPACK_TAR.map((word) => `'${word}'`).join(" ")} --directory root
if [ "$3" ]; then
  mkdir -p root/usr/lib/component-runner root${UNITS}/multi-user.target.wants
  printf '%s' "$3" > root${PROGRAM}
  chmod 755 root${PROGRAM}
  printf '%s' "$4" > root${UNITS}/component-runner-agent.service
  ln -s ../component-runner-agent.service root${UNITS}/multi-user.target.wants/component-runner-agent.service
fi

# Symbolic links could lead out of the root: only regular files count.
first() { for one in "$@"; do if [ -f "$one" ] && [ ! -L "$one" ]; then echo "$one"; return; fi; done; }
kernel=$(first root/boot/vmlinuz-*)
initrd=$(first root/boot/initrd.img-*)
case $(uname -m) in
  x86_64) name=x64 target=x86_64 ;;
  aarch64) name=aa64 target=arm64 ;;
esac
shim=$(first root/usr/lib/shim/shim$name.efi.signed.latest root/usr/lib/shim/shim$name.efi.signed)
grub=$(first root/usr/lib/grub/$target-efi-signed/grub$name.efi.signed)
[ "$kernel" ] && [ "$initrd" ] || { echo "The root has no kernel: it needs /boot/vmlinuz-* and /boot/initrd.img-*" >&2; exit 1; }
[ "$shim" ] && [ "$grub" ] || { echo "The root has no boot loader: it needs the packages shim-signed and grub-efi-*-signed" >&2; exit 1; }

mkdir -p root/boot/efi root/boot/grub
[ -s root/etc/fstab ] && grep -q '^[^#]' root/etc/fstab || cat > root/etc/fstab << 'FSTAB'
LABEL=image-root / ext4 defaults,errors=remount-ro 0 1
LABEL=IMAGE-EFI /boot/efi vfat umask=0077,nofail 0 1
FSTAB
[ -f root/boot/grub/grub.cfg ] || cat > root/boot/grub/grub.cfg << 'GRUB'
set timeout=0
if [ -e /boot/vmlinuz ]; then set at=/boot; fi
menuentry "Linux" {
  linux $at/vmlinuz root=LABEL=image-root ro console=tty0 console=ttyS0,115200
  initrd $at/initrd.img
}
GRUB

truncate -s "$((${ROOT_MIB} + MiB + 1))M" disk.raw
sfdisk --quiet disk.raw << 'TABLE'
label: gpt
start=1MiB, size=64MiB, type=uefi, name=EFI
start=${ROOT_MIB}MiB, type=linux, name=root
TABLE
esp=efi.raw
truncate -s 64M "$esp"
mkfs.vfat -F 32 -s 1 -n IMAGE-EFI "$esp" > /dev/null
mmd -i "$esp" ::EFI ::EFI/BOOT ::EFI/debian ::EFI/ubuntu
mcopy -i "$esp" "$shim" "::EFI/BOOT/BOOT\${name^^}.EFI"
mcopy -i "$esp" "$grub" "::EFI/BOOT/grub$name.efi"
mokmanager=$(first root/usr/lib/shim/mm$name.efi.signed root/usr/lib/shim/mm$name.efi)
[ -z "$mokmanager" ] || mcopy -i "$esp" "$mokmanager" "::EFI/BOOT/mm$name.efi"
cat > stub.cfg << 'STUB'
search --no-floppy --label image-root --set=root
set prefix=($root)/boot/grub
configfile $prefix/grub.cfg
STUB
# A vendor's signed GRUB looks for its configuration in a folder of the vendor's name.
for vendor in debian ubuntu; do mcopy -i "$esp" stub.cfg "::EFI/$vendor/grub.cfg"; done
dd if="$esp" of=disk.raw bs=1M seek=1 conv=notrunc,sparse status=none
mke2fs -q -t ext4 -L image-root -m 1 -E "offset=$((${ROOT_MIB} * 1024 * 1024)),lazy_itable_init=1,lazy_journal_init=1" -d root disk.raw "\${MiB}M"
`;
