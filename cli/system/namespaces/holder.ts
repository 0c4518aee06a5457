import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { SystemError } from "../system.ts";

/**
 * A process that keeps namespaces: everything that belongs to a system runs and is mounted in them. It waits for the end of
 * its input, which comes when Amint ends, however it ends: then the kernel kills what runs there, and unmounts.
 */
export interface Holder {
  /** As the machine sees it. */
  readonly pid: number;
  /** Arguments of `nsenter` that run a program there, on the machine's network. */
  readonly enter: readonly string[];
  /** The same, on the holder's network, which is connected to nothing. */
  readonly enterWithNetwork: readonly string[];
  close(): Promise<void>;
}

export async function openHolder(): Promise<Holder> {
  const flags = ["--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--net", "--propagation", "private"];
  const child = spawn("unshare", [...flags, "bash", "-c", "echo ready; read -r _"], {
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C is for Amint, which ends the system in order.
    detached: true,
  });
  const ended = once(child, "close");
  await ready(child, ended);
  // unshare has one child, which is the first process of the namespace.
  const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim());
  const enter = ["--target", String(pid), "--pid", "--mount"];
  return {
    pid,
    enter: [...enter, "--"],
    enterWithNetwork: [...enter, "--net", "--"],
    async close() {
      child.stdin?.end();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function ready(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  if (!child.stdout) throw new SystemError("unshare has no output");
  const gone = ended.then(() => {
    throw new SystemError(`This machine does not allow new namespaces: ${said.trim()}`);
  });
  await Promise.race([once(child.stdout, "data"), gone]);
  gone.catch(() => {});
}
