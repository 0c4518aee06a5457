// Installs what is missing before `npm start`, `npm test` and the other scripts, so that each works as the first
// command in a fresh clone. Runs on the machine's own Node (20 on), before anything is installed.
// npm writes node_modules/.package-lock.json last: it marks a finished install.
import { spawn } from "node:child_process";
import { statSync } from "node:fs";

const changedAt = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const installed = changedAt("node_modules/.package-lock.json");
const stale = installed < changedAt("package-lock.json") || changedAt("node_modules/node/bin/node") === 0;
if (stale) {
  process.stderr.write("Installing what package-lock.json lists (once; about half a minute) ...\n");
  let interrupted = false;
  let npm;
  // Before npm starts: otherwise a Ctrl-C in between would leave npm running.
  process.on("SIGINT", () => {
    interrupted = true;
    npm?.kill("SIGINT");
  });
  npm = spawn("npm", ["ci", "--loglevel=error"], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  npm.on("close", (status) => {
    // Without the file that npm writes last, the next command installs everything again.
    if (interrupted) process.stderr.write("Interrupted: the next command installs again.\n");
    process.exit(interrupted ? 130 : (status ?? 1));
  });
}
