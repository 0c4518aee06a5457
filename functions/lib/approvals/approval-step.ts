import type { SFNClient } from "@aws-sdk/client-sfn";
import type { Step } from "../step.ts";

/** What every part of approving is given. */
export type ApprovalStep = Step<never, { readonly promotions: SFNClient }>;
