import type { Image } from "../../core/factory/image-schema.ts";
import { pipelineName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { containerInstanceProfile } from "../containers/container-instances.ts";
import { containerImages } from "../containers/repositories.ts";
import { evidence } from "../evidence/evidence.ts";
import { scanItself } from "../evidence/inspector.ts";
import { logicalName, resourceName, tags } from "../resources/deployment.ts";
import { type Grant, roleNameOf, serviceRole } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { placementOf } from "./network.ts";

/** Instances upload their manifest, and otherwise do what AWS's own two policies for them allow. */
const managed = ["AmazonSSMManagedInstanceCore", "EC2InstanceProfileForImageBuilder"];

const uploads: Grant[] = [
  { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/manifests/*`] },
  // Decrypt is for uploads in parts (S3 user guide, "Uploading ... multipart upload with AWS KMS").
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [keyArn()] },
];

/** The role that the config names instead, which then may do what its owner lets it; docs/network.md says what it needs. */
const givenRole = factory.instanceRole === undefined ? undefined : roleNameOf(factory.instanceRole);

const profile = new aws.iam.InstanceProfile("BuildInstanceProfile", {
  name: resourceName("build-instance"),
  role:
    givenRole ??
    serviceRole("build-instance", "ec2.amazonaws.com", { managed, grants: [...uploads, ...scanItself] }).name,
  tags,
});

/** Where nothing is built in containers, nobody may push anything. */
const containerProfile =
  containerImages.length > 0 && givenRole === undefined ? containerInstanceProfile(uploads, managed) : undefined;

const defaultInstanceTypes: Readonly<Record<Image["architecture"], string[]>> = {
  x86_64: ["m7i.large", "m6i.large", "m5.large"],
  arm64: ["m7g.large", "m6g.large"],
};

const instanceTypesOf = ({ instanceTypes, architecture }: Image): string[] =>
  instanceTypes ?? factory.instanceTypes?.[architecture] ?? defaultInstanceTypes[architecture];

/** What an image is built and tested on. */
export const infrastructure = (name: string, image: Image): aws.imagebuilder.InfrastructureConfiguration =>
  new aws.imagebuilder.InfrastructureConfiguration(`Infrastructure${logicalName(name)}`, {
    name: pipelineName(factory.name, name),
    instanceProfileName: (image.kind === "container" && containerProfile ? containerProfile : profile).name,
    instanceTypes: instanceTypesOf(image),
    ...placementOf(name),
    // Components of a container image run in a container, one hop further away, and upload from there.
    instanceMetadataOptions: { httpTokens: "required", httpPutResponseHopLimit: image.kind === "container" ? 2 : 1 },
    terminateInstanceOnFailure: true,
    resourceTags: { ...factory.instanceTags, ...image.instanceTags, ...tags, "amint:image": name },
    tags,
  });
