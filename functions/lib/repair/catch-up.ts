import { SFNClient } from "@aws-sdk/client-sfn";
import { announceWork } from "../../../adapters/ledger/open-work.ts";
import { startCatchUp } from "../../../adapters/promotions.ts";
import { catchUpExecutionName } from "../../../core/build-arn.ts";
import { planCatchUps } from "../../../core/share/plan-catch-up.ts";
import { findStop } from "../channels/find-stop.ts";
import { inTurn } from "./in-turn.ts";
import type { RepairStep, States } from "./repair.ts";

/**
 * Begins to bring up the regions that do not have what a channel points at: those that a promotion left behind, and
 * those that the config has since. Every three hours at most, until they have it, or the channel points elsewhere. Of its
 * success `confirm-channel` tells, as `drift.repaired`.
 * @returns 0: what was begun is no repair yet
 */
export function catchUp(states: States, step: RepairStep): Promise<number> {
  const { factory } = step.settings;
  const repairs = [...states].flatMap(([image, { channels }]) => {
    const config = factory.images[image];
    const plans = config ? planCatchUps(factory, config, channels, step.now) : [];
    return plans.map(
      ({ build, again }) =>
        [
          `regions behind ${build}`,
          async () => {
            // Nobody may have it any more: the channel leaves it.
            if (await findStop(step.ledger, build)) return 0;
            const name = catchUpExecutionName(build, step.now);
            await announceWork(step.ledger, "promotions", step.now.toISOString());
            await startCatchUp(step.client(SFNClient), step.settings.env.PROMOTION_ARN, name, { build, image, again });
            return 0;
          },
        ] as const,
    );
  });
  return inTurn(Object.fromEntries(repairs));
}
