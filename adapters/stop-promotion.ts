import { ExecutionDoesNotExist, type SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { promotionExecutionName } from "../core/build-arn.ts";
import { type Place, promotionName } from "../core/names.ts";
import type { BuildArn } from "../events/ids.ts";

/** A promotion's execution, by its build. */
const executionArn = ({ partition, region, account }: Place, factory: string, build: BuildArn): string =>
  `arn:${partition}:states:${region}:${account}:execution:${promotionName(factory)}:${promotionExecutionName(build)}`;

/** Ends a build's promotion where it is, without undoing anything; one that ended, or never began, is left alone. */
export async function stopPromotion(
  client: SFNClient,
  { place, factory, build }: { readonly place: Place; readonly factory: string; readonly build: BuildArn },
  { error, cause }: { readonly error: string; readonly cause: string },
): Promise<void> {
  const arn = executionArn(place, factory, build);
  try {
    // Step Functions takes 32,768 characters of cause; people's reasons are shorter, but not by law.
    await client.send(new StopExecutionCommand({ executionArn: arn, error, cause: cause.slice(0, 1000) }));
  } catch (failure) {
    if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
  }
}
