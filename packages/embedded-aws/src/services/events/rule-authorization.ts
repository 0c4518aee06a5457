import type { Authorization, Call } from "../../engine/operation.ts";
import { givingRole } from "../iam/assert-assumable.ts";
import { busPlace, ruleArn } from "./state.ts";

/** Rules are authorized by their own ARN, which names the bus. */
export const onRule = (
  call: Call,
  bus: string | undefined,
  rule: string | undefined,
  context: NonNullable<Authorization["context"]> = {},
): Partial<Authorization>[] => [{ resources: [ruleArn(busPlace(call.aws, call, bus), rule ?? "")], context }];

/** A role handed to EventBridge must be passed on by whoever hands it over, and trust EventBridge. */
export const passRole = (call: Call, roleArn: string | undefined, rule: string): Partial<Authorization>[] =>
  givingRole(call.aws, roleArn, "events.amazonaws.com", rule);
