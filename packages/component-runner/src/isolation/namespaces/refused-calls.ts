const EPERM = 1;
const ENOSYS = 38;

const refuse = (errnoRet: number, ...names: string[]) => ({ names, action: "SCMP_ACT_ERRNO", errnoRet });

/**
 * System calls that no document needs and that reach the machine's kernel, by the groups of systemd.exec(5),
 * "SystemCallFilter=": @module, @reboot, @swap, @clock, @raw-io, @keyring, @obsolete, and the calls with most of the
 * kernel's vulnerabilities.
 */
export const refusedCalls = [
  refuse(EPERM, "init_module", "finit_module", "delete_module"),
  refuse(EPERM, "reboot", "kexec_load", "kexec_file_load"),
  refuse(EPERM, "swapon", "swapoff"),
  refuse(EPERM, "settimeofday", "stime", "clock_settime", "clock_settime64"),
  refuse(EPERM, "ioperm", "iopl", "pciconfig_iobase", "pciconfig_read", "pciconfig_write"),
  refuse(
    EPERM,
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "open_by_handle_at",
    "acct",
    "quotactl",
    "quotactl_fd",
    "syslog",
  ),
  // Without these, programs fall back to older behavior.
  refuse(ENOSYS, "add_key", "keyctl", "request_key"),
  refuse(ENOSYS, "io_uring_setup", "io_uring_enter", "io_uring_register"),
  refuse(
    ENOSYS,
    "_sysctl",
    "afs_syscall",
    "create_module",
    "get_kernel_syms",
    "lookup_dcookie",
    "nfsservctl",
    "query_module",
    "sysfs",
    "uselib",
    "ustat",
    "vm86",
    "vm86old",
  ),
];
