import type { ArchitectureValues, BootModeValues } from "@aws-sdk/client-ec2";
import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { findImage } from "./find-image.ts";
import { type BlockDevice, ec2State, type Image } from "./state.ts";

interface AddedImage {
  readonly name: string;
  readonly description?: string | undefined;
  readonly architecture: ArchitectureValues;
  readonly platform?: "windows" | undefined;
  /** Omitted: the source's, or no license. */
  readonly usageOperation?: string | undefined;
  readonly source: Image["source"];
  readonly rootDeviceName?: string | undefined;
  readonly bootMode?: BootModeValues | undefined;
  readonly imdsSupport?: "v2.0" | undefined;
  readonly publicParameter?: string | undefined;
  readonly devices: readonly BlockDevice[];
  readonly availableAfterMs?: number | undefined;
}

/** Adds an image with existing snapshots. @throws InvalidAMIName.Malformed, InvalidAMIName.Duplicate */
export function addImage(
  aws: EmbeddedAws,
  { account, region }: { readonly account: string; readonly region: string },
  added: AddedImage,
): Image {
  requireFreeName(aws, { account, region }, added.name);
  const source = added.source && findImage(aws, added.source.region, added.source.imageId);
  const { images } = aws.state(ec2State, account, region);
  const image: Image = {
    id: `ami-${aws.hexId(17)}`,
    owner: account,
    region,
    name: added.name,
    description: added.description ?? "",
    state: "pending",
    architecture: added.architecture,
    platform: added.platform,
    usageOperation: added.usageOperation ?? source?.usageOperation ?? usageOperationOf(added.platform),
    createdAt: aws.clock.now(),
    rootDeviceName: added.rootDeviceName ?? added.devices[0]?.deviceName ?? "/dev/xvda",
    devices: added.devices,
    bootMode: added.bootMode,
    imdsSupport: added.imdsSupport,
    source: added.source,
    publicParameter: added.publicParameter,
    permissions: new Map(),
    deprecateAt: undefined,
    protection: "disabled",
    cooldownUntil: undefined,
    // EC2 API reference, AttachImageWatermark: a derived image carries the source's watermarks.
    watermarks: new Map(source?.watermarks),
    launches: [],
  };
  images.set(image.id, image);
  const becomeAvailable = () => {
    // Deregistered while pending: it does not become available.
    if (images.get(image.id) !== image) return;
    image.state = "available";
    publishImageState(aws, image, "available");
  };
  if (added.availableAfterMs) afterWork(aws.clock, added.availableAfterMs, becomeAvailable);
  else becomeAvailable();
  return image;
}

/**
 * 3 to 128 characters (EC2 API reference, RegisterImage).
 * @throws InvalidAMIName.Malformed, InvalidAMIName.Duplicate
 */
export function requireFreeName(
  aws: EmbeddedAws,
  { account, region }: { readonly account: string; readonly region: string },
  name: string,
): void {
  if (!/^[A-Za-z0-9()[\] ./\-'@_,]{3,128}$/.test(name)) {
    throw new AwsError(
      "InvalidAMIName.Malformed",
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  }
  const { images } = aws.state(ec2State, account, region);
  const taken = [...images.values()].find((other) => other.name === name);
  if (taken) {
    throw new AwsError("InvalidAMIName.Duplicate", `AMI name ${name} is already in use by AMI ${taken.id}`);
  }
}

/** Publishes to the owner's default bus (EC2 user guide, "Monitor AMI events using Amazon EventBridge"). */
export function publishImageState(
  aws: EmbeddedAws,
  image: Image,
  state: "available" | "failed" | "deregistered" | "disabled",
  errorMessage = "",
): void {
  publishServiceEvent(aws, {
    account: image.owner,
    region: image.region,
    source: "aws.ec2",
    "detail-type": "EC2 AMI State Change",
    resources: [`arn:${aws.partition}:ec2:${image.region}::image/${image.id}`],
    detail: { RequestId: aws.uuid(), ImageId: image.id, State: state, ErrorMessage: errorMessage },
  });
}

/**
 * Billing codes of launches, and EC2's platform details for them (EC2 user guide, "AMI billing information fields").
 * Copies of an image keep its code; an image registered from a snapshot has no code of a license.
 */
const platformDetails: Readonly<Record<string, string>> = {
  RunInstances: "Linux/UNIX",
  "RunInstances:0002": "Windows",
  "RunInstances:0800": "Windows BYOL",
  "RunInstances:0006": "Windows with SQL Server Standard",
  "RunInstances:0010": "Red Hat Enterprise Linux",
  "RunInstances:00g0": "Red Hat BYOL Linux",
  "RunInstances:1010": "Red Hat Enterprise Linux with HA",
  "RunInstances:000g": "SUSE Linux",
  "RunInstances:0g00": "Ubuntu Pro",
};

/** The default code. */
const usageOperationOf = (platform: "windows" | undefined): string =>
  platform === "windows" ? "RunInstances:0002" : "RunInstances";

export const platformDetailsOf = (usageOperation: string): string | undefined => platformDetails[usageOperation];
