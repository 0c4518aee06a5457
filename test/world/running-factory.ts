import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InstancePlan } from "embedded-aws/instances";
import { onTestFinished } from "vitest";
import { monthOfInstances } from "../../demo/instances.ts";
import factory from "../../factory.config.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { type Deployed, deployed } from "./deployed.ts";

export const checkout = fileURLToPath(new URL("../..", import.meta.url));
export const account = "111122223333";

/** Whether CloudTrail reports what changes. */
export type Trail = "organization" | "none";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Standard output so far. */
  printed(): string;
  /** Resolves once this has been printed; fails if the command ends first. */
  said(text: string): Promise<void>;
}

export interface FactoryOnAPort extends Deployed {
  /** How any client finds it: what packages/embedded-aws/README.md says to export. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts a command of the real CLI. */
  amint(...args: string[]): Command;
  /** Waits for an event without advancing time. */
  told(detailType: string): Promise<void>;
  /** Advances time as needed until the command ends. */
  racing<T>(work: Promise<T>): Promise<T>;
}

/**
 * The example factory on a separate port, for commands in other processes. Time stands still until released.
 * @param trail `none`: the same factory with `cloudTrail: "none"`, in an organization without a trail
 */
export async function startFactory(
  plan: InstancePlan = {},
  { trail = "organization" }: { readonly trail?: Trail | undefined } = {},
): Promise<FactoryOnAPort> {
  const running = await deployed({
    factory: { ...factory, cloudTrail: trail },
    ...(trail === "none" && {
      program: programOf(findProject(join(checkout, "test/repair/fixtures/without-trail.ts"))),
    }),
    port: 0,
    plan: { ...monthOfInstances, ...plan, step: (step) => plan.step?.(step) ?? monthOfInstances.step?.(step) },
  });
  const env = {
    PATH: `${checkout}node_modules/.bin:${process.env.PATH}`,
    HOME: process.env.HOME,
    AWS_ENDPOINT_URL: running.options.endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "any",
  };
  return {
    ...running,
    env,
    amint: (...args) => start(process.execPath, ["cli/command/amint.mjs", ...args], env),
    async told(detailType) {
      while (!running.events.some((event) => event.detailType === detailType)) await shortly();
    },
    async racing(work) {
      const stop = running.clock.race();
      try {
        return await work;
      } finally {
        stop();
        await running.clock.settle();
      }
    },
  };
}

/** A process in the checkout, with its output kept. */
export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd = checkout): Command {
  const child = spawn(command, args, { cwd, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk));
  const ended: Promise<Ended> = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  return {
    child,
    ended,
    printed: () => stdout,
    async said(text) {
      const latest = performance.now() + 300_000;
      while (!stdout.includes(text)) {
        const hasEnded = child.exitCode !== null || child.signalCode !== null;
        if (hasEnded || performance.now() > latest)
          throw new Error(`It ${hasEnded ? "ended" : "ran for five minutes"} without "${text}":\n${stdout}${stderr}`);
        await shortly();
      }
    },
  };
}

const shortly = () => new Promise((resolve) => setTimeout(resolve, 10));
