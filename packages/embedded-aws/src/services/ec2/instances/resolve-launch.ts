import type { IamInstanceProfileSpecification, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { type Authorization, AwsError, type Call } from "../../../engine/operation.ts";
import { type InstanceProfile, iamOf, roleArn } from "../../iam/state.ts";
import { requireVisibleImage } from "../find-image.ts";
import { placeInstance } from "../network/place-instance.ts";
import { imageUnavailable, invalidCombination, invalidParameter, missingParameter } from "../refusals.ts";
import type { Image } from "../state.ts";
import { resolveImageId } from "./image-parameter.ts";
import type { Launch, Volume } from "./instance.ts";
import { resolveVolumes } from "./resolve-volumes.ts";

/** EC2 API reference, RunInstances. */
export const DEFAULT_TYPE = "m1.small";

interface ResolvedLaunch {
  readonly image: Image;
  readonly launch: Launch;
  readonly volumes: readonly Omit<Volume, "id">[];
}

/** Everything that EC2 checks before it answers, except keys. @throws EC2's errors */
export function resolveLaunch(call: Call, input: RunInstancesCommandInput): ResolvedLaunch {
  const imageId = resolveImageId(call, input.ImageId);
  if (!imageId) throw missingParameter("imageId");
  const image = requireVisibleImage(call, imageId);
  if (image.state !== "available") throw imageUnavailable(image.id);
  const instanceType = input.InstanceType ?? DEFAULT_TYPE;
  requireArchitecture(instanceType, image.architecture);
  if (input.KeyName) {
    // Key pairs are not built, so none exists.
    throw new AwsError("InvalidKeyPair.NotFound", `The key pair '${input.KeyName}' does not exist`);
  }
  return {
    image,
    volumes: resolveVolumes(call, image, input.BlockDeviceMappings),
    launch: {
      imageId: image.id,
      architecture: image.architecture,
      platform: image.platform,
      rootDeviceName: image.rootDeviceName,
      instanceType,
      ...resolveNetwork(call, input),
      profile: requireProfile(call, input.IamInstanceProfile),
      metadata: metadataOf(image, input.MetadataOptions),
      monitoring: input.Monitoring?.Enabled ?? false,
      ebsOptimized: input.EbsOptimized ?? false,
      shutdownBehavior: input.InstanceInitiatedShutdownBehavior ?? "stop",
      clientToken: input.ClientToken ?? "",
    },
  };
}

/**
 * The request's options, then the image's, then EC2's defaults (EC2 user guide, "Order of precedence for instance
 * metadata options").
 */
function metadataOf(
  { imdsSupport }: Image,
  asked: RunInstancesCommandInput["MetadataOptions"] = {},
): Launch["metadata"] {
  const v2 = imdsSupport === "v2.0";
  return {
    HttpTokens: asked.HttpTokens ?? (v2 ? "required" : "optional"),
    HttpPutResponseHopLimit: asked.HttpPutResponseHopLimit ?? (v2 ? 2 : 1),
    HttpEndpoint: asked.HttpEndpoint ?? "enabled",
    InstanceMetadataTags: asked.InstanceMetadataTags ?? "disabled",
  };
}

/** Graviton types have a `g` after their generation: `t4g`, `m7gd`, `im4gn`. */
function requireArchitecture(type: string, architecture: string): void {
  const arm = /^(a1|[a-z]+\d+g[a-z]*)\./.test(type);
  if (arm === (architecture === "arm64")) return;
  throw invalidParameter(
    `The architecture '${arm ? "arm64" : "x86_64"}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
  );
}

/** The subnet and security groups: the launch's, or the default VPC's. */
function resolveNetwork(
  call: Call,
  input: RunInstancesCommandInput,
): Pick<Launch, "subnet" | "vpcId" | "hasPublicIp" | "securityGroups"> {
  const own = input.NetworkInterfaces?.[0];
  if (own && (input.SecurityGroupIds?.length || input.SecurityGroups?.length)) {
    throw combination(
      "Network interfaces and an instance-level security groups may not be specified on the same request",
    );
  }
  if (own && input.SubnetId) {
    throw combination("Network interfaces and an instance-level subnet ID may not be specified on the same request");
  }
  const { subnet, hasPublicIp, securityGroups } = placeInstance(call.aws, call, {
    subnetId: own?.SubnetId ?? input.SubnetId,
    groupIds: own?.Groups ?? input.SecurityGroupIds,
    groupNames: input.SecurityGroups,
    publicIp: own?.AssociatePublicIpAddress,
    zone: input.Placement,
  });
  const groups = securityGroups.map(({ id, name }) => ({ id, name }));
  return { subnet, vpcId: subnet.vpcId, hasPublicIp, securityGroups: groups };
}

const combination = (message: string): AwsError => invalidCombination(message);

function findProfile({ aws, account }: Call, asked: IamInstanceProfileSpecification): InstanceProfile | undefined {
  const { instanceProfiles } = iamOf(aws, account);
  return [...instanceProfiles.values()].find(({ arn, name }) => (asked.Arn ? arn === asked.Arn : name === asked.Name));
}

/** Passing a role to an instance requires iam:PassRole. */
export function authorizeProfile(
  call: Call,
  asked: IamInstanceProfileSpecification | undefined,
): Partial<Authorization>[] {
  const role = asked && findProfile(call, asked)?.role;
  if (role === undefined) return [];
  const context = { "iam:PassedToService": "ec2.amazonaws.com" };
  return [{ action: "iam:PassRole", resources: [roleArn(call, role)], context }];
}

/** @throws InvalidParameterValue */
function requireProfile(call: Call, asked: IamInstanceProfileSpecification | undefined) {
  if (!asked?.Arn && !asked?.Name) return undefined;
  const profile = findProfile(call, asked);
  if (profile) return { arn: profile.arn, id: profile.id };
  throw invalidParameter(
    asked.Arn
      ? `Value (${asked.Arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`
      : `Value (${asked.Name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
  );
}
