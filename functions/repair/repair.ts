import type { ImageState } from "../../adapters/build/image-state.ts";
import { putEvent } from "../../adapters/bus.ts";
import { driftRepaired } from "../../events/repair.ts";
import type { Invocation } from "../invocation.ts";

/** The functions that `reconcile` invokes or waits for, and the promotions that it reads. */
export const repairEnv = [
  "START_BUILD_FUNCTION",
  "RECORD_BUILD_FUNCTION",
  "RESOLVE_APPROVAL_FUNCTION",
  "AWAITED_REVOKE_BUILD",
  "AWAITED_RESTORE_BUILD",
  "AWAITED_UNDO_PROMOTION",
  "FOLLOW_ORGANIZATION_FUNCTION",
  "START_ROLL_OUT_FUNCTION",
  "WATCH_EXPOSURE_FUNCTION",
  "PROMOTION_ARN",
  "KEY_ARNS",
] as const;

export type RepairInvocation = Invocation<(typeof repairEnv)[number]>;

/** Each image's state when `reconcile` began. */
export type States = ReadonlyMap<string, ImageState>;

/** Publishes what a lost event or a crash had left unfinished. */
export const report = ({ bus }: Pick<RepairInvocation, "bus">, image: string, repair: string): Promise<void> =>
  putEvent(bus, driftRepaired, { image, repair });
