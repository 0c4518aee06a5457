import type { BuildOptions } from "esbuild";
import { clientVersion } from "./client-version.ts";
import { lambdaCredentials } from "./lambda-credentials.ts";
import { literalKeys } from "./literal-keys.ts";
import { validatedConfig } from "./validated-config.ts";

/**
 * How the functions' bundles are made, for AWS and for the embedded AWS alike. Names of classes get lost, so errors
 * carry theirs as literals.
 */
export const bundleOptions = {
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  // The packages' ES modules come out a third smaller, and load in half the time.
  mainFields: ["module", "main"],
  minify: true,
  plugins: [literalKeys, lambdaCredentials, clientVersion, validatedConfig],
  logLevel: "silent",
} satisfies BuildOptions;
