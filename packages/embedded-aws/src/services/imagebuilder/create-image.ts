import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { DistributeImageCommandInput, Image } from "@aws-sdk/client-imagebuilder";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { parseArn, requireArn } from "./arn.ts";
import { alsoOn, making, on, passing } from "./authorization.ts";
import { startBuild, startDistribution } from "./build/carry-out.ts";
import { newImage } from "./build/image-state.ts";
import { builderPrincipal } from "./build/resolve-parent.ts";
import { describeResources, requireInspector, requireResources, settingsNeeds } from "./build-settings.ts";
import { callService } from "./call-service.ts";
import { latestAvailable } from "./images.ts";
import { once } from "./once.ts";
import { invalidValue } from "./refusals.ts";
import { requireResource } from "./resources.ts";

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
   * Distributes an AMI that is already there, and makes an image resource to follow it by. The action is asked for on an
   * image ARN; its name comes from the source AMI, which the request doesn't tell, hence any image's where there is none.
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
 * The AMI behind `sourceImage`, and what its distribution is called: after the source AMI, version 1.0.0, as AWS's
 * example shows for an AMI id. For an image ARN nothing is published; here it is that image's next build version.
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
    throw invalidValue("sourceImage", `'${sourceImage}' is no AMI id, no ssm: parameter that holds one, no image ARN.`);
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
