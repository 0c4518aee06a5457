#!/usr/bin/env node
// Runs on the machine's Node (20 or later); the project that it writes installs its own.
await import("./src/main.ts");
