import type { ArchitectureValues, BootModeValues, DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../../engine/principal.ts";
import type { NewBlockDevice } from "../../ec2/register-image.ts";
import type { Place } from "../arn.ts";
import { serviceLinkedRole } from "../authorization.ts";
import { latestAvailable } from "../images.ts";
import { findManagedImage } from "../managed-images.ts";
import { callService } from "../state.ts";
import { BuildFailedError } from "./failure-context.ts";

export interface ParentImage {
  readonly imageId: string;
  readonly name: string;
  readonly architecture: ArchitectureValues;
  readonly platform: "windows" | undefined;
  readonly usageOperation: string | undefined;
  readonly rootDeviceName: string | undefined;
  readonly bootMode: BootModeValues | undefined;
  readonly imdsSupport: "v2.0" | undefined;
  readonly devices: readonly NewBlockDevice[];
}

/** Default volume size, if neither the parent nor the recipe states one. */
export const SMALLEST_GIB = 8;

/** The parameters that the service-linked role may read: policy AWSServiceRoleForImageBuilder. */
const READABLE = /^\/?(imagebuilder|aws\/service)\//;

/** The principal for Image Builder's calls to other services: the execution role, or itself (as the account). */
export const builderPrincipal = (account: string, executionRole: string | undefined): Principal =>
  executionRole && executionRole !== serviceLinkedRole(account)
    ? rolePrincipal(executionRole, "ImageBuilder")
    : accountPrincipal(account);

/**
 * Resolves a parent (`ssm:...`, an image ARN, or an AMI id) to an AMI, with Image Builder's permissions.
 * @throws BuildFailedError if there is none that it may access
 */
export async function resolveParent(
  aws: EmbeddedAws,
  place: Place,
  parent: string,
  executionRole: string | undefined,
): Promise<ParentImage> {
  const principal = builderPrincipal(place.account, executionRole);
  try {
    if (principal.kind === "account" && isParameter(parent)) requireReadable(place, parameterOf(parent));
    return await lookUpParent(aws, place, parent, principal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new BuildFailedError(
      `Failed to resolve the parent image '${parent}': ${error.message}`,
      {},
      { cause: error },
    );
  }
}

/** The same with the permissions of `principal`. @throws AwsError of the service that fails */
export const lookUpParent = async (
  aws: EmbeddedAws,
  place: Place,
  parent: string,
  principal: Principal,
): Promise<ParentImage> => describe(aws, place, await amiOf(aws, place, parent, principal), principal);

const isParameter = (parent: string): boolean => parent.startsWith("ssm:");
const parameterOf = (parent: string): string => parent.slice("ssm:".length);

async function amiOf(aws: EmbeddedAws, place: Place, parent: string, principal: Principal): Promise<string> {
  if (isParameter(parent)) return readParameter(aws, place, parameterOf(parent), principal);
  if (!parent.startsWith("arn:")) return parent;
  const latest = findManagedImage(aws, parent) ?? latestAvailable(aws, place, parent)?.image;
  const ami = latest?.outputResources?.amis?.find(({ region }) => region === place.region)?.image;
  if (!ami) throw new AwsError("ResourceNotFoundException", `No AVAILABLE build of image '${parent}' has an AMI.`);
  return ami;
}

/** @throws AwsError with IAM's message, if the service-linked role may not read the parameter */
function requireReadable({ region, account }: Place, parameter: string): void {
  const name = parameter.startsWith("arn:") ? `/${parameter.split(":parameter/")[1] ?? ""}` : parameter;
  if (READABLE.test(name)) return;
  const arn = `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
  throw new AwsError(
    "AccessDeniedException",
    `User: arn:aws:sts::${account}:assumed-role/AWSServiceRoleForImageBuilder/ImageBuilder is not authorized to perform: ssm:GetParameter on resource: ${arn} because no identity-based policy allows the ssm:GetParameter action`,
  );
}

async function readParameter(aws: EmbeddedAws, place: Place, Name: string, principal: Principal): Promise<string> {
  const { Parameter: found } = await callService<GetParameterCommandOutput>(
    aws,
    "ssm",
    "GetParameter",
    { Name },
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
    usageOperation: image.UsageOperation,
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

/**
 * When a recipe's parent AMI is first resolved. `at-creation`: by CreateImageRecipe, with its caller's permissions; it
 * refuses a parent that does not exist. AWS does not document this, but lists `ssm:GetParameter` and
 * `ec2:DescribeImages` as dependent actions of the operation. `at-build`: only by builds.
 */
export type ParentsResolved = "at-creation" | "at-build";

const definition = defineState("recipe parents", (): { resolved: ParentsResolved } => ({ resolved: "at-creation" }));

/** From now on the creation of recipes does not check their parent. */
export const resolveParentsAtBuild = (aws: EmbeddedAws): void => {
  aws.state(definition, "", "").resolved = "at-build";
};

export const resolvesAtCreation = (aws: EmbeddedAws): boolean =>
  aws.state(definition, "", "").resolved === "at-creation";
