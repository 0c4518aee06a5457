import * as z from "zod";
import type { WorkflowStep } from "../build/workflow-steps.ts";

/** An AMI of a build, as EC2 describes it. */
export interface StoredAmi {
  /** Undefined if its tag names no image of the factory. */
  readonly image: string | undefined;
  readonly region: string;
  readonly amiId: string;
  readonly createdAt: string;
  /** The full size of its snapshots in GiB; undefined if EC2 does not report it. */
  readonly gib: number | undefined;
}

/** A container image of a build in one of the factory's repositories. */
export interface StoredContainer {
  readonly image: string;
  readonly region: string;
  readonly repository: string;
  readonly pushedAt: string;
  /** Compressed, with all of its layers, in GiB. */
  readonly gib: number;
  /** Whether it was copied from the build region. Images in a channel's repository come from the same region's builds. */
  readonly copied: boolean;
}

/** The instances of a build; undefined if neither the ledger nor Image Builder has them. */
export interface BuildUsage {
  readonly image: string;
  readonly build: string;
  readonly instances: BuildInstances | undefined;
  /** The volume size of its instances, in GiB; undefined if the image is no longer in the config. */
  readonly volumeGiB: number | undefined;
}

/** The factory's usage in a month. Undefined values were not counted; `notCounted` says why. */
export interface Usage {
  /** Builds that ran within the month. */
  readonly builds: readonly BuildUsage[];
  /** All current AMIs, whatever their age. */
  readonly amis: readonly StoredAmi[];
  /** All current container images; absent if the factory builds none. */
  readonly containers?: readonly StoredContainer[];
  /** State transitions of promotions, by image. */
  readonly transitions: Readonly<Record<string, number>> | undefined;
  /** All functions together, by architecture. */
  readonly lambda: readonly LambdaUsage[] | undefined;
  /** Request units of the ledger's table. */
  readonly dynamodb: { readonly reads: number; readonly writes: number } | undefined;
  /** In sentences for readers. */
  readonly notCounted: readonly string[];
}

export interface LambdaUsage {
  readonly architecture: "arm64" | "x86_64";
  readonly invocations: number;
  readonly gbSeconds: number;
}

/** Storage that a retirement plan would free. */
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

/** The time during which an Image Builder workflow ran an instance. */
type InstanceRun = z.output<typeof instanceRun>;

/** The instance types and run times of a build. */
export const buildInstances = z.object({
  /** Types that Image Builder may use, in order of preference; it does not report which one it used. */
  types: z.array(z.string()),
  runs: z.array(instanceRun),
});

export type BuildInstances = z.output<typeof buildInstances>;

const WORKFLOWS = { BUILD: "build", TEST: "test" } as const;

/**
 * The run times of instances, from the steps of Image Builder's workflows. Without a step that terminates the instance,
 * after a failure, it counts to the end of the last step: Image Builder terminates it then.
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
