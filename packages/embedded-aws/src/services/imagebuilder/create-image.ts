import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Operations } from "../../engine/operation.ts";
import { parseArn } from "./arn.ts";
import { making } from "./authorization.ts";
import { startBuild } from "./build/carry-out.ts";
import { newImage } from "./build/new-image.ts";
import { describeResources, requireResources, settingsNeeds } from "./build-settings.ts";
import { once } from "./once.ts";

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
} satisfies Operations<typeof Sdk>;
