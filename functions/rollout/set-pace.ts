import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { endCloseCount, startCloseCount } from "../../adapters/rollout/close-count.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import { isCountedClosely } from "../../core/rollout/exposure.ts";
import type { Invocation } from "../invocation.ts";

export const closeCountEnv = ["SCHEDULE_GROUP", "SCHEDULE_ROLE_ARN", "WATCH_EXPOSURE_ARN", "DEAD_LETTERS_ARN"] as const;

/**
 * Starts the schedule of close counts when a clock needs them, and ends it, when it invokes the function, once none
 * does. A schedule that was lost, or ended by mistake, starts again within the hour.
 * @param clocks those that still run
 */
export async function setPace(
  clocks: readonly Clock[],
  closely: boolean,
  { client, settings: { env }, now }: Pick<Invocation<(typeof closeCountEnv)[number]>, "client" | "settings" | "now">,
): Promise<void> {
  const needed = clocks.some((clock) => isCountedClosely(clock, now));
  const to = {
    group: env.SCHEDULE_GROUP,
    functionArn: env.WATCH_EXPOSURE_ARN,
    roleArn: env.SCHEDULE_ROLE_ARN,
    deadLettersArn: env.DEAD_LETTERS_ARN,
  };
  if (needed && !closely) await startCloseCount(client(SchedulerClient), to, now);
  if (!needed && closely) await endCloseCount(client(SchedulerClient), to);
}
