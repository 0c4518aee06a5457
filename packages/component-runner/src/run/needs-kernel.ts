/** Commands that need a separate kernel, each with the reason. */
const NEEDS: readonly (readonly [RegExp, string])[] = [
  [/(^|[\s;|&(])(modprobe|insmod|rmmod|depmod)\s/m, "loads or unloads kernel modules"],
  [
    /(^|[\s;|&(])(kexec|grub2?-install|grub2?-mkconfig|update-grub2?|dracut|update-initramfs)(\s|$)/m,
    "changes what boots",
  ],
  [
    /(^|[\s;|&(])(swapon|swapoff|losetup|fdisk|parted|growpart|resize2fs|xfs_growfs|cryptsetup)\s/m,
    "changes disks or swap",
  ],
  [
    /(^|[\s;|&(])(setenforce|getenforce|auditctl|aa-status|aa-enforce|apparmor_parser|fips-mode-setup)(\s|$)/m,
    "asks or sets the kernel's security modules",
  ],
  [/(^|[\s;|&(])(timedatectl\s+set-|hwclock\s|date\s+(-s|--set))/m, "sets the clock"],
  [/\/proc\/sys\/(kernel\/(?!random\/)|fs|vm|dev|user)/m, "reads or sets kernel settings that belong to the machine"],
  // Network settings belong to the system's network namespace.
  [/(^|[\s;|&(])sysctl\s(?![^\n]*\bnet\.)/m, "reads or sets kernel settings, which are the machine's"],
];

/**
 * Why a script needs a separate kernel; undefined if it can run on the host's. Network settings belong to the
 * system's namespace and run for real. Only the script's text is examined.
 */
export function needsKernel(script: string): string | undefined {
  const code = script.replaceAll(/^\s*#.*$/gm, "");
  return NEEDS.find(([pattern]) => pattern.test(code))?.[1];
}
