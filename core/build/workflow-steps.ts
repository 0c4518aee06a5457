import type { BuildFailure } from "../../events/build.ts";
import type { Evidence } from "../evidence/evidence.ts";

/** A step of an Image Builder workflow, from ListWorkflowStepExecutions. */
export interface WorkflowStep {
  /** BUILD, TEST or DISTRIBUTION. */
  readonly workflow: string;
  readonly name: string;
  readonly action: string;
  readonly status: string;
  readonly message: string | undefined;
  /** JSON. */
  readonly outputs: string | undefined;
  /** In Image Builder's time format. */
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
}

/** The test workflow's steps that executed components. */
export const testSteps = (steps: readonly WorkflowStep[]): Evidence["tests"] =>
  steps
    .filter(({ workflow, action }) => workflow === "TEST" && action === "ExecuteComponents")
    .map(({ name, status }) => ({ name, status }));

/** The id of the instance that the build workflow launched. The package manifest is named after it. */
export const buildInstanceId = (steps: readonly WorkflowStep[]): string | undefined => instanceOf(steps, "BUILD");

/** The id of the instance that the test workflow launched. The results of tests are named after it. */
export const testInstanceId = (steps: readonly WorkflowStep[]): string | undefined => instanceOf(steps, "TEST");

function instanceOf(steps: readonly WorkflowStep[], wanted: "BUILD" | "TEST"): string | undefined {
  const launch = steps.find(({ workflow, action }) => workflow === wanted && action === "LaunchInstance");
  const outputs: unknown = JSON.parse(launch?.outputs ?? "{}");
  const id =
    typeof outputs === "object" && outputs !== null && "instanceId" in outputs ? outputs.instanceId : undefined;
  return typeof id === "string" ? id : undefined;
}

/** When the last step with an action ended; undefined if none has, or its time cannot be parsed. */
export function stepEnd(steps: readonly WorkflowStep[], workflow: string, action: string): string | undefined {
  const ended = steps.findLast((one) => one.workflow === workflow && one.action === action)?.endedAt;
  const time = Date.parse(ended ?? "");
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/**
 * Why a build failed, from the failed step. Image Builder's message has the component's ARN, and phase and step if it quotes
 * AWSTOE's output.
 */
export function describeFailure(steps: readonly WorkflowStep[], reason: string): BuildFailure {
  const failed = steps.find(({ status }) => status === "FAILED");
  const text = [failed?.message, reason].filter(Boolean).join("\n");
  const said = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const component = said(/:component\/([a-z0-9-]+)/);
  const phase = said(/\bphase[\s:='"]+([A-Za-z][\w-]*)/i);
  const step = said(/\bstep[\s:='"]+([A-Za-z][\w-]*)/i);
  return {
    ...(component && { component }),
    ...(component && phase && { phase }),
    ...(component && step && { step }),
    reason: said(/^ErrorMessage: (.+)$/m) ?? failed?.message ?? reason,
  };
}
