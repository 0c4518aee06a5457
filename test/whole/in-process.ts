import { readBlueprint } from "../../cli/command/blueprint.ts";
import { busName } from "../../core/names.ts";
import { bootFactory, type FactoryOptions, type RunningFactory } from "../../demo/boot-factory.ts";
import { monthOfInstances } from "../../demo/instances.ts";
import factory from "../../factory.config.ts";
import { watchBus } from "../../local/services/events/watch.ts";
import type { InstancePlan } from "../../local/services/imagebuilder/simulation.ts";

export const account = "111122223333";
export const begin = Date.UTC(2026, 3, 1, 8);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface InProcessFactory extends RunningFactory {
  /** Every event on the factory's bus and on the default ones, as it was put: JSON, with ids and times. */
  readonly log: string[];
}

/** The example factory with its functions in this thread. Whoever starts it closes it. */
export async function startInProcess(
  plan: InstancePlan = monthOfInstances,
  given: Pick<FactoryOptions, "repository"> = {},
): Promise<InProcessFactory> {
  const blueprint = await readBlueprint();
  const running = await bootFactory({ factory, blueprint, functions: "in-process", begin, plan, ...given });
  const log: string[] = [];
  const keep = (event: object) => log.push(JSON.stringify(event));
  const { aws } = running.booted;
  for (const region of factory.regions) watchBus(aws, account, region, "default", keep);
  watchBus(aws, account, factory.buildRegion, busName(factory.name), keep);
  return { ...running, log };
}

/** Lets time pass up to so many days after the beginning. */
export const liveUntilDay = ({ clock }: RunningFactory, day: number): Promise<void> =>
  clock.runUntil(begin + day * DAY);

export const request = ({ send }: RunningFactory, image: string): Promise<void> =>
  send("start-build", { trigger: "manual", image, requestedBy: "ada" });
