import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { killProcess, withDescendants } from "./descendants.ts";
import { SystemError } from "./system.ts";

export type ProgramCall = readonly [program: string, ...args: string[]];

/** A process that keeps namespaces open. */
export interface Held {
  /** In the machine's process namespace. */
  readonly pid: number;
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts a chain of programs that create namespaces. The last one must print something and then wait for the end of
 * its input. The input ends when this process does, even if killed; the kernel then kills the processes and unmounts.
 * @param file becomes descriptor 3
 */
export async function holdNamespaces([program, ...args]: ProgramCall, file?: number): Promise<Held> {
  // This process handles Ctrl-C and closes the system cleanly.
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe", ...(file ? [file] : [])], detached: true });
  const ended = once(child, "close");
  await ready(child, ended);
  const pid = lastInOwnMounts(child.pid ?? 0);
  return {
    pid,
    ended,
    async close() {
      child.stdin?.end();
      // Works even if a document has stopped the process.
      killProcess(pid);
      await ended;
    },
  };
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

function lastInOwnMounts(pid: number): number {
  const mounts = (of: number | "self") => readlinkSync(`/proc/${of}/ns/mnt`);
  const last = withDescendants([pid]).findLast((one) => mounts(one) !== mounts("self"));
  if (last === undefined) throw new SystemError("The namespaces ended as soon as they were made");
  return last;
}
