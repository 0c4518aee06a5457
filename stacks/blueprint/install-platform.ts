import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platform, root, scratch, stage } from "./places.ts";

/** The Pulumi engine that SST 4.17.1 asks for. Another SST asks for another one, and then says which. */
const ENGINE = "v3.215.0";

/**
 * Fetches SST's platform and the providers from npm, once for each version of SST (about 45 seconds).
 * @throws Error with SST's own output
 */
export function installPlatform(): void {
  if (isInstalled()) return;
  process.stderr.write("Fetching SST's platform (once; about 45 seconds) ...\n");
  const { status, error, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules", "sst", "bin", "sst.mjs"), "install"],
    { cwd: root, encoding: "utf8", env: { ...process.env, ...offlineEnvironment() } },
  );
  if (status !== 0) {
    throw new Error(`"sst install" failed: ${error?.message ?? ""}${stdout}${stderr}`.trim());
  }
}

/** npm writes that file last: it marks a finished install. */
const isInstalled = (): boolean =>
  existsSync(join(platform, "node_modules", ".package-lock.json")) &&
  existsSync(join(platform, "node_modules", "@pulumi", "aws", "package.json")) &&
  // The types of every provider that the program names.
  readFileSync(join(platform, "config.d.ts"), "utf8").includes("@pulumi/random") &&
  readFileSync(join(platform, "version"), "utf8").trim() === wantedVersion();

const wantedVersion = (): string =>
  JSON.parse(readFileSync(join(root, "node_modules", "sst", "package.json"), "utf8")).version;

/**
 * SST insists on a Pulumi engine before it installs. Evaluating needs none, so a stand-in that knows its version
 * stands in a configuration folder of its own, where no deployment ever looks.
 */
function offlineEnvironment(): NodeJS.ProcessEnv {
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
