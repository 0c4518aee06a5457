import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack } from "../state.ts";
import { conditionHolds, resolve } from "../template/resolve.ts";
import type { Failure } from "./resource-steps.ts";
import { scopeOf } from "./scope.ts";

/** Writes a stack's outputs. An output can fail: an attribute that no such resource has is found out only now. */
export function giveOut(aws: EmbeddedAws, stack: Stack): Failure | undefined {
  try {
    stack.outputs = outputsOf(aws, stack);
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    return { logicalId: "", reason: refusal.message };
  }
}

function outputsOf(aws: EmbeddedAws, stack: Stack): Stack["outputs"] {
  const scope = scopeOf(aws, stack);
  return Object.entries(stack.source.template.Outputs)
    .filter(([, { Condition }]) => Condition === undefined || conditionHolds(Condition, scope))
    .map(([key, { Value, Description }]) => ({
      key,
      value: String(resolve(Value, scope)),
      description: Description,
    }));
}
