#!/usr/bin/env -S node --max-semi-space-size=8
// The way in, in JavaScript: what is cached of the TypeScript behind it spares loading the compiler. The young
// generation is kept small, because a server that is left running would else hold four times the memory it uses.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./program.ts");
