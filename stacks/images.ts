import { pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { logicalName, tags } from "./deployment.ts";
import { infrastructure } from "./infrastructure.ts";
import { recipe } from "./recipe.ts";

/**
 * One pipeline per image. It has no schedule, because `start-build` starts it, and no distribution: what was tested
 * stays in the build region until the gate has let it through.
 */
for (const [name, image] of Object.entries(factory.images)) {
  const logs = new aws.cloudwatch.LogGroup(`ImageLogs${logicalName(name)}`, {
    // Image Builder's role writes to log groups below this prefix.
    name: `/aws/imagebuilder/${pipelineName(factory.name, name)}`,
    retentionInDays: 365,
    tags,
  });
  new aws.imagebuilder.ImagePipeline(`Pipeline${logicalName(name)}`, {
    name: pipelineName(factory.name, name),
    imageRecipeArn: recipe(name, image).arn,
    infrastructureConfigurationArn: infrastructure(name, image).arn,
    status: "ENABLED",
    enhancedImageMetadataEnabled: true,
    // The scan looks at the test instance, so without tests there are no findings.
    imageTestsConfiguration: { imageTestsEnabled: true },
    imageScanningConfiguration: { imageScanningEnabled: true },
    loggingConfiguration: { imageLogGroupName: logs.name },
    tags,
  });
}
