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
 * Evaluates a project's `sst.config.ts` without an account, in a separate process: Pulumi's mocks are global.
 * @returns the blueprint's text, the same bytes for the same sources; the program's warnings go to standard error
 * @throws FactoryConfigError; Error with the program's standard error if it fails
 */
export const evaluateProgram = async (project: Project = findProject()): Promise<string> =>
  (await bundleProgram(project)).evaluate();

interface BundledProgram {
  /** SHA-256 of all sources. Files that the program reads, such as component documents, are not included. */
  readonly digest: string;
  /** @throws Error as `evaluateProgram` */
  evaluate(): Promise<string>;
}

/** Bundles the program without evaluating it. */
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
  // Stack traces and source maps take nearly half of the time, and only failures need them.
  const { code, out, errors } = fast.code === 0 ? fast : await run("--enable-source-maps");
  if (code !== 0) throw new Error(`sst.config.ts failed with exit code ${code}:\n${errors}`);
  process.stderr.write(errors);
  return out;
}

/** The caller's AWS and SST settings must not affect the blueprint. */
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
