import { ExecutionDoesNotExist, type SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { promotionExecutionName } from "../core/build-arn.ts";
import { type Place, promotionName } from "../core/names.ts";
import type { BuildArn } from "../events/ids.ts";

/** A promotion's execution, by its build. */
interface Execution {
  readonly place: Place;
  readonly factory: string;
  readonly build: BuildArn;
  /** The first, unless somebody had it promoted again. */
  readonly attempt?: number;
}

const executionArn = ({ place, factory, build, attempt }: Execution): string => {
  const { partition, region, account } = place;
  const name = promotionExecutionName(build, attempt);
  return `arn:${partition}:states:${region}:${account}:execution:${promotionName(factory)}:${name}`;
};

/** Ends a build's promotion where it is, without undoing anything; one that ended, or never began, is left alone. */
export async function stopPromotion(
  client: SFNClient,
  execution: Execution,
  { error, cause }: { readonly error: string; readonly cause: string },
): Promise<void> {
  const arn = executionArn(execution);
  try {
    // Step Functions takes 32,768 characters of cause; people's reasons are shorter, but not by law.
    await client.send(new StopExecutionCommand({ executionArn: arn, error, cause: cause.slice(0, 1000) }));
  } catch (failure) {
    if (!(failure instanceof ExecutionDoesNotExist)) throw failure;
  }
}
