import type { ArchitectureValues, BootModeValues, DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import { AwsError } from "../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../../engine/principal.ts";
import type { NewBlockDevice } from "../../ec2/register-image.ts";
import type { Place } from "../arn.ts";
import { serviceLinkedRole } from "../authorization.ts";
import { callService } from "../call-service.ts";
import { latestAvailable } from "../images.ts";
import { BuildFailedError } from "./failure-context.ts";

export interface ParentImage {
  readonly imageId: string;
  readonly name: string;
  readonly architecture: ArchitectureValues;
  readonly platform: "windows" | undefined;
  readonly rootDeviceName: string | undefined;
  readonly bootMode: BootModeValues | undefined;
  readonly imdsSupport: "v2.0" | undefined;
  readonly devices: readonly NewBlockDevice[];
}

/** Where neither the parent nor the recipe tells a volume's size. */
export const SMALLEST_GIB = 8;

/** All that the service-linked role may read: policy AWSServiceRoleForImageBuilder. */
const READABLE = /^\/?(imagebuilder|aws\/service)\//;

/** As whom Image Builder calls other services: the execution role, or itself (as the account, whose role it is). */
export const builderPrincipal = (account: string, executionRole: string | undefined): Principal =>
  executionRole && executionRole !== serviceLinkedRole(account)
    ? rolePrincipal(executionRole, "ImageBuilder")
    : accountPrincipal(account);

/**
 * The AMI that a parent (`ssm:...`, an image ARN, or an AMI id) stands for right now.
 * @throws BuildFailedError where there is none that Image Builder may see
 */
export async function resolveParent(
  aws: EmbeddedAws,
  place: Place,
  parent: string,
  executionRole: string | undefined,
): Promise<ParentImage> {
  const principal = builderPrincipal(place.account, executionRole);
  try {
    return await describe(aws, place, await amiOf(aws, place, parent, principal), principal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new BuildFailedError(
      `Failed to resolve the parent image '${parent}': ${error.message}`,
      {},
      { cause: error },
    );
  }
}

async function amiOf(aws: EmbeddedAws, place: Place, parent: string, principal: Principal): Promise<string> {
  if (parent.startsWith("ssm:")) return readParameter(aws, place, parent.slice("ssm:".length), principal);
  if (!parent.startsWith("arn:")) return parent;
  const latest = latestAvailable(aws, place, parent);
  const ami = latest?.image.outputResources?.amis?.find(({ region }) => region === place.region)?.image;
  if (!ami) throw new AwsError("ResourceNotFoundException", `No AVAILABLE build of image '${parent}' has an AMI.`);
  return ami;
}

async function readParameter(aws: EmbeddedAws, place: Place, parameter: string, principal: Principal): Promise<string> {
  const name = parameter.startsWith("arn:") ? `/${parameter.split(":parameter/")[1] ?? ""}` : parameter;
  if (principal.kind === "account" && !READABLE.test(name)) {
    const arn = `arn:aws:ssm:${place.region}:${place.account}:parameter/${name.replace(/^\//, "")}`;
    throw new AwsError(
      "AccessDeniedException",
      `User: arn:aws:sts::${place.account}:assumed-role/AWSServiceRoleForImageBuilder/ImageBuilder is not authorized to perform: ssm:GetParameter on resource: ${arn} because no identity-based policy allows the ssm:GetParameter action`,
    );
  }
  const { Parameter: found } = await callService<GetParameterCommandOutput>(
    aws,
    "ssm",
    "GetParameter",
    { Name: parameter },
    { principal, region: place.region },
  );
  return found?.Value ?? "";
}

async function describe(aws: EmbeddedAws, place: Place, imageId: string, principal: Principal): Promise<ParentImage> {
  const { Images } = await callService<DescribeImagesCommandOutput>(
    aws,
    "ec2",
    "DescribeImages",
    { ImageIds: [imageId] },
    { principal, region: place.region },
  );
  const image = Images?.[0];
  if (!image) throw new AwsError("InvalidAMIID.NotFound", `The image id '[${imageId}]' does not exist`);
  if (image.State !== undefined && image.State !== "available") {
    throw new AwsError("InvalidAMIID.Unavailable", `The image ID '${imageId}' is not available; it is ${image.State}.`);
  }
  return {
    imageId,
    name: image.Name ?? imageId,
    architecture: image.Architecture ?? "x86_64",
    platform: image.Platform === "Windows" ? "windows" : undefined,
    rootDeviceName: image.RootDeviceName,
    bootMode: image.BootMode,
    imdsSupport: image.ImdsSupport,
    devices: (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName: deviceName, Ebs: ebs }) =>
      deviceName === undefined || ebs === undefined
        ? []
        : [
            {
              deviceName,
              encrypted: ebs.Encrypted ?? false,
              volumeSizeGiB: ebs.VolumeSize ?? SMALLEST_GIB,
              volumeType: ebs.VolumeType,
            },
          ],
    ),
  };
}
