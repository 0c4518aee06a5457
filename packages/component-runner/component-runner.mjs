#!/usr/bin/env node
// In JavaScript, so that older Node versions can run the check, and the modules behind it come from the compile cache.
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(`component-runner: needs Node.js ${NEEDED} or later, and this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  // Not Node's default cache in the machine's folder for temporary files: cached code is executed, and any user can create
  // that folder first.
  module.enableCompileCache(fileURLToPath(new URL("../.cache/component-runner/compiled", import.meta.url)));
  await import("./main.ts");
}
