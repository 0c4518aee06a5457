import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Call } from "../../../engine/operation.ts";
import { ec2State } from "../state.ts";
import { type Instance, instancesState } from "./instance.ts";

/** Terminated instances stay visible for about an hour (EC2 user guide, "Terminate Amazon EC2 instances"). */
const VISIBLE_MS = 3_600_000;

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The account's instances of the region, oldest first. Those that nobody sees any more are forgotten. */
export function instancesOf(aws: EmbeddedAws, { account, region }: Place): ReadonlyMap<string, Instance> {
  const { instances } = aws.state(instancesState, account, region);
  for (const { id, state, since } of instances.values()) {
    if (state !== "terminated" || since + VISIBLE_MS > aws.clock.now()) continue;
    instances.delete(id);
    aws.state(ec2State, account, region).tags.delete(id);
  }
  return instances;
}

/** @throws InvalidInstanceID.Malformed, InvalidInstanceID.NotFound */
export function requireInstances(call: Call, ids: readonly string[]): Instance[] {
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) {
    throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`, { status: 400 });
  }
  const all = instancesOf(call.aws, call);
  const missing = ids.filter((id) => !all.has(id));
  if (missing.length > 0) {
    const message =
      missing.length === 1
        ? `The instance ID '${missing[0]}' does not exist`
        : `The instance IDs '${missing.join(", ")}' do not exist`;
    throw new AwsError("InvalidInstanceID.NotFound", message, { status: 400 });
  }
  return ids.flatMap((id) => all.get(id) ?? []);
}
