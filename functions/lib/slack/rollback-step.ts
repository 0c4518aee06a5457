import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { RollbackRecord } from "../../../adapters/ledger/rollbacks.ts";
import type { Step } from "../step.ts";

/** What is needed to move a channel back for somebody in Slack. */
export type RollbackStep = Step<
  "AWAITED_ROLL_BACK" | "SLACK_BOT_TOKEN" | "SLACK_API_URL",
  { readonly functions: LambdaClient }
>;

/** What somebody asked for. */
export type AskedFromSlack = Omit<RollbackRecord, "outcome">;
