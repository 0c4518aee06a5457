import type { Blueprint } from "embedded-aws/deploy";
import { onDenied } from "embedded-aws/iam";
import type { RunningFactory } from "../../../cli/try/boot-factory.ts";
import type { Scenario } from "./scenario.ts";

/** What became of a scenario on a blueprint. */
export interface Outcome {
  /** What IAM refused and the scenario does not refuse on every blueprint, in its words. */
  readonly refusals: readonly string[];
  /** Why the blueprint did not deploy, and why builds failed: services refuse in words of their own. */
  readonly failures: readonly string[];
  /** What the scenario's own check finds wrong. */
  readonly faults: readonly string[];
}

/**
 * Lives through a scenario; only as long as it takes until a fault lasts.
 * @param enough from when on such a fault ends it: from the first refusal on, unless said
 */
export async function tryOut(
  scenario: Scenario,
  blueprint: Blueprint,
  enough: (refusals: readonly string[]) => boolean = ({ length }) => length > 0,
): Promise<Outcome> {
  let running: RunningFactory;
  try {
    running = await scenario.start(blueprint);
  } catch (error) {
    const failure = String(error);
    return { refusals: [], failures: [failure], faults: [`the blueprint does not deploy: ${failure}`] };
  }
  const refusals: string[] = [];
  onDenied(running.booted.aws, (denied) => {
    if (!scenario.alwaysRefuses?.(denied, running)) refusals.push(denied.message);
  });
  try {
    const faults = await scenario.live(running, blueprint, () => enough(refusals));
    return { refusals, failures: reasonsOfFailedBuilds(running), faults };
  } catch (error) {
    // Whoever lives through it could not go on: nobody overlooks that.
    return { refusals, failures: reasonsOfFailedBuilds(running), faults: [`it cannot go on: ${error}`] };
  } finally {
    await running.close();
  }
}

const reasonsOfFailedBuilds = ({ events }: RunningFactory): string[] =>
  events.filter(({ detailType }) => detailType === "build.failed").map(({ detail }) => JSON.stringify(detail.failure));
