import type {
  ArchitectureValues,
  InstanceMetadataOptionsResponse,
  InstanceStateName,
  ShutdownBehavior,
  StateReason,
  VolumeType,
} from "@aws-sdk/client-ec2";
import { defineState } from "../../../engine/state.ts";
import type { DefaultSubnet } from "../default-network.ts";

/** A volume of an instance. There is no more to it: DescribeVolumes is not built. */
export interface Volume {
  readonly id: string;
  readonly deviceName: string;
  /** Undefined: empty. */
  readonly snapshotId: string | undefined;
  readonly sizeGiB: number;
  readonly type: VolumeType;
  readonly encrypted: boolean;
  /** As the launch names it: id, alias or ARN. Undefined: the snapshot's key, else the account's `aws/ebs`. */
  readonly kmsKeyId: string | undefined;
  readonly deleteOnTermination: boolean;
}

/** What a launch came to, with template, image and network filled in. */
export interface Launch {
  readonly imageId: string;
  readonly architecture: ArchitectureValues;
  readonly platform: "windows" | undefined;
  readonly rootDeviceName: string;
  readonly instanceType: string;
  readonly subnet: DefaultSubnet;
  readonly vpcId: string;
  readonly securityGroups: readonly { readonly id: string; readonly name: string }[];
  readonly profile: { readonly arn: string; readonly id: string } | undefined;
  readonly metadata: Omit<InstanceMetadataOptionsResponse, "State">;
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly shutdownBehavior: ShutdownBehavior;
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
  state: InstanceStateName;
  stateReason: StateReason | undefined;
  /** `User initiated (2026-04-01 08:00:00 GMT)`, or empty. */
  transitionReason: string;
  /** Milliseconds since the epoch, of the present state. */
  since: number;
}

interface InstancesState {
  readonly instances: Map<string, Instance>;
  /** What a client token was first used for: a digest of the request, and the reservation. */
  readonly tokens: Map<string, { readonly request: string; readonly reservationId: string }>;
  /** Addresses given away, by subnet. */
  readonly addresses: Map<string, number>;
}

export const instancesState = defineState<InstancesState>("ec2.instances", () => ({
  instances: new Map(),
  tokens: new Map(),
  addresses: new Map(),
}));

/** EC2 API reference, InstanceState. */
export const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};
