import { paginateGetExecutionHistory, type SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { promotionExecutionName } from "../../core/build-arn.ts";
import { promotionName } from "../../core/names.ts";
import type { BuildArn } from "../../events/ids.ts";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("no JSON");
    return z.NEVER;
  }
});
const failure = json.pipe(z.object({ Error: z.string(), Cause: z.string().default("") }));
/** As a function's failure comes. */
const cause = json.pipe(z.object({ errorMessage: z.string() }));

/** Why a promotion went over to taking back what it had changed, in the words of the state that failed. */
export async function findPromotionFailure(client: SFNClient, factory: string, build: BuildArn): Promise<string> {
  const place = build.split(":").slice(3, 5).join(":");
  const partition = build.split(":")[1];
  const machine = promotionName(factory);
  const executionArn = `arn:${partition}:states:${place}:execution:${machine}:${promotionExecutionName(build)}`;
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn, reverseOrder: true })) {
    const entered = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === "UndoPromotion");
    const found = failure.safeParse(entered?.stateEnteredEventDetails?.input);
    if (found.success)
      return `${found.data.Error}: ${cause.safeParse(found.data.Cause).data?.errorMessage ?? found.data.Cause}`;
  }
  return `the execution ${executionArn} says why`;
}
