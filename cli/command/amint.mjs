#!/usr/bin/env -S node --max-semi-space-size=8
// The way in, in JavaScript: what is cached of the TypeScript behind it spares loading the compiler. The young
// generation is kept small, because a server that is left running would else hold four times the memory it uses.
import * as module from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WANTED = 24;

if (Number.parseInt(process.versions.node, 10) < WANTED) {
  process.stderr.write(
    `amint: needs Node ${WANTED} or newer, and this is ${process.version}. Run \`npm install node@${WANTED}\` in your project, then \`npx amint\`.\n`,
  );
  process.exitCode = 1;
} else {
  // Not Node's own choice, which is below the machine's folder for temporary files: what is cached runs, and any user can
  // make that folder first.
  const [project, packaged] = fileURLToPath(import.meta.url).split(/(?=[\\/]node_modules[\\/])/);
  const root = packaged ? project : fileURLToPath(new URL("../..", import.meta.url));
  module.enableCompileCache(join(root, "node_modules/.cache/amint/compiled"));
  const { start } = await import("./program.ts");
  await start();
}
