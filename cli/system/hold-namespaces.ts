import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync } from "node:fs";
import { killProcess, withDescendants } from "./descendants.ts";
import { SystemError } from "./system.ts";

export type ProgramCall = readonly [program: string, ...args: string[]];

/** A process in namespaces of its own. */
export interface Held {
  /** As the machine sees it. */
  readonly pid: number;
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts programs that make namespaces and run each other. The last one has to print something and then to wait for the end of
 * its input, which comes when Amint ends, however it ends: then the kernel kills what runs there, and unmounts.
 * @param file becomes descriptor 3
 */
export async function holdNamespaces([program, ...args]: ProgramCall, file?: number): Promise<Held> {
  // Ctrl-C is for Amint, which ends the system in order.
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe", ...(file ? [file] : [])], detached: true });
  const ended = once(child, "close");
  await ready(child, ended);
  const pid = lastInOwnMounts(child.pid ?? 0);
  return {
    pid,
    ended,
    async close() {
      child.stdin?.end();
      // A document may have stopped it.
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
