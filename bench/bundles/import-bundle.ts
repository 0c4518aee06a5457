import { pathToFileURL } from "node:url";
import { tookSoFar } from "../measure/figures.ts";

/**
 * Imports one bundle, as Lambda's runtime does first, and prints the time that this process has used. Fails if the bundle has
 * no handler.
 */
const { handler } = await import(pathToFileURL(process.argv[2] ?? "").href);
const took = tookSoFar();
if (typeof handler !== "function") throw new Error(`${process.argv[2]} exports no handler.`);
console.log(JSON.stringify(took));
// Exits despite open sockets and timers of clients.
process.exit();
