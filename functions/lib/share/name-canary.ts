import * as z from "zod";
import { canaryName } from "../../../core/share/canary-name.ts";
import type { PlannedCanary } from "../../../core/share/plan-verification.ts";
import type { AmiId, BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

/** A canary, as the state machine hands it from state to state. */
export const canary = z.object({
  /** Of everything that belongs to it. */
  name: z.string().min(1),
  account: z.string(),
  instanceType: z.string(),
  autoScaling: z.boolean(),
  subnet: z.string().exactOptional(),
  /** From then on whatever is left of it is removed by whoever finds it. */
  expires: z.iso.datetime(),
});
export type Canary = z.output<typeof canary>;

/** It runs for minutes; a promotion that crashes leaves it standing. */
const LIFE_MS = 2 * 3_600_000;

interface Launched {
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
  readonly amiId: AmiId;
}

/** A name of its own for each time that it is tried: EC2 answers a name that it knows with the instance of that time. */
export function toCanary(at: Launched, planned: PlannedCanary, { settings, now, requestId }: Step): Canary {
  const trial = [at.build, at.channel, at.region, at.amiId, now.toISOString(), requestId];
  return {
    name: canaryName(settings.factory.name, trial),
    ...planned,
    expires: new Date(now.getTime() + LIFE_MS).toISOString(),
  };
}
