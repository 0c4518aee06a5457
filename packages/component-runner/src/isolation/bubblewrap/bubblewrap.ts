import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { killProcess, withDescendants, withVariable } from "../descendants.ts";
import type { ProgramCall } from "../hold-namespaces.ts";
import { missingPrograms } from "../missing-programs.ts";
import { ENVIRONMENT } from "../namespaces/container-config.ts";
import { type ControlGroup, JOIN_GROUPS, MOUNT_VERSION_2, openControlGroup } from "../namespaces/control-group.ts";
import { openHolder } from "../namespaces/holder.ts";
import { connect } from "../namespaces/network.ts";
import { rootTar } from "../root-tar.ts";
import { requireProgram, runProgram } from "../run-program.ts";
import {
  type Backend,
  type BootSettings,
  type Command,
  type Ended,
  type Limits,
  type System,
  SystemError,
} from "../system.ts";
import { mappedIds } from "../user-namespace.ts";
import { whenAborted } from "../when-aborted.ts";
import { type Box, openBox, openRoot } from "./box.ts";

const isRoot = () => process.getuid?.() === 0;

/** Runs documents on an in-memory root file system without an init system; needs no root rights. */
export const bubblewrap: Backend = {
  name: "bubblewrap",
  isolation:
    "bubblewrap in user, process, mount and network namespaces; root is a user without rights on this machine; the kernel is this machine's, with all of its system calls",
  ownKernel: false,
  hasInit: false,
  async missing() {
    if (process.platform !== "linux") return ["Linux"];
    return [
      ...missingPrograms({
        bwrap: "bubblewrap",
        slirp4netns: "slirp4netns",
        nsenter: "util-linux",
        ip: "iproute2",
        ...(isRoot() ? {} : { newuidmap: "uidmap", newgidmap: "uidmap" }),
      }),
      ...(mappedIds() ? [] : ["ids for this user in /etc/subuid and /etc/subgid (see `man subuid`)"]),
      ...(mayUse("/dev/net/tun")
        ? []
        : ["/dev/net/tun, to read and write (`modprobe tun`; elsewhere its mode is 666)"]),
      ...(allowsUserNamespaces() ? [] : ["user namespaces (the kernel's settings refuse them)"]),
    ];
  },
  prepare: async (source, { progress, signal }) => (await rootTar(source, progress, signal)).path,
  boot,
};

