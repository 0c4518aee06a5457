import { closeSync, openSync } from "node:fs";
import { type Held, holdNamespaces, type ProgramCall } from "../hold-namespaces.ts";
import { NAMESERVER } from "../namespaces/network.ts";
import { UNPACK_TAR } from "../root-tar.ts";
import { inUserNamespace } from "../user-namespace.ts";

/** A system's namespaces; they end when this process does. */
export interface Box extends Held {
  /** Wraps a command to run in them as root. */
  enter(command: readonly string[]): ProgramCall;
}

/** $1: the file system's MiB. Descriptor 3: the tar. Files stay in memory and vanish with the namespace. */
const UNPACK = `
mount -t tmpfs -o "size=$1M,mode=755" root /mnt
shift
"$@" /mnt <&3
mkdir -p /mnt/dev /mnt/proc /mnt/sys /mnt/run /mnt/tmp
rm -f /mnt/etc/resolv.conf
echo "nameserver ${NAMESERVER}" > /mnt/etc/resolv.conf
exec 3<&-
echo ready
read -r _ || true
`;

/** Unpacks a root file system to /mnt in a new mount namespace. */
export async function openBox(tar: string, MiB: number): Promise<Box> {
  const file = openSync(tar, "r");
  const flags = [
    "--mount",
    "--net",
    "--ipc",
    "--uts",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
  ];
  const inner = ["unshare", ...flags, "bash", "-ec", UNPACK, "bash", String(MiB), ...UNPACK_TAR, "--directory"];
  try {
    return toBox(await holdNamespaces(inUserNamespace(inner), file));
  } finally {
    closeSync(file);
  }
}

/** bubblewrap mounts everything nosuid, but `sudo` needs setuid; it takes effect only in the user namespace. */
const ALLOW_SETUID = "mount -o remount,bind,suid /; echo ready; read -r _";

/**
 * bubblewrap in a box: the root file system at /, separate devices, and processes that end together.
 * @param join wraps a command to run in the system's control groups
 */
export async function openRoot(box: Box, join: (command: readonly string[]) => ProgramCall): Promise<Box> {
  const flags = ["--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "ip-10-0-2-100"];
  const folders = ["--bind", "/mnt", "/", "--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--tmpfs", "/run"];
  const more = ["--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/", "--cap-add", "ALL"];
  const command = box.enter(["bwrap", ...flags, ...folders, ...more, "sh", "-c", ALLOW_SETUID]);
  return toBox(await holdNamespaces(join(command)));
}

function toBox(held: Held): Box {
  const target = ["--target", String(held.pid), "--user", "--mount", "--pid", "--net", "--ipc", "--uts"];
  return {
    ...held,
    enter: (command) => ["nsenter", ...target, "--setuid", "0", "--setgid", "0", "--", ...command],
  };
}
