#!/usr/bin/env -S node --max-semi-space-size=8
// The way in, in JavaScript: what is cached of the modules behind it spares compiling them. The young generation is kept
// small, because a server that is left running would else hold twice the memory it uses.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./main.ts");
