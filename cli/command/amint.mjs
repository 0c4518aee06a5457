#!/usr/bin/env -S node --max-semi-space-size=8
// The entry point, in JavaScript: the compile cache of the TypeScript files avoids loading the compiler. The young generation
// is small, because a long-running server would otherwise hold four times the memory that it uses.
import * as module from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WANTED = 24;

if (Number.parseInt(process.versions.node, 10) < WANTED) {
  process.stderr.write(
    `amint: Node ${WANTED} or newer is required, found ${process.version}. Run \`npm install node@${WANTED}\` in your project, then \`npx amint\`.\n`,
  );
  process.exitCode = 1;
} else {
  // Not Node's default, which is in the system's temporary folder: cached code is executed, and any user could create that
  // folder first.
  const [project, packaged] = fileURLToPath(import.meta.url).split(/(?=[\\/]node_modules[\\/])/);
  const root = packaged ? project : fileURLToPath(new URL("../..", import.meta.url));
  module.enableCompileCache(join(root, "node_modules/.cache/amint/compiled"));
  const { start } = await import("./program.ts");
  await start();
}
