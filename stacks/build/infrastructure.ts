import type { Image } from "../../core/factory/image-schema.ts";
import { pipelineName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { containerInstanceProfile } from "../containers/container-instances.ts";
import { containerImages } from "../containers/repositories.ts";
import { evidence } from "../evidence/evidence.ts";
import { scanItself } from "../evidence/inspector.ts";
import { logicalName, resourceName, tags } from "../resources/deployment.ts";
import { type Grant, serviceRole } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";

/** Instances upload their manifest, and otherwise do what AWS's own two policies for them allow. */
const managed = ["AmazonSSMManagedInstanceCore", "EC2InstanceProfileForImageBuilder"];

const uploads: Grant[] = [
  { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/manifests/*`] },
  // Decrypt is for uploads in parts (S3 user guide, "Uploading ... multipart upload with AWS KMS").
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [keyArn()] },
];

const role = serviceRole("build-instance", "ec2.amazonaws.com", { managed, grants: [...uploads, ...scanItself] });

const profile = new aws.iam.InstanceProfile("BuildInstanceProfile", {
  name: resourceName("build-instance"),
  role: role.name,
});

/** Where nothing is built in containers, nobody may push anything. */
const containerProfile = containerImages.length > 0 ? containerInstanceProfile(uploads, managed) : undefined;

const open = (port: number, description: string) => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: ["0.0.0.0/0"],
  description,
});

/** In the region's default VPC. Nothing comes in: Systems Manager works over connections that the instance opens. */
const securityGroup = new aws.ec2.SecurityGroup("BuildInstances", {
  name: resourceName("build-instances", 255),
  description: "Instances that build and test images",
  ingress: [],
  egress: [open(443, "AWS and package repositories"), open(80, "package repositories that sign what they serve")],
  tags,
});

const defaultInstanceTypes: Readonly<Record<Image["architecture"], string[]>> = {
  x86_64: ["m7i.large", "m6i.large", "m5.large"],
  arm64: ["m7g.large", "m6g.large"],
};

/** What an image is built and tested on. */
export const infrastructure = (name: string, image: Image): aws.imagebuilder.InfrastructureConfiguration =>
  new aws.imagebuilder.InfrastructureConfiguration(`Infrastructure${logicalName(name)}`, {
    name: pipelineName(factory.name, name),
    instanceProfileName: (image.kind === "container" && containerProfile ? containerProfile : profile).name,
    instanceTypes: image.instanceTypes ?? defaultInstanceTypes[image.architecture],
    securityGroupIds: [securityGroup.id],
    // Components of a container image run in a container, one hop further away, and upload from there.
    instanceMetadataOptions: { httpTokens: "required", httpPutResponseHopLimit: image.kind === "container" ? 2 : 1 },
    terminateInstanceOnFailure: true,
    resourceTags: { ...tags, "amint:image": name },
    tags,
  });
