import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { Step } from "../step.ts";

/** What is needed to take what Slack says: it is written down, and handed on. */
export type DoorStep = Pick<
  Step<"RESOLVE_APPROVAL_FUNCTION" | "ROLL_BACK_FROM_SLACK_FUNCTION", { readonly functions: LambdaClient }>,
  "ledger" | "clients" | "settings" | "now"
>;
