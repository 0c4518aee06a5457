import { imageSystemOf } from "../../core/component/image-system.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { pipelineName } from "../../core/names.ts";
import { recipeComponents } from "../component/components.ts";
import { factory } from "../program/factory.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { keptVersions, versionOf } from "../resources/version.ts";
import { agentUserData, KEPT_DIRECTORY } from "./agent-user-data.ts";
import { amiParameterOf } from "./ami-parameters.ts";
import { parentParameterOf } from "./parent-parameters.ts";

/** An AMI's recipe. */
export function recipe(name: string, image: Image): aws.imagebuilder.ImageRecipe {
  const logical = `Recipe${logicalName(name)}`;
  const { rootDevice, installsAgent } = imageSystemOf(image.os);
  const content = {
    name: pipelineName(factory.name, name),
    parentImage: parentOf(name, image),
    description: image.description ?? `${name} of the factory ${factory.name}`,
    workingDirectory: installsAgent ? KEPT_DIRECTORY : "/tmp",
    components: recipeComponents(image),
    blockDeviceMappings: [
      {
        deviceName: rootDevice,
        ebs: {
          volumeSize: image.volumeGiB,
          volumeType: "gp3",
          encrypted: "true",
          kmsKeyId: keyArn(),
          deleteOnTermination: "true",
        },
      },
    ],
    systemsManagerAgent: { uninstallAfterBuild: false },
    ...(installsAgent && { userDataBase64: Buffer.from(agentUserData(installsAgent, place)).toString("base64") }),
    amiTags: { ...tags, "amint:image": name },
  };
  const version = versionOf(logical, content);
  return new aws.imagebuilder.ImageRecipe(logical, { ...content, version, tags }, keptVersions);
}

/**
 * A child follows its parent's channel, not the parent's newest build, which may not have passed the gate. Image
 * Builder's role can read parameters below `/imagebuilder/` and `/aws/service/`.
 */
function parentOf(name: string, { parent }: Image): $util.Input<string> {
  // A reference to the output, so that the parameter is created first.
  if ("ami" in parent) return $interpolate`ssm:${amiParameterOf(name).name}`;
  if ("image" in parent) return $interpolate`ssm:${parentParameterOf(parent).name}`;
  if ("ssm" in parent) return `ssm:${parent.ssm}`;
  if ("imageBuilder" in parent) return parent.imageBuilder;
  throw new Error(`An AMI cannot be built from the container image ${parent.container}.`);
}
