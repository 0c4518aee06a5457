#!/usr/bin/env -S node --max-semi-space-size=8
// In JavaScript, so that older Node versions can run the check, and the modules behind it come from the compile cache. The
// young generation is small, because a long-running server would otherwise use twice the memory.
import * as module from "node:module";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(`embedded-aws: needs Node.js ${NEEDED} or later, and this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  // Not Node's default cache in the machine's folder for temporary files: cached code is executed, and any user can create
  // that folder first.
  module.enableCompileCache(fileURLToPath(new URL("../.cache/embedded-aws/compiled", import.meta.url)));
  await import("./main.ts");
}
