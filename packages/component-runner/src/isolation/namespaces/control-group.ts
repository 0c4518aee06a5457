import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isLeftover } from "../cache.ts";
import { killProcess, readPids, withDescendants } from "../descendants.ts";
import type { Limits } from "../system.ts";
import { FIRST_ID } from "../user-namespace.ts";
import type { Holder } from "./holder.ts";

/**
 * The control groups of one system: `network` for the network helpers, and `system` for the
 * init system. Each command has a group within `system`, so that logind can move a session out of it.
 */
export interface ControlGroup {
  /** Which limits the machine enforces. */
  readonly enforced: readonly (keyof Limits)[];
  /** For `system` and for `network`: files that a process writes its id to. */
  readonly system: readonly string[];
  readonly network: readonly string[];
  killNetwork(): Promise<void>;
  /** Stops all processes of the system. @returns a function that resumes them */
  pause(): Promise<() => void>;
  openCommand(): CommandGroup;
  close(): Promise<void>;
}

interface CommandGroup {
  readonly join: readonly string[];
  /** Kills its processes and their children in new sessions, which logind moves to other groups. */
  kill(): void;
  /** Removes the group unless background processes of the command still run. */
  leave(): void;
}

const TREE = "/sys/fs/cgroup";

/** For the holder's namespaces: mounts version 2 at its usual path, also if the machine has both versions. */
export const MOUNT_VERSION_2 = `[ -e ${TREE}/cgroup.procs ] || { umount --lazy ${TREE} 2> /dev/null || true; mount -t cgroup2 cgroup2 ${TREE}; }`;

/** Arguments: the groups' files, `--`, and a command to run in the groups. */
export const JOIN_GROUPS = 'until [ "$1" = -- ]; do echo $$ > "$1" || exit 1; shift; done; shift; exec "$@"';

export function openControlGroup(holder: Holder, name: string, limits: Limits): ControlGroup {
  const tree = `/proc/${holder.pid}/root${TREE}`;
  const group = join(tree, name);
  removeLeftovers(tree);
  mkdirSync(group);
  const old = limitVersion1(name, limits);
  const enforced = old.enforced.length > 0 ? old.enforced : limitVersion2(tree, group, limits);
  for (const part of ["network", "system"]) mkdirSync(join(group, part));
  for (const file of ["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"]) {
    chownSync(join(group, "system", file), FIRST_ID, FIRST_ID);
  }
  const kill = (part: string) => writeFileSync(join(group, part, "cgroup.kill"), "1");
  const joining = (part: string) => [...old.join, join(group, part, "cgroup.procs")];
  let commands = 0;
  return {
    enforced,
    system: joining("system"),
    network: joining("network"),
    async killNetwork() {
      await killInner(join(group, "network"));
      kill("network");
    },
    async pause() {
      const freeze = (value: string) => writeFileSync(join(group, "system/cgroup.freeze"), value);
      freeze("1");
      const isFrozen = () => /^frozen 1$/m.test(readFileSync(join(group, "system/cgroup.events"), "utf8"));
      for (let left = 500; left > 0 && !isFrozen(); left--) await sleep(5);
      return () => existsSync(join(group, "system")) && freeze("0");
    },
    openCommand() {
      const part = `system/command-${++commands}`;
      mkdirSync(join(group, part));
      return {
        join: joining(part),
        kill() {
          // The system may have removed the empty group.
          if (!existsSync(join(group, part))) return;
          for (const one of withDescendants(readPids(join(group, part, "cgroup.procs")))) killProcess(one);
          kill(part);
        },
        leave: () => void removeTree(join(group, part), 0).catch(() => {}),
      };
    },
    async close() {
      await killInner(group);
      // Processes can join after the first kill.
      await removeTree(group, 300, () => {
        for (const part of ["network", "system"]) if (existsSync(join(group, part))) kill(part);
      });
      await old.leave();
    },
  };
}

/** Limits apply to the system's top group; the machine's root group must delegate the controllers. */
function limitVersion2(tree: string, group: string, { memoryMiB, processes }: Limits): (keyof Limits)[] {
  const write = (file: string, value: string): boolean => {
    try {
      writeFileSync(file, value);
      return true;
    } catch {
      return false;
    }
  };
  for (const controller of ["+memory", "+pids"]) write(join(tree, "cgroup.subtree_control"), controller);
  write(join(group, "memory.swap.max"), "0");
  // Groups use kernel memory.
  write(join(group, "cgroup.max.descendants"), "2000");
  const limited: (keyof Limits)[] = [];
  if (write(join(group, "memory.max"), String(memoryMiB * 2 ** 20))) limited.push("memoryMiB");
  if (write(join(group, "pids.max"), String(processes))) limited.push("processes");
  return limited;
}

/** On machines with version 1, it has the controllers. */
function limitVersion1(name: string, { memoryMiB, processes }: Limits) {
  const controllers: readonly { limit: keyof Limits; tree: string; file: string; value: number }[] = [
    { limit: "memoryMiB", tree: `${TREE}/memory`, file: "memory.limit_in_bytes", value: memoryMiB * 2 ** 20 },
    { limit: "processes", tree: `${TREE}/pids`, file: "pids.max", value: processes },
  ];
  const used = controllers.filter(({ tree }) => existsSync(join(tree, "tasks")));
  for (const { tree, file, value } of used) {
    removeLeftovers(tree);
    mkdirSync(join(tree, name));
    writeFileSync(join(tree, name, file), String(value));
  }
  return {
    enforced: used.map(({ limit }) => limit),
    join: used.map(({ tree }) => join(tree, name, "cgroup.procs")),
    async leave(): Promise<void> {
      for (const { tree } of used) await removeTree(join(tree, name));
    },
  };
}

/**
 * Kills what `nsenter` runs in the process namespace, and waits until `nsenter` has reaped it. If both were killed together, the
 * machine's init would have to reap it, which some do only every second; the namespaces would exist until then.
 */
async function killInner(group: string): Promise<void> {
  const own = namespaceOf("self");
  for (let left = 100; left > 0; left--) {
    const pids = pidsBelow(group);
    const inner = pids.filter((pid) => namespaceOf(pid) !== own);
    inner.forEach(killProcess);
    if (inner.length === pids.length) return;
    await sleep(5);
  }
}

/** @returns an empty string if the process has ended */
function namespaceOf(pid: number | "self"): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return "";
  }
}

const pidsBelow = (group: string): number[] =>
  existsSync(group)
    ? [...readPids(join(group, "cgroup.procs")), ...foldersIn(group).flatMap((inner) => pidsBelow(inner))]
    : [];

const foldersIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [join(path, one.name)] : []));

/** A group can be removed once its last process is reaped, shortly after the kill. */
async function removeTree(path: string, waits = 300, kill = () => {}): Promise<void> {
  kill();
  for (const inner of foldersIn(path)) await removeTree(inner, waits, kill);
  for (let left = waits; ; left--) {
    kill();
    try {
      return rmdirSync(path);
    } catch (error) {
      if (left <= 0) throw error;
      await sleep(10);
    }
  }
}

/** Removes the groups of killed runs, which have no processes. */
function removeLeftovers(tree: string): void {
  for (const path of foldersIn(tree)) if (isLeftover(basename(path))) removeTree(path, 0).catch(() => {});
}
