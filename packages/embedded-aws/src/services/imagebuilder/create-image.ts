import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { DistributeImageCommandInput, Image } from "@aws-sdk/client-imagebuilder";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { parseArn, requireArn } from "./arn.ts";
import { alsoOn, making, on, once, passing } from "./authorization.ts";
import { startBuild, startDistribution } from "./build/carry-out.ts";
import { newImage } from "./build/image-state.ts";
import { builderPrincipal } from "./build/resolve-parent.ts";
import { describeResources, requireInspector, requireResources, settingsNeeds } from "./build-settings.ts";
import { latestAvailable } from "./images.ts";
import { invalidValue } from "./refusals.ts";
import { requireResource } from "./resources.ts";
import { callService } from "./state.ts";

export const operations = {
  /** Builds an image from a recipe without a pipeline. */
  CreateImage: {
    authorize: (input, call) => {
      const recipe = parseArn(input.imageRecipeArn ?? input.containerRecipeArn ?? "");
      return [
        ...making(call, "image", [recipe?.name, recipe?.version, "*"], input.tags),
        ...settingsNeeds(input, call),
      ];
    },
    run: (input, call) =>
      once(call, "CreateImage", input, () => {
        const resources = requireResources(input, call);
        requireInspector(input, resources, call);
        const record = newImage(call.aws, call, {
          ...describeResources(resources),
          enhancedImageMetadataEnabled: input.enhancedImageMetadataEnabled ?? true,
          imageTestsConfiguration: {
            imageTestsEnabled: input.imageTestsConfiguration?.imageTestsEnabled ?? true,
            timeoutMinutes: input.imageTestsConfiguration?.timeoutMinutes ?? 720,
          },
          imageScanningConfiguration: input.imageScanningConfiguration,
          scanState: input.imageScanningConfiguration?.imageScanningEnabled ? { status: "PENDING" } : undefined,
          executionRole: input.executionRole,
          loggingConfiguration: input.loggingConfiguration,
          tags: { ...input.tags },
        });
        startBuild(call.aws, record, structuredClone(resources));
        return {
          requestId: call.requestId,
          clientToken: input.clientToken,
          imageBuildVersionArn: record.image.arn,
        };
      }),
  },
  /**
   * Distributes an existing AMI, and creates an image resource to track it. The action is authorized on an image ARN;
   * its name comes from the source AMI, which the request does not contain, hence any image's if there is none.
   */
  DistributeImage: {
    authorize: ({ sourceImage, distributionConfigurationArn, executionRole, tags }, call) => {
      const image = sourceImage?.startsWith("arn:")
        ? sourceImage
        : `arn:${call.aws.partition}:imagebuilder:${call.region}:${call.account}:image/*`;
      const context = requestTagContext(Object.entries(tags ?? {}));
      return [
        ...on(call, image, context),
        ...alsoOn(call, "GetDistributionConfiguration", distributionConfigurationArn),
        ...alsoOn(call, "GetImage", sourceImage),
        ...(Object.keys(tags ?? {}).length > 0
          ? [{ action: "imagebuilder:TagResource", resources: [image], context }]
          : []),
        ...passing(call, executionRole),
      ];
    },
    run: (input, call) => once(call, "DistributeImage", input, () => distribute(input, call)),
  },
} satisfies Operations<typeof Sdk>;

async function distribute(input: DistributeImageCommandInput, call: Call) {
  const { sourceImage = "", executionRole = "" } = input;
  const configuration = requireResource(call, "DistributionConfiguration", input.distributionConfigurationArn);
  if (!/^arn:aws[^:]*:iam::\d{12}:role\/.+$/.test(executionRole)) {
    throw invalidValue("executionRole", `'${executionRole}' must be the ARN of a role.`);
  }
  const source = await resolveSource(call, sourceImage, executionRole);
  const record = newImage(call.aws, call, {
    ...source.named,
    distributionConfiguration: configuration,
    executionRole,
    loggingConfiguration: input.loggingConfiguration,
    tags: { ...input.tags },
  });
  startDistribution(call.aws, record, structuredClone(configuration), source.imageId);
  return { clientToken: input.clientToken, imageBuildVersionArn: record.image.arn };
}

interface Source {
  readonly imageId: string;
  readonly named: Pick<Image, "platform"> & { readonly name: string; readonly version: string };
}

/**
 * The AMI of `sourceImage`, and the new image's name and version: after the source AMI, version 1.0.0, as in AWS's
 * example for an AMI id. The case of an image ARN is not documented; here it is that image's next build version.
 */
async function resolveSource(call: Call, sourceImage: string, executionRole: string): Promise<Source> {
  if (sourceImage.startsWith("arn:")) {
    requireArn(sourceImage, "image", "build-or-pattern", "sourceImage");
    const found = latestAvailable(call.aws, call, sourceImage)?.image;
    const ami = found?.outputResources?.amis?.find(({ region }) => region === call.region)?.image;
    if (!found || !ami) throw invalidValue("sourceImage", `'${sourceImage}' has no AVAILABLE build with an AMI here.`);
    return { imageId: ami, named: { name: found.name ?? "", version: found.version ?? "", platform: found.platform } };
  }
  const principal = builderPrincipal(call.account, executionRole);
  let imageId = sourceImage;
  if (sourceImage.startsWith("ssm:")) {
    const { Parameter } = await callService<GetParameterCommandOutput>(
      call.aws,
      "ssm",
      "GetParameter",
      { Name: sourceImage.slice("ssm:".length) },
      { principal, region: call.region },
    );
    imageId = Parameter?.Value ?? "";
  }
  if (!/^ami-[0-9a-f]{8,17}$/.test(imageId)) {
    throw invalidValue(
      "sourceImage",
      `'${sourceImage}' must be an AMI id, an ssm: parameter that contains one, or an image ARN.`,
    );
  }
  const { Images } = await callService<DescribeImagesCommandOutput>(
    call.aws,
    "ec2",
    "DescribeImages",
    { ImageIds: [imageId] },
    { principal, region: call.region },
  );
  const image = Images?.[0];
  if (!image) throw invalidValue("sourceImage", `The image id '[${imageId}]' does not exist.`);
  const platform = image.Platform === "Windows" ? "Windows" : "Linux";
  return { imageId, named: { name: image.Name ?? imageId, version: "1.0.0", platform } };
}
