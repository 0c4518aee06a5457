import type { Image } from "../../core/factory/image-schema.ts";
import { instanceTypesOf } from "../../core/factory/instance-types.ts";
import { pipelineName } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { logicalName, tags } from "../resources/deployment.ts";
import { instancesOf } from "./instance-role.ts";
import { placementOf } from "./network.ts";

/** The infrastructure configuration for building and testing an image. */
export const infrastructure = (name: string, image: Image): aws.imagebuilder.InfrastructureConfiguration =>
  new aws.imagebuilder.InfrastructureConfiguration(`Infrastructure${logicalName(name)}`, {
    name: pipelineName(factory.name, name),
    instanceProfileName: instancesOf(image).profile.name,
    instanceTypes: [...instanceTypesOf(factory, image)],
    ...placementOf(name),
    // Components of a container image run and upload in a container, one network hop further away.
    instanceMetadataOptions: { httpTokens: "required", httpPutResponseHopLimit: image.kind === "container" ? 2 : 1 },
    terminateInstanceOnFailure: true,
    resourceTags: { ...factory.instanceTags, ...image.instanceTags, ...tags, "amint:image": name },
    tags,
  });
