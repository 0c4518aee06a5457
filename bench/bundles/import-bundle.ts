import { pathToFileURL } from "node:url";

/** Milliseconds from a process's start until a bundle is imported. */
export interface Took {
  readonly wall: number;
  /** Of all the process's threads. */
  readonly processor: number;
}

/** Imports one bundle, as Lambda's runtime does first of all, and says what this process has taken until then. */
await import(pathToFileURL(process.argv[2] ?? "").href);
const { user, system } = process.cpuUsage();
const took: Took = { wall: performance.now(), processor: (user + system) / 1_000 };
console.log(JSON.stringify(took));
// A client's open sockets and timers are none of the import's business.
process.exit();
