import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readlinkSync } from "node:fs";
import { withDescendants } from "../namespaces/descendants.ts";
import { NAMESERVER } from "../namespaces/network.ts";
import { UNPACK_TAR } from "../root-tar.ts";
import { SystemError } from "../system.ts";
import { inUserNamespace } from "../user-namespace.ts";

export type ProgramCall = [program: string, ...args: string[]];

/** A process in namespaces of its own, and what belongs to a system in them. It ends with Amint, however that ends. */
export interface Box {
  /** As the machine sees it. */
  readonly pid: number;
  /** A command that runs another in the box's namespaces, as its root. */
  enter(command: readonly string[]): ProgramCall;
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/** $1: the file system's MiB. Descriptor 3: the tar. What is written stays in memory, and is gone with the namespace. */
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

/** Unpacks a root file system to /mnt of a new mount namespace. */
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
    return await start(inUserNamespace(inner), file);
  } finally {
    closeSync(file);
  }
}

/** bubblewrap mounts everything without setuid, which `sudo` needs; it has effect in the user namespace only. */
const ALLOW_SETUID = "mount -o remount,bind,suid /; echo ready; read -r _";

/**
 * bubblewrap in a box: the root file system at /, its own devices, and processes that end together.
 * @param join makes a command run in the system's control groups
 */
export const openRoot = (box: Box, join: (command: readonly string[]) => ProgramCall): Promise<Box> =>
  start(
    join(
      box.enter([
        ...[
          "bwrap",
          "--die-with-parent",
          "--unshare-pid",
          "--unshare-ipc",
          "--unshare-uts",
          "--hostname",
          "ip-10-0-2-100",
        ],
        ...["--bind", "/mnt", "/", "--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--tmpfs", "/run"],
        ...["--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/", "--cap-add", "ALL"],
        ...["sh", "-c", ALLOW_SETUID],
      ]),
    ),
  );

async function start([program, ...args]: ProgramCall, file?: number): Promise<Box> {
  // Ctrl-C is for Amint, which ends the system in order.
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe", ...(file ? [file] : [])], detached: true });
  const ended = once(child, "close");
  await ready(child, ended);
  const pid = lastInOwnMounts(child.pid ?? 0);
  const target = ["--target", String(pid), "--user", "--mount", "--pid", "--net", "--ipc", "--uts"];
  return {
    pid,
    enter: (command) => ["nsenter", ...target, "--setuid", "0", "--setgid", "0", "--", ...command],
    ended,
    async close() {
      child.stdin?.end();
      await ended;
    },
  };
}

/** The programs that make namespaces run each other; the last one waits for the end of its input. */
function lastInOwnMounts(pid: number): number {
  const mounts = (of: number | "self") => readlinkSync(`/proc/${of}/ns/mnt`);
  const last = withDescendants([pid]).findLast((one) => mounts(one) !== mounts("self"));
  if (last === undefined) throw new SystemError("The namespaces ended as soon as they were made");
  return last;
}

async function ready(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const gone = ended.then(() => {
    throw new SystemError(`This machine does not allow the namespaces: ${said.trim()}`);
  });
  gone.catch(() => {});
  if (child.stdout) await Promise.race([once(child.stdout, "data"), gone]);
}
