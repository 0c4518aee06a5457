import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { chooseBackend } from "../isolation/backends.ts";
import { cacheFolder } from "../isolation/cache.ts";
import {
  type Backend,
  type BackendName,
  type BootSettings,
  type RootSource,
  SystemError,
} from "../isolation/system.ts";
import type { RunEvent } from "./run-events.ts";
import type { ImageRun } from "./run-image.ts";

/** The documents to run and their AWS access. */
export interface Source extends Pick<ImageRun, "planned" | "aws" | "workingDirectory"> {
  /** Resolves when `aws` is complete, which it can become while the system boots; a failure ends the run. Results count only after it. */
  readonly awsReady: Promise<unknown>;
  /** Where a run without `results` makes its folder of logs. */
  readonly runs: string;
  readonly os: string;
  readonly architecture: "x86_64" | "arm64";
  readonly region: string;
  readonly accountId: string;
  close(): Promise<void>;
}

/** Options of commands that run documents. */
export interface RunOptions {
  readonly in?: BackendName;
  readonly root?: string;
  readonly memory: number;
  readonly processes: number;
  readonly disk: number;
  readonly timeLimit: number;
  readonly cache: boolean;
  readonly keepGoing?: true;
  readonly results?: string;
  readonly json?: true;
  /** Set if the image becomes a disk that boots. */
  readonly diskImage?: unknown;
}

/** Id of the simulated instance. */
export const INSTANCE_ID = "i-0123456789abcdef0";

export interface OpenedRun extends AsyncDisposable {
  readonly backend: Backend;
  readonly boot: Omit<BootSettings, "from">;
  readonly results: string;
  /** Aborted on Ctrl-C and at the time limit. */
  readonly signal: AbortSignal;
}

/** The run was interrupted or timed out. */
class RunEnded extends Error {
  override readonly name = "RunEnded";
  readonly code = "RunEnded";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Chooses the backend and prepares the root. Until it is disposed, Ctrl-C and the time limit end the run.
 * Disposal closes the source.
 * @throws RunEnded; SystemError if the host cannot run it
 */
export async function openRun(
  { in: asked, root: given, memory, processes, disk, results, timeLimit, diskImage }: RunOptions,
  source: Source,
  report: (event: RunEvent) => void,
): Promise<OpenedRun> {
  const ends = new AbortController();
  const { signal } = ends;
  const onSignal = (name: NodeJS.Signals) =>
    ends.abort(new RunEnded(`Ended by ${name}; nothing of the system is left`, 128 + constants.signals[name]));
  for (const name of SIGNALS) process.on(name, onSignal);
  const isOver = () => ends.abort(new RunEnded(`The run did not end within ${timeLimit} minutes (--time-limit)`, 1));
  const timer = setTimeout(isOver, timeLimit * 60_000);
  source.awsReady.catch((error) => ends.abort(error));
  const dispose = async () => {
    clearTimeout(timer);
    for (const name of SIGNALS) process.off(name, onSignal);
    await source.close();
  };
  try {
    const { backend, note } = await chooseBackend(asked);
    report({ type: "system", text: `Runs in ${backend.name}: ${backend.isolation}.` });
    if (diskImage && !backend.writeDisk) {
      throw new SystemError(`${backend.name} has no images that boot: a disk image needs --in namespaces or --in vm`);
    }
    if (note) report({ type: "system", text: `${note}.` });
    mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
    const limits = { memoryMiB: memory, processes, diskMiB: disk };
    const progress = (text: string) => report({ type: "system", text });
    const root = await backend.prepare(sourceOf(given, source, diskImage !== undefined), { progress, limits, signal });
    signal.throwIfAborted();
    const { region, accountId } = source;
    const boot = {
      root,
      limits,
      metadata: {
        instanceId: INSTANCE_ID,
        imageId: "ami-0123456789abcdef0",
        instanceType: "m5.large",
        region,
        accountId,
      },
      signal,
    };
    return {
      backend,
      boot,
      results: results ?? join(source.runs, new Date().toISOString().slice(0, 19).replaceAll(":", "-")),
      signal,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw signal.aborted ? signal.reason : error;
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does work within a run. @throws RunEnded, which replaces errors that the abort caused */
export async function withRun(
  options: RunOptions,
  source: Source,
  report: (event: RunEvent) => void,
  work: (run: OpenedRun) => Promise<void>,
): Promise<void> {
  await using run = await openRun(options, source, report);
  try {
    await work(run);
  } catch (error) {
    throw run.signal.aborted ? run.signal.reason : error;
  }
}

function sourceOf(
  root: string | undefined,
  { os, architecture }: Pick<Source, "os" | "architecture">,
  bootable: boolean,
): RootSource {
  if (root === undefined) return { kind: "os", os, architecture, bootable };
  return { kind: /\.tar$/.test(root) ? "tar" : "directory", path: root };
}
