import { execFile } from "node:child_process";
import { accessSync, constants, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

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

/** The same, for a suite that runs with each: where there is none, its tests are there to be skipped. */
export function programs(name: string): string[] {
  const found = installed(name);
  return found.length > 0 ? found : [name];
}

/** Those that run these arguments without an error. */
export async function programsThat(name: string, ...args: string[]): Promise<string[]> {
  const found = installed(name);
  const ended = await Promise.allSettled(found.map((path) => run(path, args)));
  const able = found.filter((_, at) => ended[at]?.status === "fulfilled");
  return able.length > 0 ? able : [name];
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
