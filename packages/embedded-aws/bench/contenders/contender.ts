import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../test/free-port.ts";
import { ask } from "./ask.ts";

/** A local AWS under test, in a separate process on 127.0.0.1. */
export interface Contender {
  readonly name: string;
  readonly port: number;
  /** From the start of the process to the first answered `ec2 DescribeImages`. */
  readonly coldStartMs: number;
  /** Resident memory of the process, in MB; undefined if /proc does not have it. */
  memory(): number | undefined;
  /** Processor time of the process so far, in milliseconds; undefined if /proc does not have it. */
  processorMs(): number | undefined;
  stop(): Promise<void>;
}

const GIVE_UP_MS = 60_000;

/** The program's path, if it is on the PATH. */
export function onPath(program: string): string | undefined {
  const paths = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, program));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param command program and arguments, given a port */
export async function startContender(name: string, command: (port: string) => string[]): Promise<Contender> {
  const port = await freePort();
  const [program = "", ...args] = command(String(port));
  const began = performance.now();
  const child = spawn(program, args, { stdio: "ignore" });
  const exited = once(child, "exit");
  child.on("error", () => {});
  const input = { "Owner.1": "self" };
  for (;;) {
    const failure = await ask(port, { service: "ec2", operation: "DescribeImages", input }).then(
      () => undefined,
      (error: Error) => error,
    );
    if (!failure) break;
    const refused = "code" in failure && failure.code === "ECONNREFUSED";
    if (!refused || child.exitCode !== null || performance.now() - began > GIVE_UP_MS) {
      child.kill("SIGKILL");
      throw new Error(`${name} does not answer: ${[program, ...args].join(" ")}`, { cause: failure });
    }
    await sleep(5);
  }
  const coldStartMs = performance.now() - began;
  const stop = async () => {
    child.kill("SIGTERM");
    await Promise.race([exited, sleep(3_000).then(() => child.kill("SIGKILL"))]);
  };
  return { name, port, coldStartMs, memory: () => residentMb(child), processorMs: () => processorMs(child), stop };
}

function residentMb({ pid }: ChildProcess): number | undefined {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}

/** /proc counts in hundredths of a second on every architecture of Linux (USER_HZ, proc(5)). */
function processorMs({ pid }: ChildProcess): number | undefined {
  try {
    // The program's name, in parentheses, can have spaces; utime and stime are fields 14 and 15.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}
