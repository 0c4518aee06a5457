import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chooseBackend } from "../../system/backends.ts";
import { cacheFolder } from "../../system/cache.ts";
import type { Backend, BackendName, BootSettings, RootSource } from "../../system/system.ts";
import type { RunEvent } from "./run-events.ts";

/** The options of commands that run documents for real. */
export interface RunOptions {
  readonly in?: BackendName;
  readonly root?: string;
  readonly memory: number;
  readonly processes: number;
  readonly disk: number;
  readonly timeLimit: number;
  readonly cache: boolean;
  readonly results?: string;
  readonly json?: true;
}

/** Of the instance that a run stands for. */
export const INSTANCE_ID = "i-0123456789abcdef0";

export interface OpenedRun {
  readonly backend: Backend;
  readonly boot: Omit<BootSettings, "from">;
  readonly results: string;
  /** Fires on Ctrl-C, and when the time is over. */
  readonly signal: AbortSignal;
  close(): void;
}

/** What a run was ended by. */
class RunEnded extends Error {
  override readonly name = "RunEnded";
  readonly code = "RunEnded";
}

/**
 * Chooses the backend, makes the root ready, and listens for Ctrl-C.
 * @param system the image's `os` and architecture
 */
export async function openRun(
  options: RunOptions,
  system: { readonly os: string; readonly architecture: "x86_64" | "arm64" },
  at: { readonly region: string; readonly accountId: string },
  report: (event: RunEvent) => void,
): Promise<OpenedRun> {
  const { backend, note } = await chooseBackend(options.in);
  report({ type: "system", text: `Runs in ${backend.name}: ${backend.isolation}.` });
  if (note) report({ type: "system", text: `${note}.` });
  const ends = new AbortController();
  const onSignal = (name: NodeJS.Signals) =>
    ends.abort(new RunEnded(`Ended by ${name}; nothing of the system is left`));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  const timer = setTimeout(
    () => ends.abort(new RunEnded(`The run did not end within ${options.timeLimit} minutes (--time-limit)`)),
    options.timeLimit * 60_000,
  );
  const close = () => {
    clearTimeout(timer);
    for (const name of signals) process.off(name, onSignal);
  };
  try {
    mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 });
    const root = await backend.prepare(sourceOf(options.root, system), (text) => report({ type: "system", text }));
    const boot = {
      root,
      limits: { memoryMiB: options.memory, processes: options.processes, diskMiB: options.disk },
      metadata: { instanceId: INSTANCE_ID, imageId: "ami-0123456789abcdef0", instanceType: "m5.large", ...at },
      signal: ends.signal,
    };
    return { backend, boot, results: options.results ?? defaultResults(), signal: ends.signal, close };
  } catch (error) {
    close();
    throw ends.signal.aborted ? ends.signal.reason : error;
  }
}

function sourceOf(
  root: string | undefined,
  { os, architecture }: { os: string; architecture: "x86_64" | "arm64" },
): RootSource {
  if (root === undefined) return { kind: "os", os, architecture };
  return { kind: /\.tar$/.test(root) ? "tar" : "directory", path: root };
}

const defaultResults = (): string => join(".amint", "runs", new Date().toISOString().slice(0, 19).replaceAll(":", "-"));
