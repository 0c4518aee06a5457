import type { Authorization, Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { ruleLocked, ruleNotFound } from "./refusals.ts";
import { type Rule, rbinState } from "./state.ts";
import { lockStateOf } from "./to-rule.ts";

export const ruleArn = ({ aws, account, region }: Call, id: string): string =>
  `arn:${aws.partition}:rbin:${region}:${account}:rule/${id}`;

const findRule = ({ aws, account, region }: Call, id: string): Rule | undefined =>
  aws.state(rbinState, account, region).rules.get(id);

/** @throws ResourceNotFoundException */
export function requireRule(call: Call, id: string): Rule {
  const rule = findRule(call, id);
  if (!rule) throw ruleNotFound(id);
  return rule;
}

/** A rule that may be changed or deleted. @throws ResourceNotFoundException, ConflictException */
export function requireUnlockedRule(call: Call, id: string): Rule {
  const rule = requireRule(call, id);
  const state = lockStateOf(rule, call.aws.clock.now());
  if (state === "locked" || state === "pending_unlock") throw ruleLocked(id, state);
  return rule;
}

/** Of an ARN; an id stays one. */
export const idOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** @throws ResourceNotFoundException, also for an ARN that is not a rule's of the caller's */
export function requireRuleOf(call: Call, arn: string): Rule {
  if (arn !== ruleArn(call, idOf(arn))) throw ruleNotFound(arn);
  return requireRule(call, idOf(arn));
}

/** An existing rule by its id or ARN, with the condition keys of "Actions, resources, and condition keys for AWS Recycle Bin". */
export function authorizeRule(call: Call, id: string, context: Authorization["context"] = {}): Partial<Authorization> {
  const rule = findRule(call, idOf(id));
  return {
    resources: [ruleArn(call, idOf(id))],
    context: {
      ...context,
      ...(rule && { ...resourceTagContext(rule.tags), "rbin:Attribute/ResourceType": rule.resourceType }),
    },
  };
}
