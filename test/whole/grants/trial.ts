import type { Blueprint } from "embedded-aws/deploy";
import { onDenied } from "embedded-aws/iam";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import type { Scenario } from "./scenario.ts";

/** EventBridge Scheduler's words, which name no role: only one of its roles is without its trust policy. */
export const isAboutAssuming = (text: string): boolean => text.includes("EventBridge Scheduler to assume the role");

/** The result of a scenario on a blueprint. */
export interface Outcome {
  /** IAM's refusals beyond those that the scenario expects on every blueprint, and services' refusals of a role. */
  readonly refusals: readonly string[];
  /** Why the blueprint did not deploy, and why builds failed, in the services' words. */
  readonly failures: readonly string[];
  /** The faults that the scenario's check finds. */
  readonly faults: readonly string[];
}

/**
 * Runs a scenario until a permanent fault is found.
 * @param enough when such a fault ends it; default: from the first refusal on
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
  // A service that receives a role later than the deployment refuses it in its own words.
  running.booted.aws.observeCalls((_, answer) =>
    answer.catch((error) => {
      if (isAboutAssuming(String(error))) refusals.push(String(error));
    }),
  );
  try {
    const faults = await scenario.live(running, blueprint, () => enough(refusals));
    return { refusals, failures: reasonsOfFailedBuilds(running), faults };
  } catch (error) {
    // The scenario could not continue, which counts as noticed.
    return { refusals, failures: reasonsOfFailedBuilds(running), faults: [`it cannot continue: ${error}`] };
  } finally {
    await running.close();
  }
}

const reasonsOfFailedBuilds = ({ events }: RunningFactory): string[] =>
  events.filter(({ detailType }) => detailType === "build.failed").map(({ detail }) => JSON.stringify(detail.failure));
