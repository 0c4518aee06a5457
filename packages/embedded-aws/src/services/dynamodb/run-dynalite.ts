import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { fromJson, toJson } from "./attribute-bytes.ts";
import { actOn, type DynaliteRefusal, isRefusal } from "./dynalite.ts";
import { dynamoOf } from "./state.ts";

/** Where a call's tables are. */
export type Place = Pick<Call, "aws" | "account" | "region">;

/** Lets dynalite carry out an operation on SDK-shaped input; refuses as DynamoDB does. */
export async function runDynalite<Output>(place: Place, operation: string, input: object): Promise<Output> {
  const { aws, account, region } = place;
  const { store } = dynamoOf(aws, account, region);
  try {
    const data = toJson(input) as Record<string, unknown>;
    return fromJson(await aws.clock.hold(actOn(store, operation, data))) as Output;
  } catch (cause) {
    throw isRefusal(cause) ? refusal(cause) : cause;
  }
}

function refusal({ statusCode, body }: DynaliteRefusal): AwsError {
  const code = body.__type.slice(body.__type.indexOf("#") + 1);
  return new AwsError(code, body.message ?? body.Message ?? "", { status: statusCode });
}

/** Runs writes of one store one after another. */
export function inTurn<T>({ aws, account, region }: Place, write: () => Promise<T>): Promise<T> {
  const state = dynamoOf(aws, account, region);
  const mine = state.writing.then(write, write);
  state.writing = mine.catch(() => undefined);
  return mine;
}
