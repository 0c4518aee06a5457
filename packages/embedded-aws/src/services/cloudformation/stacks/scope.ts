import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Stack, StackSource } from "../state.ts";
import { referenceValue } from "../template/parameters.ts";
import type { Scope } from "../template/resolve.ts";

/** What a stack's template can refer to: its resources are those that are there now. */
export function scopeOf(aws: EmbeddedAws, stack: Stack, { template, parameters }: StackSource = stack.source): Scope {
  const values = new Map<string, unknown>([
    ["AWS::AccountId", stack.account],
    ["AWS::NotificationARNs", []],
    ["AWS::Partition", aws.partition],
    ["AWS::Region", stack.region],
    ["AWS::StackId", stack.id],
    ["AWS::StackName", stack.name],
    ["AWS::URLSuffix", "amazonaws.com"],
  ]);
  for (const [key, one] of parameters) {
    const declared = template.Parameters[key];
    if (declared) values.set(key, referenceValue(declared, one));
  }
  return {
    template,
    values,
    resource(id) {
      const found = stack.resources.get(id);
      return found?.physicalId === undefined ? undefined : { ...found, physicalId: found.physicalId };
    },
  };
}