function mayUse(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function allowsUserNamespaces(): boolean {
  const setting = (name: string, usual: string) => {
    try {
      return readFileSync(`/proc/sys/${name}`, "utf8").trim();
    } catch {
      return usual;
    }
  };
  if (setting("user/max_user_namespaces", "1") === "0") return false;
  if (isRoot()) return true;
  const restricted = setting("kernel/apparmor_restrict_unprivileged_userns", "0") === "1";
  return !restricted && setting("kernel/unprivileged_userns_clone", "1") !== "0";
}

let opened = 0;

/**
 * $1: the process limit; then a command. It applies per user of the system: the kernel counts per user namespace
 * (user_namespaces(7), since Linux 5.14), and root in the namespace may not raise it.
 */
const LIMIT_PROCESSES = 'ulimit -u "$1"; shift; exec "$@"';

/** Unprivileged users cannot create control groups. Files are in memory, so memory and disk share one limit. */
async function limit({ memoryMiB, diskMiB, processes }: Limits) {
  if (!isRoot()) return undefined;
  const holder = await openHolder();
  let group: ControlGroup;
  try {
    await requireProgram("nsenter", [...holder.enter, "sh", "-ec", MOUNT_VERSION_2]);
    group = openControlGroup(holder, `component-runner-${process.pid}-b${++opened}`, {
      memoryMiB: memoryMiB + diskMiB,
      processes,
      diskMiB,
    });
  } catch (error) {
    await holder.close();
    throw error;
  }
  return { group, close: () => group.close().finally(() => holder.close()) };
}

async function boot({ root, from, limits, metadata, signal }: BootSettings): Promise<System> {
  signal.throwIfAborted();
  const tar = from ?? root;
  const opening: { limiter?: Awaited<ReturnType<typeof limit>>; box?: Box; inner?: Box } = {};
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      signal.removeEventListener("abort", abort);
      await opening.inner?.close();
      await opening.limiter?.close();
      await opening.box?.close();
    })();
    return closing;
  };
  const abort = () => void close().catch(() => {});
  const join = (groups: readonly string[], command: readonly string[]): ProgramCall => [
    ...(["sh", "-c", JOIN_GROUPS, "sh"] as const),
    ...groups,
    "--",
    ...command,
  ];
  const startRoot = async (box: Box) => {
    if (closing !== undefined) throw new SystemError("The system was closed");
    opening.inner = await openRoot(box, (command) => join(opening.limiter?.group.system ?? [], command));
  };

  try {
    opening.limiter = await limit(limits);
    const size = Math.ceil(statSync(tar).size / 2 ** 20) + limits.diskMiB;
    opening.box = await openBox(tar, size);
    const { pid } = opening.box;
    const asOwner = isRoot() ? [] : ["--user", "--setuid", "0", "--setgid", "0"];
    const inBox = (command: readonly string[], network: "machine" | "holder") => {
      const own = network === "holder" ? ["unshare", "--net"] : [];
      const enter = ["nsenter", "--target", String(pid), "--pid", ...asOwner, "--", ...own, ...command];
      return join(opening.limiter?.group.network ?? [], enter).slice(1);
    };
    await Promise.all([connect(inBox, pid, metadata).ready, startRoot(opening.box)]);
    signal.throwIfAborted();
    signal.addEventListener("abort", abort);
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
  const { limiter, box } = opening;
  const limited = limiter ? [] : ["bash", "-c", LIMIT_PROCESSES, "bash", String(limits.processes)];
  let commands = 0;

  async function run({ script, input, env = {}, signal: ends, onOutput }: Command): Promise<Ended> {
    const { inner } = opening;
    if (closing !== undefined || !inner) throw new SystemError("The system was closed");
    const marker = `COMPONENT_RUNNER_COMMAND=${process.pid}-${++commands}`;
    const variables = Object.entries({ ...ENVIRONMENT, ...env }).map(([name, value]) => `${name}=${value}`);
    const commandGroup = limiter?.group.openCommand();
    const bash = inner.enter(["env", "-i", "-C", "/", ...variables, marker, ...limited, "bash", "-c", script]);
    const [program, ...args] = join(commandGroup?.join ?? [], bash);
    const kill = commandGroup?.kill ?? (() => withDescendants(withVariable(marker)).forEach(killProcess));
    const stopKilling = whenAborted(ends, kill);
    try {
      const exitCode = await runProgram(program, args, { input, onOutput });
      const gone = inner.ended.then(() => true);
      return { exitCode, systemDown: exitCode !== 0 && (await Promise.race([gone, sleep(20, false)])) };
    } finally {
      stopKilling();
      commandGroup?.leave();
    }
  }

  return {
    enforced: [...(limiter?.group.enforced ?? ["processes"]), "diskMiB"],
    run,
    close,
    async restart() {
      await opening.inner?.close();
      await startRoot(box);
    },
    async snapshot(file) {
      const what = [
        "--numeric-owner",
        "--xattrs",
        "--xattrs-include=*",
        "--exclude=./etc/resolv.conf",
        "--create",
        ".",
      ];
      const [program, ...args] = box.enter(["tar", "--directory", "/mnt", "--warning=no-file-ignored", ...what]);
      // 1: a file changed while it was read.
      const script = 'file="$1"; shift; "$@" > "$file" || [ $? = 1 ]';
      await requireProgram("sh", ["-c", script, "sh", file, program, ...args]);
    },
  };
}
