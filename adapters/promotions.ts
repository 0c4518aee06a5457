import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { promotionExecutionName } from "../core/build-arn.ts";
import type { PromotionPlan } from "../core/plan-promotion.ts";
import type { BuildArn } from "../events/ids.ts";

/** Starts a build's promotion; one that was started before, running or ended, is left alone. */
export const startPromotion = (
  client: SFNClient,
  stateMachineArn: string,
  input: { build: BuildArn; image: string },
  attempt?: number,
): Promise<void> => startOnce(client, stateMachineArn, promotionExecutionName(input.build, attempt), input);

/** Starts taking a build to regions that are behind; what was started under that name before is left alone. */
export const startCatchUp = (
  client: SFNClient,
  stateMachineArn: string,
  name: string,
  input: { build: BuildArn; image: string; again: PromotionPlan },
): Promise<void> => startOnce(client, stateMachineArn, name, input);

async function startOnce(client: SFNClient, stateMachineArn: string, name: string, input: object): Promise<void> {
  try {
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
