#!/usr/bin/env node
// Runs on the Node that the machine has (20 on): the project that it writes brings its own.
await import("./src/main.ts");
