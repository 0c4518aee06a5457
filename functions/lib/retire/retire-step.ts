import type { SFNClient } from "@aws-sdk/client-sfn";
import type { ArtifactStep } from "../channels/channel-step.ts";
import type { Step } from "../step.ts";

/** What is needed to retire builds. */
export type RetireStep = Step<"PROMOTION_ARN", ArtifactStep["clients"] & { readonly promotions: SFNClient }>;
