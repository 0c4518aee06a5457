import { AwsError } from "../../engine/aws-error.ts";
import type { Authorization, Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { autoScalingState, type Group } from "./state.ts";

export const groupsOf = ({ aws, account, region }: Call): Map<string, Group> =>
  aws.state(autoScalingState, account, region).groups;

/** @throws ValidationError */
export function requireGroup(call: Call, name: string | undefined): Group {
  const group = groupsOf(call).get(name ?? "");
  if (group) return group;
  throw invalid("AutoScalingGroup name not found - null");
}

/** The ARN without the group's id, which is known only after the group's creation. */
export const arnOf = ({ aws, account, region }: Call, name: string | undefined, id = "*"): string =>
  `arn:${aws.partition}:autoscaling:${region}:${account}:autoScalingGroup:${id}:autoScalingGroupName/${name}`;

export function authorizeGroup(call: Call, name: string | undefined): Partial<Authorization>[] {
  const group = groupsOf(call).get(name ?? "");
  const tags = (group?.tags ?? []).map(({ Key = "", Value = "" }): [string, string] => [Key, Value]);
  return [{ resources: [group?.arn ?? arnOf(call, name)], context: resourceTagContext(tags, ["aws", "autoscaling"]) }];
}

export const invalid = (message: string): AwsError => new AwsError("ValidationError", message);
