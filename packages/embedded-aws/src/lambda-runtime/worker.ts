import { enableCompileCache, flushCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { errorLine, lambdaConsole } from "./lambda-console.ts";
import {
  type Handler,
  invocationContext,
  loadHandler,
  RuntimeFailure,
  runHandler,
  toRuntimeError,
} from "./load-handler.ts";
import { END, type InvocationMessage, type WorkerMessage, type WorkerSetup } from "./protocol.ts";
import { installVirtualDate, VirtualTimers, WorkerTime } from "./virtual-timers.ts";

/** The program of a worker thread: one execution environment of one function. */
const setup = workerData as WorkerSetup;

const say = (message: WorkerMessage): void => parentPort?.postMessage(message);

enableCompileCache(setup.compileCache);

let requestId: string | undefined;

const surroundings = { now: () => Date.now(), requestId: () => requestId, environment: process.env };

sendOutput();

const virtual = setup.time && installVirtualTime(setup.time);

endOnStrayErrors();

try {
  listen(await loadHandler(setup.bundle, setup.handler, setup.runtime));
  say({ kind: "ready" });
} catch (error) {
  say({ kind: "unfit", error: toRuntimeError(error) });
}

function listen(handler: Handler): void {
  let flushed = false;
  parentPort?.on("message", async (invocation: InvocationMessage | typeof END) => {
    if (invocation === END) process.exit(0);
    requestId = invocation.requestId;
    virtual?.time.begin(invocation.deadline);
    virtual?.timers.thaw();
    const answer = await answerTo(handler, invocation);
    virtual?.timers.freeze();
    say(answer);
    if (!flushed) flushCompileCache();
    flushed = true;
  });
}

async function answerTo(handler: Handler, invocation: InvocationMessage): Promise<WorkerMessage> {
  try {
    const event: unknown = JSON.parse(invocation.payload);
    return { kind: "result", payload: await runHandler(handler, event, invocationContext(invocation)) };
  } catch (thrown) {
    const error = toRuntimeError(thrown);
    say({ kind: "log", text: errorLine("Invoke Error", error, surroundings) });
    return { kind: "failed", error };
  }
}

/** Through the port and not the thread's own streams, so that no line arrives after the answer. */
function sendOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, written?: unknown): boolean => {
      say({ kind: "log", text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
      const done = typeof encoding === "function" ? encoding : written;
      if (typeof done === "function") queueMicrotask(() => done());
      return true;
    };
  }
  Object.assign(console, lambdaConsole({ ...surroundings, write: (text) => say({ kind: "log", text }) }));
}

function installVirtualTime(shared: SharedArrayBuffer): { time: WorkerTime; timers: VirtualTimers } {
  const time = new WorkerTime(shared);
  const timers = new VirtualTimers(time, () => say({ kind: "overslept" }));
  installVirtualDate(time.now);
  timers.install();
  return { time, timers };
}

/** Exit codes as in Lambda's own runtime. */
function endOnStrayErrors(): void {
  process.on("uncaughtException", (error) => end(error, 129));
  process.on("unhandledRejection", (reason) => {
    end(new RuntimeFailure("Runtime.UnhandledPromiseRejection", String(reason)), 128);
  });
}

function end(thrown: unknown, code: number): void {
  say({ kind: "crashed", error: toRuntimeError(thrown) });
  process.exit(code);
}
