import { watchBus } from "embedded-aws";
import type { InstancePlan } from "embedded-aws/instances";
import { busName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import type { FactoryOptions, RunningFactory } from "../../local/boot/boot-factory.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { BEGIN, DAY } from "../world/time.ts";

export const account = "111122223333";

export interface InProcessFactory extends Deployed {
  /** Every event on the factory's bus and the default buses, as sent: JSON, with ids and times. */
  readonly log: string[];
}

/** The example factory with its functions in this thread, unless they shall run in workers. The caller closes it. */
export async function startInProcess(
  plan?: InstancePlan,
  given: Partial<Pick<FactoryOptions, "publications" | "functions" | "port">> = {},
): Promise<InProcessFactory> {
  const running = await startDeployed({ ...(plan && { plan }), ...given });
  const log: string[] = [];
  const keep = (event: object) => log.push(JSON.stringify(event));
  const { aws } = running.booted;
  for (const region of factory.regions) watchBus(aws, account, region, "default", keep);
  watchBus(aws, account, factory.buildRegion, busName(factory.name), keep);
  return { ...running, log };
}

/** Advances time to this many days after the beginning. */
export const liveUntilDay = ({ clock }: RunningFactory, day: number): Promise<void> =>
  clock.runUntil(BEGIN + day * DAY);
