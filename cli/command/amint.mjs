#!/usr/bin/env -S node --max-semi-space-size=8
// The way in, in JavaScript: what is cached of the TypeScript behind it spares loading the compiler. The young
// generation is kept small, because a server that is left running would else hold four times the memory it uses.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Not Node's own choice, which is below the machine's folder for temporary files: what is cached runs, and any user can
// make that folder first.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/amint/compiled", import.meta.url)));
await import("./program.ts");
