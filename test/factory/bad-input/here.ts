import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { run } from "../../../cli/command/program.ts";
import { root } from "../../../stacks/blueprint/project.ts";
import type { Ended } from "../../world/running-factory.ts";
import { withEnv } from "../../world/with-env.ts";

/** An environment without credentials or other settings of AWS clients. */
export const withoutAws = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AMINT_DEBUG: undefined,
} satisfies NodeJS.ProcessEnv;

/** Runs a command in this process, with its output kept. */
export async function amintHere(argv: readonly string[], env: NodeJS.ProcessEnv = withoutAws): Promise<Ended> {
  withEnv(env);
  const { stdout, stderr, exitCode } = process;
  const writes = [stdout.write, stderr.write] as const;
  const written = { stdout: "", stderr: "" };
  const keep = (name: keyof typeof written) => (chunk: string | Uint8Array) => {
    written[name] += String(chunk);
    return true;
  };
  stdout.write = keep("stdout");
  stderr.write = keep("stderr");
  process.exitCode = 0;
  try {
    await run(argv);
    return { code: Number(process.exitCode), ...written };
  } finally {
    [stdout.write, stderr.write] = writes;
    process.exitCode = exitCode;
  }
}

export const linesOf = (stderr: string): string[] => stderr.trimEnd().split("\n");

/** Lines to compare with: regular expressions match. */
export const like = (lines: readonly (string | RegExp)[]): string[] =>
  lines.map((line) => (typeof line === "string" ? line : expect.stringMatching(line)));

/** A project's folder, with its slash; it is removed after the test. @param files by their paths */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "amint-project-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return `${folder}/`;
}

export const smoke = `schemaVersion: 1.0
phases:
  - name: test
    steps:
      - name: Smoke
        action: ExecuteBash
        inputs:
          commands: ["true"]
`;

/** A sound factory of one image, as the object that `defineFactory` takes. */
export const sound = {
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
  images: {
    base: {
      os: "al2023",
      architecture: "x86_64",
      parent: { ssm: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      components: ["amint:update-al2023"],
      tests: ["smoke.yaml"],
      gate: { cve: { critical: 0, count: "fixable" } },
      channels: [{ name: "stable", share: { organization: true } }],
    },
  },
};

/** The text of a config with that object. */
export const configOf = (factory: object): string =>
  [
    `import { defineFactory } from "${root}core/factory/define-factory.ts";`,
    `export default defineFactory(${JSON.stringify(factory)} as never);`,
  ].join("\n");

/** `amint validate` on a project with a config, a sound test and these files. @returns its end, with paths in the project */
export async function validated(
  config: string | undefined,
  files: Readonly<Record<string, string>> = {},
  { args = ["--offline"], env = withoutAws }: { args?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const all = { ...(config !== undefined && { "factory.config.ts": config }), "smoke.yaml": smoke, ...files };
  const folder = await projectWith(all);
  const ended = await amintHere(["validate", ...args, "--config", `${folder}factory.config.ts`], env);
  return { ...ended, stdout: ended.stdout.replaceAll(folder, "") };
}
