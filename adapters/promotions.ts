import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { promotionExecutionName } from "../core/build-arn.ts";
import type { BuildArn } from "../events/ids.ts";

/** Starts a build's promotion; one that was started before, running or ended, is left alone. */
export async function startPromotion(
  client: SFNClient,
  stateMachineArn: string,
  input: { build: BuildArn; image: string },
): Promise<void> {
  try {
    await client.send(
      new StartExecutionCommand({
        stateMachineArn,
        name: promotionExecutionName(input.build),
        input: JSON.stringify(input),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}
