import { Console } from "node:console";
import { createRequire } from "node:module";
import { devNull } from "node:os";
import { Writable } from "node:stream";
import type { Clock } from "../engine/clock/clock.ts";
import type { Transport } from "../wire/direct/transport.ts";
import { heldCompression, heldFetch, heldNetwork } from "./held.ts";
import type { InProcessTimers } from "./in-process-timers.ts";
import type { lambdaConsole } from "./lambda-console.ts";

/** The globals that a bundled function's code uses. */
export const GLOBALS = [
  "require",
  "program",
  "globalThis",
  "global",
  "process",
  "console",
  "Date",
  "Math",
  "performance",
  "crypto",
  "setTimeout",
  "clearTimeout",
  "fetch",
  "transport",
] as const;

/** The program's modules by file, each with what evaluates it. */
interface Program {
  modules: Readonly<Record<string, () => unknown>>;
}

export type Globals = Readonly<Record<(typeof GLOBALS)[number], unknown>> & { readonly program: Program };

/** Timers of a function. */
type Timers = Pick<InProcessTimers, "set" | "sleep" | "clear">;

/** What a function reaches outside of its own code. */
export interface Surroundings {
  readonly clock: Clock;
  readonly timers: Timers;
  /** `process.env`; the function may change it. */
  readonly environment: Record<string, string>;
  readonly transport: Transport;
  /** A number in [0, 1); the same run gets the same numbers. */
  readonly dice: () => number;
  /** The console's methods, which write to the log as Lambda does. */
  readonly console: ReturnType<typeof lambdaConsole>;
  readonly log: (text: string) => void;
  readonly exit: (code: number) => void;
}

const nodeRequire = createRequire(import.meta.url);

/**
 * The globals of one function in this thread: its own environment, virtual time, reproducible random numbers, no socket
 * for AWS. The embedded AWS's own code does not see them.
 */
export function inProcessGlobals(given: Surroundings): { globals: Globals } {
  const { clock, dice, timers } = given;
  const now = () => clock.now();
  const randomUUID = () => uuid(dice);
  const process = functionProcess(given);
  const own = {
    process,
    console: Object.assign(new Console(process.stdout, process.stderr), given.console),
    Date: dateOf(now),
    Math: withMembers(Math, { random: dice }),
    performance: withMembers(performance, { now, timeOrigin: 0 }),
    crypto: withMembers(crypto, {
      randomUUID,
      subtle: crypto.subtle,
      getRandomValues: crypto.getRandomValues.bind(crypto),
    }),
    setTimeout: timers.set,
    clearTimeout: timers.clear,
    fetch: heldFetch(clock, given.transport, () => given.environment.AWS_ENDPOINT_URL),
    navigator,
  };
  const globalFacade = withMembers(globalThis, own);
  Object.assign(globalFacade, { globalThis: globalFacade, global: globalFacade });
  const modules: Record<string, () => unknown> = {
    process: () => process,
    timers: () => ({ ...nodeRequire("node:timers"), setTimeout: timers.set, clearTimeout: timers.clear }),
    "timers/promises": () => ({ ...nodeRequire("node:timers/promises"), setTimeout: timers.sleep }),
    crypto: () => ({ ...nodeRequire("node:crypto"), randomUUID }),
    fs: () => heldFiles(clock, nodeRequire("node:fs")),
    "fs/promises": () => heldFiles(clock, nodeRequire("node:fs")).promises,
    http: () => heldNetwork(clock, nodeRequire("node:http")),
    https: () => heldNetwork(clock, nodeRequire("node:https")),
    zlib: () => heldCompression(clock, nodeRequire("node:zlib")),
  };
  const loaded = new Map<string, unknown>();
  const require = Object.assign((id: string): unknown => {
    const name = id.replace(/^node:/, "");
    const load = modules[name];
    if (!load) return nodeRequire(id);
    if (!loaded.has(name)) loaded.set(name, load());
    return loaded.get(name);
  }, nodeRequire);
  const program: Program = { modules: {} };
  const { navigator: _, ...named } = own;
  return {
    globals: {
      ...named,
      require,
      program,
      globalThis: globalFacade,
      global: globalFacade,
      transport: given.transport,
    },
  };
}

/** The object with some members replaced. */
function withMembers<T extends object>(real: T, members: object): T {
  return Object.create(real, Object.getOwnPropertyDescriptors(members)) as T;
}

function functionProcess(given: Surroundings) {
  const output = () =>
    new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        given.log(chunk.toString());
        done();
      },
    });
  const members = {
    get env() {
      return given.environment;
    },
    stdout: output(),
    stderr: output(),
    exit: given.exit,
    on: () => process,
    once: () => process,
  };
  return withMembers(process, members);
}

/** A Proxy and not a subclass: it keeps Date.prototype, so that instanceof still works. */
function dateOf(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
    apply: (target) => new target(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}

/** Other threads read files: time stands still meanwhile. */
function heldFiles(clock: Clock, fs: typeof import("node:fs")): typeof import("node:fs") {
  const read = (...given: Parameters<typeof fs.promises.readFile>) =>
    given[0] === devNull ? Promise.resolve("") : clock.hold(fs.promises.readFile(...given));
  return { ...fs, promises: { ...fs.promises, readFile: read as typeof fs.promises.readFile } };
}

const HEX = "0123456789abcdef";

function uuid(dice: () => number): `${string}-${string}-${string}-${string}-${string}` {
  const digits: number[] = [];
  for (let digit = 0; digit < 32; digit++) digits.push(HEX.charCodeAt(Math.floor(dice() * 16)));
  const hex = String.fromCharCode(...digits);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
