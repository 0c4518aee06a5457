import type * as Sdk from "@aws-sdk/client-ec2";
import type { DescribeImageAttributeCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeImage } from "./authorization.ts";
import { requireOwnImage } from "./find-image.ts";
import { lastLaunched } from "./last-launched.ts";
import { toOutput } from "./launch-permissions.ts";

const isoOf = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

type Output = Omit<DescribeImageAttributeCommandOutput, "$metadata">;

export const operations = {
  /** One attribute of one's own image. */
  DescribeImageAttribute: {
    authorize: (input, call) => [authorizeImage(call, input.ImageId)],
    run(input, call) {
      const image = requireOwnImage(call, input.ImageId);
      const attribute = (value: string | undefined) => (value === undefined ? {} : { Value: value });
      const answer = (said: Output): Output => ({ ImageId: image.id, ...said });
      switch (input.Attribute) {
        case "launchPermission":
          return answer({ LaunchPermissions: [...image.permissions.values()].map(toOutput) });
        case "description":
          return answer({ Description: attribute(image.description) });
        case "bootMode":
          return answer({ BootMode: attribute(image.bootMode) });
        case "imdsSupport":
          return answer({ ImdsSupport: attribute(image.imdsSupport) });
        case "deregistrationProtection":
          return answer({ DeregistrationProtection: attribute(image.protection) });
        case "sriovNetSupport":
          return answer({ SriovNetSupport: attribute("simple") });
        case "lastLaunchedTime":
          return answer({ LastLaunchedTime: attribute(isoOf(lastLaunched(image, call.aws.clock.now()))) });
        case "productCodes":
          return answer({ ProductCodes: [] });
        case "blockDeviceMapping":
          throw new AwsError("AuthFailure", "Unauthorized attempt to access restricted resource", { status: 403 });
        default:
          // kernel, ramdisk, tpmSupport, uefiData: images here have none.
          return answer({});
      }
    },
  },
} satisfies Operations<typeof Sdk>;
