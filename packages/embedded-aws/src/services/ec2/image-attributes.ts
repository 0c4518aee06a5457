import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { authorizeImage } from "./authorization.ts";
import { requireOwnImage } from "./find-image.ts";
import { changeLaunchPermissions, toOutput, toPermissionChange } from "./launch-permissions.ts";
import { invalidCombination, invalidParameter } from "./refusals.ts";
import type { Image } from "./state.ts";

/** A launch is reported a day later (EC2 API reference, DescribeImageAttribute, lastLaunchedTime). */
const REPORTED_AFTER_MS = 86_400_000;

export function reportLaunch(image: Image, now: number): void {
  const reported = lastLaunched(image, now);
  const recent = image.launches.filter((at) => at + REPORTED_AFTER_MS > now && at !== now);
  image.launches = [...(reported === undefined ? [] : [reported]), ...recent, now];
}

/** Milliseconds since the epoch; undefined if no launch was reported. */
export const lastLaunched = (image: Image, now: number): number | undefined =>
  image.launches.findLast((at) => at + REPORTED_AFTER_MS <= now);

/** The attribute that a request changes. */
function changedAttribute(input: Sdk.ModifyImageAttributeCommandInput): string | undefined {
  if (input.Attribute) return input.Attribute;
  if (input.Description) return "description";
  if (input.ImdsSupport) return "imdsSupport";
  return toPermissionChange(input) && "launchPermission";
}

const valued = (value: string | undefined) => (value === undefined ? {} : { Value: value });

/** One attribute, as DescribeImageAttribute returns it. */
function toAttribute(image: Image, name: Sdk.ImageAttributeName | undefined, now: number) {
  const launched = lastLaunched(image, now);
  switch (name) {
    case "launchPermission":
      return { LaunchPermissions: [...image.permissions.values()].map(toOutput) };
    case "description":
      return { Description: valued(image.description) };
    case "bootMode":
      return { BootMode: valued(image.bootMode) };
    case "imdsSupport":
      return { ImdsSupport: valued(image.imdsSupport) };
    case "deregistrationProtection":
      return { DeregistrationProtection: valued(image.protection) };
    case "sriovNetSupport":
      return { SriovNetSupport: valued("simple") };
    case "lastLaunchedTime":
      return { LastLaunchedTime: valued(launched === undefined ? undefined : new Date(launched).toISOString()) };
    case "productCodes":
      return { ProductCodes: [] };
    case "blockDeviceMapping":
      throw new AwsError("AuthFailure", "Unauthorized attempt to access restricted resource", { status: 403 });
    default:
      // Images here do not have kernel, RAM disk, TPM support or UEFI data.
      return {};
  }
}

export const operations = {
  ModifyImageAttribute: {
    authorize: (input, call) => {
      const attribute = input.Attribute ?? (input.Description ? "description" : "launchPermission");
      return [authorizeImage(call, input.ImageId, { "ec2:Attribute": attribute })];
    },
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      switch (changedAttribute(input)) {
        case "launchPermission":
          changeLaunchPermissions(call.aws, image, toPermissionChange(input) ?? { add: [], remove: [] });
          return;
        case "description":
          image.description = input.Description?.Value ?? input.Value ?? "";
          return;
        case "imdsSupport":
          if ((input.ImdsSupport?.Value ?? input.Value) !== "v2.0") {
            throw invalidParameter("The only valid value for imdsSupport is v2.0; it can't be taken away again.");
          }
          image.imdsSupport = "v2.0";
          return;
        case undefined:
          throw invalidCombination("No attributes specified.");
        default:
          throw invalidParameter(
            `Value (${input.Attribute}) for parameter attribute is invalid. Valid values: description, imdsSupport, launchPermission`,
          );
      }
    },
  },
  /** Removes the launch permissions, the only attribute that can be reset. */
  ResetImageAttribute: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      requireOwnImage(call, input.ImageId).permissions.clear();
    },
  },
  /** One attribute of an image that the caller owns. */
  DescribeImageAttribute: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      return { ImageId: image.id, ...toAttribute(image, input.Attribute, call.aws.clock.now()) };
    },
  },
} satisfies Operations<typeof Sdk>;
