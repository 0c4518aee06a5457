import { readBlueprint } from "../../cli/blueprint.ts";
import { bootFactory, type RunningFactory } from "../../cli/month/boot-factory.ts";
import { monthOfInstances } from "../../cli/month/instances.ts";
import { busName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { watchBus } from "../../local/services/events/watch.ts";

export const account = "111122223333";
export const begin = Date.UTC(2026, 3, 1, 8);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface InProcessFactory extends RunningFactory {
  /** Every event on the factory's bus and on the default ones, as it was put: JSON, with ids and times. */
  readonly log: string[];
}

/** The example factory with its functions in this thread, and the month's instances. Whoever starts it closes it. */
export async function startInProcess(): Promise<InProcessFactory> {
  const blueprint = await readBlueprint();
  const running = await bootFactory({ factory, blueprint, functions: "in-process", begin, plan: monthOfInstances });
  const log: string[] = [];
  const { aws } = running.booted;
  for (const region of factory.regions) watchBus(aws, account, region, "default", (event) => log.push(JSON.stringify(event)));
  watchBus(aws, account, factory.buildRegion, busName(factory.name), (event) => log.push(JSON.stringify(event)));
  return { ...running, log };
}

/** What people ask for in the first days, and then `days` of factory time. */
export async function live({ clock, send }: RunningFactory, days: number): Promise<void> {
  await send("start-build", { trigger: "manual", image: "al2023-base", requestedBy: "ada" });
  await send("start-build", { trigger: "manual", image: "ubuntu-2404-base", requestedBy: "ada" });
  await clock.runUntil(begin + days * DAY);
}
