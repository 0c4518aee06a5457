import { type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { killProcess, withDescendants } from "./descendants.ts";
import { SystemError } from "./system.ts";

interface ProgramSettings extends Pick<SpawnOptions, "env" | "cwd"> {
  readonly input?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((chunk: Uint8Array, from: "stdout" | "stderr") => void) | undefined;
}

/** Only the end of a program's output is kept. */
const KEPT_BYTES = 64 * 1024;

/** @returns 128 plus the signal's number if a signal ended it, as in a shell */
export async function runProgram(
  program: string,
  args: readonly string[],
  { input, signal, onOutput, ...options }: ProgramSettings = {},
): Promise<number> {
  const child = spawn(program, args, { ...options, stdio: [input ? "pipe" : "ignore", "pipe", "pipe"] });
  // Programs such as mmdebstrap have children: kills all descendants.
  const kill = () => {
    if (process.platform === "linux" && child.pid) withDescendants([child.pid]).forEach(killProcess);
    child.kill("SIGKILL");
  };
  signal?.addEventListener("abort", kill);
  if (signal?.aborted) kill();
  child.stdout?.on("data", (chunk: Uint8Array) => onOutput?.(chunk, "stdout"));
  child.stderr?.on("data", (chunk: Uint8Array) => onOutput?.(chunk, "stderr"));
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  child.on("error", reject);
  child.on("close", (code, by) => resolve(code ?? 128 + (by ? constants.signals[by] : 0)));
  try {
    // A program may end without reading all its input.
    if (input && child.stdin) await pipeline(toStream(input), child.stdin).catch(ignoreClosedPipe);
    return await ended;
  } finally {
    signal?.removeEventListener("abort", kill);
  }
}

const toStream = (input: Uint8Array | AsyncIterable<Uint8Array>): Readable =>
  input instanceof Uint8Array ? Readable.from([input]) : Readable.from(input);

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
}

/**
 * Runs a program that must succeed.
 * @returns its standard output
 * @throws SystemError with the end of its standard error
 */
export async function requireProgram(
  program: string,
  args: readonly string[],
  settings: Omit<ProgramSettings, "onOutput"> = {},
): Promise<string> {
  const printed = { stdout: "", stderr: "" };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const exitCode = await runProgram(program, args, {
    ...settings,
    onOutput: (chunk, from) => {
      printed[from] = `${printed[from]}${decoders[from].decode(chunk, { stream: true })}`.slice(-KEPT_BYTES);
    },
  });
  settings.signal?.throwIfAborted();
  if (exitCode === 0) return printed.stdout;
  const [command = "", ...rest] = [program, ...args];
  const said = (printed.stderr || printed.stdout).trim().split("\n").slice(-12).join("\n");
  throw new SystemError(`${command} ${rest.join(" ").slice(0, 300)} ended with ${exitCode}: ${said}`);
}
