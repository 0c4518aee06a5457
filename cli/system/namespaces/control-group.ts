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
 * The control groups of one system: `network` for the helpers that connect it, and `system` for the
 * init system. A command has one within `system`, so that logind can move a session out of it.
 */
export interface ControlGroup {
  /** Which limits the machine enforces. */
  readonly enforced: readonly (keyof Limits)[];
  /** Of `system` and of `network`: files that a process writes its id to. */
  readonly system: readonly string[];
  readonly network: readonly string[];
  killNetwork(): Promise<void>;
  /** Stops every process of the system; what it returns lets them go on. */
  pause(): Promise<() => void>;
  openCommand(): CommandGroup;
  close(): Promise<void>;
}

interface CommandGroup {
  readonly join: readonly string[];
  /** Kills its processes, and their children in sessions of their own, which logind moves to other groups. */
  kill(): void;
  /** Removes it, unless processes that the command left behind still run. */
  leave(): void;
}

const TREE = "/sys/fs/cgroup";

/** For the holder's namespaces: version 2 at its usual place, also where the machine has both versions. */
export const MOUNT_VERSION_2 = `[ -e ${TREE}/cgroup.procs ] || { umount --lazy ${TREE} 2> /dev/null || true; mount -t cgroup2 cgroup2 ${TREE}; }`;

/** The groups' files, `--`, and a command, which runs in them. */
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
          // The system may have removed it, once it was empty.
          if (!existsSync(join(group, part))) return;
          for (const one of withDescendants(readPids(join(group, part, "cgroup.procs")))) killProcess(one);
          kill(part);
        },
        leave: () => void removeTree(join(group, part), 0).catch(() => {}),
      };
    },
    async close() {
      await killInner(group);
      // A process may join after the first kill.
      await removeTree(group, 300, () => {
        for (const part of ["network", "system"]) if (existsSync(join(group, part))) kill(part);
      });
      await old.leave();
    },
  };
}

/** The limits stand at the top of the system's groups; the machine's root has to hand the controllers down. */
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
  // Groups take memory of the kernel.
  write(join(group, "cgroup.max.descendants"), "2000");
  const limited: (keyof Limits)[] = [];
  if (write(join(group, "memory.max"), String(memoryMiB * 2 ** 20))) limited.push("memoryMiB");
  if (write(join(group, "pids.max"), String(processes))) limited.push("processes");
  return limited;
}

/** Where the machine still has version 1, the controllers are there. */
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
 * Kills what `nsenter` runs in namespaces of processes, and waits until `nsenter` has reaped it. If both were killed at once, the
 * machine's init would have to reap it, and some do so only every second; the namespaces stay until then.
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

/** @returns nothing of a process that has ended */
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

/** A group can be removed once its last process is reaped, which is a moment after it was killed. */
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

/** Those of a run that was killed have no processes. */
function removeLeftovers(tree: string): void {
  for (const path of foldersIn(tree)) if (isLeftover(basename(path))) removeTree(path, 0).catch(() => {});
}
