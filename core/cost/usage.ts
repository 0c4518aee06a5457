import * as z from "zod";
import type { WorkflowStep } from "../build/workflow-steps.ts";

/** An AMI of an image's build, as EC2 tells of it. */
export interface StoredAmi {
  /** Left out where its tag names no image. */
  readonly image: string | undefined;
  readonly region: string;
  readonly amiId: string;
  readonly createdAt: string;
  /** All that its snapshots hold, in GiB; undefined where EC2 does not say. */
  readonly gib: number | undefined;
}

/** A container image of an image's build in one of the factory's repositories. */
export interface StoredContainer {
  readonly image: string;
  readonly region: string;
  readonly repository: string;
  readonly pushedAt: string;
  /** Compressed, with all of its layers, in GiB. */
  readonly gib: number;
  /** It came from the build region; what lies in a channel's repository came from the same region's builds. */
  readonly copied: boolean;
}

/** The instances of a build; undefined where neither the ledger nor Image Builder knows of them. */
export interface BuildUsage {
  readonly image: string;
  readonly build: string;
  readonly instances: BuildInstances | undefined;
  /** The volume that its instances have, in GiB; undefined of an image that the config has no more. */
  readonly volumeGiB: number | undefined;
}

/** What the factory used in a month, counted. What is undefined was not counted, and `notCounted` says why. */
export interface Usage {
  /** Builds that ran within the month. */
  readonly builds: readonly BuildUsage[];
  /** Every AMI there is now, however old. */
  readonly amis: readonly StoredAmi[];
  /** Every container image there is now; left out where the factory makes none. */
  readonly containers?: readonly StoredContainer[];
  /** State transitions of promotions, by image. */
  readonly transitions: Readonly<Record<string, number>> | undefined;
  /** All functions together; what ran on each architecture. */
  readonly lambda: readonly LambdaUsage[] | undefined;
  /** Request units of the ledger's table. */
  readonly dynamodb: { readonly reads: number; readonly writes: number } | undefined;
  /** In sentences for people. */
  readonly notCounted: readonly string[];
}

export interface LambdaUsage {
  readonly architecture: "arm64" | "x86_64";
  readonly invocations: number;
  readonly gbSeconds: number;
}

/** Storage that a retirement plan would free: a month without it is what the plan saves. */
export interface FreedStorage {
  readonly image: string;
  readonly region: string;
  readonly gib: number;
}

const instanceRun = z.object({
  workflow: z.enum(["build", "test"]),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});

/** The time in which Image Builder had an instance for one of its workflows. */
type InstanceRun = z.output<typeof instanceRun>;

/** What a build ran on, and when. */
export const buildInstances = z.object({
  /** Types that Image Builder may take, in their order; which one it took, it does not say. */
  types: z.array(z.string()),
  runs: z.array(instanceRun),
});

export type BuildInstances = z.output<typeof buildInstances>;

const WORKFLOWS = { BUILD: "build", TEST: "test" } as const;

/**
 * Instances from their launch to their end, as the steps of Image Builder's workflows say. Where a failure left no step
 * that terminates, the instance counts up to the end of the last step: Image Builder terminates it then.
 */
export function instanceRuns(steps: readonly WorkflowStep[]): InstanceRun[] {
  const runs: { workflow: InstanceRun["workflow"]; from: string; to: string; ended: boolean }[] = [];
  for (const { workflow: type, action, startedAt, endedAt } of steps) {
    const workflow = WORKFLOWS[type as keyof typeof WORKFLOWS];
    const from = toTime(startedAt);
    if (!workflow || !from) continue;
    const to = toTime(endedAt) ?? from;
    if (action === "LaunchInstance") runs.push({ workflow, from, to, ended: false });
    const run = runs.findLast((one) => one.workflow === workflow && !one.ended);
    if (!run) continue;
    if (to > run.to) run.to = to;
    run.ended = action === "TerminateInstance";
  }
  return runs.map(({ workflow, from, to }) => ({ workflow, from, to }));
}

function toTime(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
