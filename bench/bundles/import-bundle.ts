import { pathToFileURL } from "node:url";

/** Milliseconds from the process's start until a bundle is imported. */
export interface Took {
  readonly wall: number;
  /** For all threads of the process. */
  readonly processor: number;
}

/** Imports one bundle, as Lambda's runtime does first, and prints the time that this process has used. */
await import(pathToFileURL(process.argv[2] ?? "").href);
const { user, system } = process.cpuUsage();
const took: Took = { wall: performance.now(), processor: (user + system) / 1_000 };
console.log(JSON.stringify(took));
// Exits despite open sockets and timers of clients.
process.exit();
