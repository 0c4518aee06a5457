import type * as Sdk from "@aws-sdk/client-ec2";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError, type Call } from "../../../engine/operation.ts";
import type { Subnet } from "../network/state.ts";
import { ec2State } from "../state.ts";

/** An instance's volume, which ends with it. */
export interface Volume {
  readonly id: string;
  readonly deviceName: string;
  /** Undefined: empty. */
  readonly snapshotId: string | undefined;
  readonly sizeGiB: number;
  readonly type: Sdk.VolumeType;
  readonly encrypted: boolean;
  /** As the launch names it: id, alias or ARN. Undefined: the snapshot's key, or the account's `aws/ebs`. */
  readonly kmsKeyId: string | undefined;
  readonly deleteOnTermination: boolean;
}

/** A launch with template, image and network resolved. */
export interface Launch {
  readonly imageId: string;
  readonly architecture: Sdk.ArchitectureValues;
  readonly platform: "windows" | undefined;
  readonly rootDeviceName: string;
  readonly instanceType: string;
  readonly subnet: Subnet;
  readonly vpcId: string;
  readonly hasPublicIp: boolean;
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
  readonly profile: { readonly arn: string; readonly id: string } | undefined;
  readonly metadata: Omit<Sdk.InstanceMetadataOptionsResponse, "State">;
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly shutdownBehavior: Sdk.ShutdownBehavior;
  readonly clientToken: string;
}

export interface Instance {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly reservationId: string;
  /** Position in its reservation, from 0. */
  readonly index: number;
  readonly launch: Launch;
  readonly volumes: readonly Volume[];
  readonly privateIp: string;
  readonly networkInterfaceId: string;
  launchedAt: number;
  state: Sdk.InstanceStateName;
  stateReason: Sdk.StateReason | undefined;
  /** `User initiated (2026-04-01 08:00:00 GMT)`, or empty. */
  transitionReason: string;
  /** When the current state began, in milliseconds since the epoch. */
  since: number;
}

interface InstancesState {
  readonly instances: Map<string, Instance>;
  /** The first use of each client token: a digest of the request, and the reservation. */
  readonly tokens: Map<string, { readonly request: string; readonly reservationId: string }>;
  /** The number of addresses assigned in each subnet. */
  readonly addresses: Map<string, number>;
}

export const instancesState = defineState<InstancesState>("ec2.instances", () => ({
  instances: new Map(),
  tokens: new Map(),
  addresses: new Map(),
}));

/** EC2 API reference, InstanceState. */
export const STATE_CODES: Readonly<Record<Sdk.InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** Terminated instances stay visible for about an hour (EC2 user guide, "Terminate Amazon EC2 instances"). */
const VISIBLE_MS = 3_600_000;

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The account's instances of the region, oldest first. Drops instances that are no longer visible. */
export function instancesOf(aws: EmbeddedAws, { account, region }: Place): ReadonlyMap<string, Instance> {
  const { instances } = aws.state(instancesState, account, region);
  for (const { id, state, since, networkInterfaceId, volumes } of instances.values()) {
    if (state !== "terminated" || since + VISIBLE_MS > aws.clock.now()) continue;
    instances.delete(id);
    const { tags } = aws.state(ec2State, account, region);
    for (const gone of [id, networkInterfaceId, ...volumes.map((volume) => volume.id)]) tags.delete(gone);
  }
  return instances;
}

/** @throws InvalidInstanceID.Malformed, InvalidInstanceID.NotFound */
export function requireInstances(call: Call, ids: readonly string[]): Instance[] {
  const malformed = ids.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
  if (malformed !== undefined) {
    throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${malformed}"`);
  }
  const all = instancesOf(call.aws, call);
  const missing = ids.filter((id) => !all.has(id));
  if (missing.length > 0) {
    const message =
      missing.length === 1
        ? `The instance ID '${missing[0]}' does not exist`
        : `The instance IDs '${missing.join(", ")}' do not exist`;
    throw new AwsError("InvalidInstanceID.NotFound", message);
  }
  return ids.flatMap((id) => all.get(id) ?? []);
}
