import { fileURLToPath } from "node:url";
import { bundleOptions } from "./stacks/bundle/options.ts";

/** What the embedded AWS asks a program for: esbuild's options for its functions. They are those of the deployment. */
export default (query: URLSearchParams) =>
  bundleOptions(query.get("config") ?? fileURLToPath(new URL("factory.config.ts", import.meta.url)));

/**
 * Modules without state of an execution environment, which the embedded AWS evaluates once for all functions in a
 * thread. `test/architecture/one-place.test.ts` holds that they have none.
 */
export const stateless = [
  "@aws-sdk/",
  "@smithy/",
  "zod",
  "croner",
  "leven",
  "./events/",
  "./core/",
  "./adapters/",
  // Traces one execution environment's requests.
  "!./adapters/monitoring/",
];
