import type { CreateScheduleInput } from "@aws-sdk/client-scheduler";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { Expression } from "./expression.ts";

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly settings: CreateScheduleInput;
  readonly expression: Expression;
  /** Cancels the timer of its next occurrence. */
  cancel: (() => void) | undefined;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly schedules: Map<string, Schedule>;
  readonly tags: Map<string, string>;
}

const groups = defineState("scheduler groups", () => new Map<string, Group>());

/** Every account has a group named `default` in every region. */
export function groupsOf(aws: EmbeddedAws, account: string, region: string): Map<string, Group> {
  const all = aws.state(groups, account, region);
  if (!all.has("default")) all.set("default", newGroup(aws, account, region, "default"));
  return all;
}

export const newGroup = (aws: EmbeddedAws, account: string, region: string, name: string): Group => ({
  name,
  arn: groupArn(aws, { account, region }, name),
  createdAt: aws.clock.now(),
  schedules: new Map(),
  tags: new Map(),
});

/** @throws AwsError ResourceNotFoundException, also for a schedule: only groups have tags */
export function groupWithArn(aws: EmbeddedAws, place: Place, arn: string): Group {
  const found = [...groupsOf(aws, place.account, place.region).values()].find((group) => group.arn === arn);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", `Resource ${arn} does not exist.`);
}

interface Place {
  readonly account: string;
  readonly region: string;
}

export const groupArn = (aws: EmbeddedAws, { account, region }: Place, name: string): string =>
  `arn:${aws.partition}:scheduler:${region}:${account}:schedule-group/${name}`;

export const scheduleArn = (aws: EmbeddedAws, { account, region }: Place, group: string, name: string): string =>
  `arn:${aws.partition}:scheduler:${region}:${account}:schedule/${group}/${name}`;

export function requireGroup(aws: EmbeddedAws, { account, region }: Place, name = "default"): Group {
  const group = groupsOf(aws, account, region).get(name);
  if (!group) throw new AwsError("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
  return group;
}

export function requireSchedule(aws: EmbeddedAws, place: Place, group: string | undefined, name = ""): Schedule {
  const schedule = requireGroup(aws, place, group).schedules.get(name);
  if (!schedule) throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`);
  return schedule;
}
