import * as z from "zod";
import type { WorkflowStep } from "../workflow-steps.ts";

const instanceRun = z.object({
  workflow: z.enum(["build", "test"]),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});

/** The time in which Image Builder had an instance for one of its workflows. */
export type InstanceRun = z.output<typeof instanceRun>;

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
