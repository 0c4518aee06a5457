import { fileURLToPath } from "node:url";
import { bundleOptions } from "./stacks/bundle/options.ts";

/** What the embedded AWS asks a program for: esbuild's options for its functions. They are those of the deployment. */
export default (query: URLSearchParams) =>
  bundleOptions(query.get("config") ?? fileURLToPath(new URL("factory.config.ts", import.meta.url)));
