import type { Image } from "../../core/factory/image-schema.ts";
import { pipelineName } from "../../core/names.ts";
import { containerDistribution, containerRecipe } from "../containers/container-recipe.ts";
import { inspector } from "../evidence/inspector.ts";
import { factory } from "../program/factory.ts";
import { logicalName, tags } from "../resources/deployment.ts";
import { roleArnOf } from "../resources/grant.ts";
import { infrastructure } from "./infrastructure.ts";
import { recipe } from "./recipe.ts";

/**
 * An AMI has no distribution: it stays in the build region until it passes the gate. A container image is distributed
 * only to repositories in the factory's account.
 */
function made(name: string, image: Image): Partial<aws.imagebuilder.ImagePipelineArgs> {
  if (image.kind === "ami") return { imageRecipeArn: recipe(name, image).arn };
  const distribution = containerDistribution(name, image);
  return {
    containerRecipeArn: containerRecipe(name, image).arn,
    ...(distribution && { distributionConfigurationArn: distribution.arn }),
  };
}

/** One pipeline per image. It has no schedule, because `start-build` starts it. */
for (const [name, image] of Object.entries(factory.images)) {
  const logs = new aws.cloudwatch.LogGroup(`ImageLogs${logicalName(name)}`, {
    // Image Builder's role writes to log groups below this prefix.
    name: `/aws/imagebuilder/${pipelineName(factory.name, name)}`,
    retentionInDays: 365,
    tags,
  });
  new aws.imagebuilder.ImagePipeline(
    `Pipeline${logicalName(name)}`,
    {
      name: pipelineName(factory.name, name),
      ...made(name, image),
      infrastructureConfigurationArn: infrastructure(name, image).arn,
      ...(factory.executionRole !== undefined && { executionRole: roleArnOf(factory.executionRole) }),
      status: "ENABLED",
      enhancedImageMetadataEnabled: true,
      // The scan is part of the test phase, so it needs tests. For an AMI it scans the test instance; a container image
      // is pushed to a repository that Image Builder creates in this account.
      imageTestsConfiguration: { imageTestsEnabled: true },
      imageScanningConfiguration: { imageScanningEnabled: true },
      loggingConfiguration: { imageLogGroupName: logs.name },
      tags,
    },
    inspector && { dependsOn: [inspector] },
  );
}
