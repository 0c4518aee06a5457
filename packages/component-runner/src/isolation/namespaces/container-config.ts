import { FIRST_ID, IDS } from "../user-namespace.ts";
import { refusedCalls } from "./refused-calls.ts";

/** Everything but modules, reboot of the machine, clock, raw devices, kernel log and security modules. */
const CAPABILITIES = [
  "AUDIT_CONTROL",
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "DAC_READ_SEARCH",
  "FOWNER",
  "FSETID",
  "IPC_LOCK",
  "IPC_OWNER",
  "KILL",
  "LEASE",
  "LINUX_IMMUTABLE",
  "MKNOD",
  "NET_ADMIN",
  "NET_BIND_SERVICE",
  "NET_BROADCAST",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_ADMIN",
  "SYS_CHROOT",
  "SYS_NICE",
  "SYS_PTRACE",
  "SYS_RESOURCE",
  "SYS_TTY_CONFIG",
].map((name) => `CAP_${name}`);

/** Environment of every command. */
export const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root" };

const mount = (destination: string, type: string, ...options: string[]) => ({
  destination,
  type,
  source: type,
  options,
});

/**
 * The configuration of a container that boots an init system (OCI runtime specification, "Configuration"). The user
 * namespace isolates: for the machine's kernel, root is a user without rights. The rest is defense in depth.
 * @param root path of the root file system, as seen by the runtime
 * @param nameservers file to mount as /etc/resolv.conf
 */
export function containerConfig({ root, nameservers }: { readonly root: string; readonly nameservers: string }) {
  const ids = [{ containerID: 0, hostID: FIRST_ID, size: IDS }];
  return {
    ociVersion: "1.0.2",
    root: { path: root },
    hostname: "ip-10-0-2-100",
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: ["/sbin/init", "--log-target=console", "--log-level=warning", "--show-status=0"],
      env: ["container=oci", ...Object.entries(ENVIRONMENT).map(([name, value]) => `${name}=${value}`)],
      cwd: "/",
      capabilities: { bounding: CAPABILITIES, effective: CAPABILITIES, permitted: CAPABILITIES },
      // Setuid programs such as sudo work, within the user namespace.
      noNewPrivileges: false,
      oomScoreAdj: 500,
    },
    mounts: [
      mount("/proc", "proc", "nosuid", "noexec", "nodev"),
      mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=1024k"),
      mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
      mount("/dev/shm", "tmpfs", "nosuid", "nodev", "mode=1777", "size=65536k"),
      mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
      mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
      mount("/sys/fs/cgroup", "cgroup2", "nosuid", "noexec", "nodev"),
      mount("/run", "tmpfs", "nosuid", "nodev", "mode=755", "size=262144k"),
      { destination: "/etc/resolv.conf", type: "bind", source: nameservers, options: ["bind", "ro"] },
    ],
    linux: {
      uidMappings: ids,
      gidMappings: ids,
      namespaces: ["pid", "mount", "uts", "ipc", "network", "cgroup", "user"].map((type) => ({ type })),
      maskedPaths: ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware"],
      // Not /proc/sys/net: those settings belong to the system's network namespace.
      readonlyPaths: [
        ...["abi", "debug", "dev", "fs", "kernel", "user", "vm"].map((name) => `/proc/sys/${name}`),
        "/proc/sysrq-trigger",
        "/proc/irq",
        "/proc/bus",
      ],
      seccomp: { defaultAction: "SCMP_ACT_ALLOW", syscalls: refusedCalls },
    },
  };
}
