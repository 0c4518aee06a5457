import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../adapters/functions.ts";
import { listOpenClocks } from "../../adapters/rollout/exposures.ts";
import { isRolloutLeft } from "../../core/rollout/records.ts";
import type { Hour } from "./read-hour.ts";
import type { RepairInvocation } from "./repair.ts";
import type { Followed } from "./while-announced.ts";

/** Starts roll-outs whose event was lost, and continues those that have not ended: their execution may have failed. */
export async function followRollouts(
  { rollouts, states }: Hour,
  { client, settings }: RepairInvocation,
): Promise<number> {
  for (const { image, channel, record } of rollouts) {
    if (!isRolloutLeft(record, states.get(image)?.channels[channel])) continue;
    await invokeLater(client(LambdaClient), settings.env.START_ROLL_OUT_FUNCTION, { image, channel });
  }
  return 0;
}

/** Counts the instances that still have an advisory, while any clock runs. */
export async function followExposure({ ledger, client, settings, now }: RepairInvocation): Promise<Followed> {
  const open = (await listOpenClocks(ledger)).length > 0;
  const asked = { scheduledTime: now.toISOString() };
  if (open) await invokeLater(client(LambdaClient), settings.env.WATCH_EXPOSURE_FUNCTION, asked);
  return { repaired: 0, open };
}
