import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outputOf } from "./output-of.ts";
import { platformOf, scratchOf, stage } from "./places.ts";

/** The Pulumi engine that SST 4.17.1 requires. Other versions of SST name the version that they require. */
const ENGINE = "v3.215.0";

/**
 * Fetches SST's platform and the providers from npm, once per version of SST (about 45 seconds).
 * @throws Error with SST's own output
 */
export async function installPlatform(root: string): Promise<void> {
  if (isPlatformInstalled(root)) return;
  const release = await lock(scratchOf(root));
  try {
    // Another process may have finished the install meanwhile.
    if (!isPlatformInstalled(root)) await install(root);
  } finally {
    release();
  }
}

async function install(root: string): Promise<void> {
  process.stderr.write("Fetching SST's platform (once; about 45 seconds) ...\n");
  // npm would keep a package that an interrupted install left incomplete.
  rmSync(join(platformOf(root), "node_modules"), { recursive: true, force: true, maxRetries: 3 });
  const child = spawn(process.execPath, [join(findSst(root), "bin", "sst.mjs"), "install"], {
    cwd: root,
    env: { ...process.env, ...offlineEnvironment(scratchOf(root)) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { code, out, errors } = await outputOf(child);
  if (code !== 0) throw new Error(`"sst install" failed: ${out}${errors}`.trim());
}

/** Waits until no other process installs: two installs in one folder break each other. @returns a function that unlocks */
async function lock(scratch: string): Promise<() => void> {
  mkdirSync(scratch, { recursive: true });
  const file = join(scratch, "install.lock");
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (isStale(file)) rmSync(file, { force: true });
    else await sleep(200);
  }
}

/** The process that locked no longer runs. An empty file has just been created. */
function isStale(file: string): boolean {
  const owner = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (owner === "") return false;
  try {
    process.kill(Number(owner), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Whether a project has the platform of its version of SST. npm writes `.package-lock.json` last: it marks a finished install. */
export function isPlatformInstalled(root: string): boolean {
  const platform = platformOf(root);
  return (
    existsSync(join(platform, "node_modules", ".package-lock.json")) &&
    existsSync(join(platform, "node_modules", "@pulumi", "aws", "package.json")) &&
    // The types of every provider that the program uses.
    readFileSync(join(platform, "config.d.ts"), "utf8").includes("@pulumi/random") &&
    readFileSync(join(platform, "version"), "utf8").trim() === versionOf(findSst(root))
  );
}

const versionOf = (sst: string): string => JSON.parse(readFileSync(join(sst, "package.json"), "utf8")).version;

/** The folder of the package `sst` that the project uses. */
const findSst = (root: string): string => join(dirname(createRequire(join(root, "package.json")).resolve("sst")), "..");

/**
 * SST requires a Pulumi engine before it installs. Evaluation does not, so a stub that prints the version is put in a
 * separate configuration folder, which deployments do not use.
 */
function offlineEnvironment(scratch: string): NodeJS.ProcessEnv {
  const folder = join(scratch, "config", "sst", "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n[ "$1" = version ] && echo ${ENGINE}\n`, { mode: 0o755 });
  return {
    XDG_CONFIG_HOME: join(scratch, "config"),
    NO_BUN: "1",
    SST_STAGE: stage,
    SST_TELEMETRY_DISABLED: "1",
  };
}
