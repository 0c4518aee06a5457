import type { Blueprint } from "embedded-aws/deploy";
import { onDenied } from "embedded-aws/iam";
import { type Grant, withoutAll } from "./grant.ts";
import { grantAfterFailure } from "./granted-after-failure.ts";
import { refusalNaming } from "./named.ts";
import type { Scenario } from "./scenario.ts";

/**
 * - `function`: of a function's role, for its own requests.
 * - `log`: of a function's role, for its log.
 * - `destination`: of a function's role, to park events that it could not handle.
 * - `parked schedule`: of a schedule's role, to park what it could not deliver.
 * - `parked event`: of a queue, for the rules that park events in it.
 */
export type Kind = "function" | "log" | "destination" | "parked schedule" | "parked event";

/** Undefined: a fault cannot be attributed to such a grant if others are missing, too. */
export function kindOf({ kind, holder, action }: Grant, { resources }: Blueprint): Kind | undefined {
  const isOfFunction = resources.some(
    ({ type, inputs }) =>
      type === "aws:lambda/function:Function" && String(inputs.role).endsWith(`:role/${holder.inputs.name}`),
  );
  if (kind === "managed policy") return isOfFunction ? "log" : undefined;
  if (kind === "resource policy") return holder.name.endsWith("DeadLettersPolicy") ? "parked event" : undefined;
  if (kind !== "own policy") return undefined;
  if (isOfFunction) return action === "sqs:SendMessage" ? "destination" : "function";
  return action === "sqs:SendMessage" && holder.name.endsWith("SchedulerRole") ? "parked schedule" : undefined;
}

/** The scenario's fault that only a missing grant of a kind causes. @param resource that the refusal names */
const FAULT: Readonly<Record<Exclude<Kind, "function">, (grant: Grant, resource: string) => RegExp>> = {
  log: ({ holder }) => new RegExp(`^${holder.inputs.name} has no log$`),
  destination: (_, queue) => new RegExp(`^${queue}: InvalidEvent: `),
  "parked schedule": (_, queue) => new RegExp(`^${queue}: ResourceNotFoundException: `),
  "parked event": (_, queue) => new RegExp(`^${queue}: NO_PERMISSIONS: `),
};

/**
 * Lives through a scenario in which many grants are missing at once.
 * @returns the grants that were noticed: refused by name, with a fault that is due to this grant and no other
 */
export async function noticedTogether(
  scenario: Scenario,
  blueprint: Blueprint,
  grants: readonly Grant[],
): Promise<Grant[]> {
  const kinds = new Map(grants.map((grant) => [grant, kindOf(grant, blueprint)]));
  const of = (...some: readonly Kind[]) => grants.filter((grant) => some.some((kind) => kind === kinds.get(grant)));
  const [back, gone] = [of("function"), of("destination")];
  const less = withoutAll(blueprint, of("log", "parked schedule", "parked event"));
  const running = await scenario.start(less);
  try {
    const refusals = new Set<string>();
    onDenied(running.booted.aws, ({ message }) => refusals.add(message));
    const failed = await grantAfterFailure(running, back, gone);
    // What happens no longer follows the scenario: an operator's action may fail.
    const faults = await scenario.live(running, less, () => false).catch((error: unknown) => [String(error)]);
    return grants.filter((grant) => {
      const kind = kinds.get(grant);
      if (kind === undefined || kind === "function") return failed.has(grant);
      const named = [...refusals].flatMap(
        (text) => (refusalNaming(grant, { refusals: [text], failures: [] }) && resourceIn(text)) || [],
      );
      return named.some((resource) => faults.some((fault) => FAULT[kind](grant, resource).test(fault)));
    });
  } finally {
    await running.close();
  }
}

/** The last part of the ARN in a refusal: a queue's name, for example. */
const resourceIn = (refusal: string): string => /on resource: \S*?([^:\s]+) because/.exec(refusal)?.[1] ?? "";
