import type { ArchitectureValues, BootModeValues, VolumeType } from "@aws-sdk/client-ec2";
import { defineState } from "../../engine/embedded-aws.ts";

/** Grants launch permission; the kinds are named as in EC2's errors. */
export interface LaunchPermission {
  readonly kind: "UserId" | "UserGroup" | "OrganizationArn" | "OrganizationalUnitArn";
  readonly value: string;
}

export interface BlockDevice {
  readonly deviceName: string;
  readonly snapshotId: string;
  readonly volumeSizeGiB: number;
  readonly volumeType: VolumeType;
  readonly encrypted: boolean;
}

/** A mark that the owner attached to an image, and that copies carry. */
export interface Watermark {
  /** `<account>:<name>`, of the account that attached it. */
  readonly key: string;
  /** The image it was first attached to. */
  readonly sourceImageId: string;
  readonly sourceRegion: string;
  readonly sourceCreatedAt: number;
  readonly attachedAt: number;
}

export interface Image {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly name: string;
  description: string;
  state: "pending" | "available" | "disabled" | "failed";
  readonly architecture: ArchitectureValues;
  readonly platform: "windows" | undefined;
  /** The billing code of its launches: `RunInstances:0002`. */
  readonly usageOperation: string;
  readonly createdAt: number;
  readonly rootDeviceName: string;
  readonly devices: readonly BlockDevice[];
  readonly bootMode: BootModeValues | undefined;
  imdsSupport: "v2.0" | undefined;
  readonly source: { readonly imageId: string; readonly region: string } | undefined;
  /** For public images: the parameter below `/aws/service/` that names this image. */
  readonly publicParameter: string | undefined;
  readonly permissions: Map<string, LaunchPermission>;
  deprecateAt: number | undefined;
  protection: "disabled" | "enabled-without-cooldown" | "enabled-with-cooldown";
  /** Protection lasts until then although it was disabled. */
  cooldownUntil: number | undefined;
  /** By key. */
  readonly watermarks: Map<string, Watermark>;
  /** Launch times, oldest first; of reported launches only the last. */
  launches: readonly number[];
}

export interface Snapshot {
  readonly id: string;
  readonly owner: string;
  readonly region: string;
  readonly description: string;
  readonly sizeGiB: number;
  /** Size of all blocks ever written to its volume, in bytes. */
  fullSizeBytes: number;
  readonly encrypted: boolean;
  /** Full ARN. */
  readonly kmsKeyArn: string | undefined;
  readonly startedAt: number;
  state: "pending" | "completed";
  /** Accounts that may create volumes from it, or `all`. */
  readonly sharedWith: Set<string>;
}

interface Ec2State {
  readonly images: Map<string, Image>;
  readonly snapshots: Map<string, Snapshot>;
  /** By resource id. Tags belong to the account that set them: a shared image does not show its owner's tags. */
  readonly tags: Map<string, Map<string, string>>;
  readonly securityGroups: Map<string, SecurityGroup>;
  /** New accounts start with public sharing blocked (EC2 user guide, "Block public access to your AMIs"). */
  blockPublicImages: "block-new-sharing" | "unblocked";
  /** Whether new volumes and snapshots are encrypted by default. */
  encryptsByDefault: boolean;
  /** ARN of the default key for new volumes; undefined: AWS's own. */
  defaultKey: string | undefined;
}

export const ec2State = defineState<Ec2State>("ec2", () => ({
  images: new Map(),
  snapshots: new Map(),
  tags: new Map(),
  securityGroups: new Map(),
  blockPublicImages: "block-new-sharing",
  encryptsByDefault: false,
  defaultKey: undefined,
}));
export interface SecurityGroupRule {
  readonly id: string;
  readonly egress: boolean;
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: { readonly kind: "ipv4" | "ipv6" | "prefixList" | "group"; readonly value: string };
  readonly description: string | undefined;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  rules: SecurityGroupRule[];
}
