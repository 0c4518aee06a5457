#!/usr/bin/env -S node --max-semi-space-size=8
// The way in, in JavaScript: what is cached of the modules behind it spares compiling them. The young generation is kept
// small, because a server that is left running would else hold twice the memory it uses.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Not Node's own choice, which is below the machine's folder for temporary files: what is cached runs, and any user can
// make that folder first.
enableCompileCache(fileURLToPath(new URL("../.cache/embedded-aws/compiled", import.meta.url)));
await import("./main.ts");
