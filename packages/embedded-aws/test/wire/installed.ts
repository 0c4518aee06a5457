import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { test } from "vitest";

const run = promisify(execFile);

/** Every program of that name on the PATH, each once, whichever way it is linked there. */
export function installed(name: string): string[] {
  const found = new Map<string, string>();
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      const real = realpathSync(path);
      if (!found.has(real)) found.set(real, path);
    } catch {
      // Not here.
    }
  }
  return [...found.values()];
}

/** Whether the program answers these arguments without an error. */
export const answers = (program: string, ...args: string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  );

/** Reports that a suite was skipped, and what it needs to run, in the report and the log. */
export function skipMissing(program: string, debianPackage: string): void {
  const message = `${program} is not installed: nothing of it was tried (Debian: apt-get install ${debianPackage})`;
  console.warn(message);
  // It counts as skipped, not as passed.
  test(message, ({ skip }) => skip(message));
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a program that calls an endpoint as an account, without the machine's AWS configuration. */
export const environment = (endpoint: string, account: string) => ({
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: "any",
  AWS_DEFAULT_REGION: "eu-west-1",
  AWS_ENDPOINT_URL: endpoint,
  AWS_MAX_ATTEMPTS: "1",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_PAGER: "",
});

/** Runs a program against an endpoint as an account. */
export function runAs(program: string, args: string[], endpoint: string, account: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { env: environment(endpoint, account) }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr });
    });
  });
}
