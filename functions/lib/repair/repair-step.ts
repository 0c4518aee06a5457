import type { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SFNClient } from "@aws-sdk/client-sfn";
import { putEvent } from "../../../adapters/bus.ts";
import type { ImageState } from "../../../adapters/ledger/image-state.ts";
import { driftRepaired } from "../../../events/drift-repaired.ts";
import type { ChannelStep } from "../channels/channel-step.ts";
import type { SharingStep } from "../share/parameter-shares.ts";
import type { Step } from "../step.ts";

/** The functions that `reconcile` hands things to, or waits for, and the promotions that it looks at. */
export const repairEnv = [
  "START_BUILD_FUNCTION",
  "RECORD_BUILD_FUNCTION",
  "RESOLVE_APPROVAL_FUNCTION",
  "AWAITED_REVOKE_BUILD",
  "AWAITED_RESTORE_BUILD",
  "AWAITED_UNDO_PROMOTION",
  "FOLLOW_ORGANIZATION_FUNCTION",
  "PROMOTION_ARN",
  "KEY_ARNS",
] as const;
type Variable = (typeof repairEnv)[number];

/** What is needed to set builds going again. */
export type BuildRepairStep = Step<
  "START_BUILD_FUNCTION" | "RECORD_BUILD_FUNCTION",
  { readonly functions: LambdaClient; readonly imageBuilder: ImagebuilderClient }
>;

/** What is needed for all repairs. */
export type RepairStep = Step<
  Variable,
  BuildRepairStep["clients"] &
    ChannelStep["clients"] &
    SharingStep["clients"] & { readonly promotions: SFNClient; readonly kms: (region: string) => KMSClient }
>;

/** The state of each image, as it was when `reconcile` began. */
export type States = ReadonlyMap<string, ImageState>;

/** Says what a lost event or a crash had left standing. */
export const report = ({ bus }: Pick<RepairStep, "bus">, image: string, repair: string): Promise<void> =>
  putEvent(bus, driftRepaired, { image, repair });
