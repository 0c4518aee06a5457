import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleEvaluator } from "./bundle-evaluator.ts";
import { checkConfig } from "./check-config.ts";
import { installPlatform } from "./install-platform.ts";
import { outputOf } from "./output-of.ts";
import { scratchOf, stage } from "./places.ts";
import { findProject, type Project } from "./project.ts";

/**
 * Evaluates a project's `sst.config.ts` without an account, in a process of its own: Pulumi's mocks are global.
 * @returns the blueprint's text, the same bytes for the same sources; what the program warns of goes to standard error
 * @throws FactoryConfigError; Error with what the program wrote where it ended with an error
 */
export const evaluateProgram = async (project: Project = findProject()): Promise<string> =>
  (await bundleProgram(project)).evaluate();

interface BundledProgram {
  /** Of all sources. What the program reads besides, such as component documents, is not in it. */
  readonly digest: string;
  /** @throws Error as `evaluateProgram` */
  evaluate(): Promise<string>;
}

/** The first part of `evaluateProgram`. */
export async function bundleProgram(project: Project): Promise<BundledProgram> {
  await checkConfig(project.config);
  await installPlatform(project.root);
  const evaluator = await bundleEvaluator(project);
  const digest = createHash("sha256").update(readFileSync(evaluator)).digest("hex");
  return { digest, evaluate: () => evaluate(project, evaluator) };
}

async function evaluate(project: Project, evaluator: string): Promise<string> {
  mkdirSync(scratchOf(project.root), { recursive: true });
  const run = (...flags: string[]) =>
    outputOf(
      spawn(process.execPath, [...flags, evaluator], {
        cwd: project.root,
        env: environment(project),
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
  const fast = await run("--stack-trace-limit=0");
  // Stack traces and source maps take nearly half of the time, and only a failure needs them.
  const { code, out, errors } = fast.code === 0 ? fast : await run("--enable-source-maps");
  if (code !== 0) throw new Error(`The program of sst.config.ts ended with code ${code}:\n${errors}`);
  process.stderr.write(errors);
  return out;
}

/** Nothing of the caller's AWS or SST set-up may show in the blueprint. */
function environment({ root }: Project): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SST|PULUMI)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    SST_STAGE: stage,
    SST_TELEMETRY_DISABLED: "1",
    NO_BUN: "1",
    TZ: "UTC",
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/amint/compiled"),
  };
}
