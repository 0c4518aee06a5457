import type { Image } from "../../core/factory/image-schema.ts";
import { containerInstanceRole } from "../containers/container-instances.ts";
import { containerImages } from "../containers/repositories.ts";
import { evidence } from "../evidence/evidence.ts";
import { scanItself } from "../evidence/inspector.ts";
import { factory } from "../program/factory.ts";
import { resourceName, tags } from "../resources/deployment.ts";
import { type Grant, roleNameOf, serviceRole } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { agent, managed } from "./agent-grants.ts";

/**
 * Each instance uploads to its own folder: `aws:userid` is `<role id>:<instance id>` for an instance profile's session
 * (IAM user guide, "Policy variables"). All builds share a role, and a build runs the components of its image.
 */
const uploads: Grant[] = [
  { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/manifests/\${aws:userid}/*`] },
  // Multipart uploads need Decrypt (S3 user guide, "Uploading ... multipart upload with AWS KMS").
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [keyArn()] },
];

interface Instances {
  readonly profile: aws.iam.InstanceProfile;
  readonly roleId: $util.Input<string>;
}

function instances(
  logical: string,
  name: string,
  role: { name: $util.Input<string>; id: $util.Input<string> },
): Instances {
  const profile = new aws.iam.InstanceProfile(logical, { name: resourceName(name), role: role.name, tags });
  return { profile, roleId: role.id };
}

const made = ({ name, uniqueId }: aws.iam.Role) => ({ name, id: uniqueId });

/** The role that the config names instead; its owner grants the permissions that docs/network.md lists. */
function givenRole(role: string) {
  const name = roleNameOf(role);
  return { name, id: aws.iam.getRoleOutput({ name }).uniqueId };
}

const amiInstances = instances(
  "BuildInstanceProfile",
  "build-instance",
  factory.instanceRole === undefined
    ? made(
        serviceRole("build-instance", "ec2.amazonaws.com", { managed, grants: [...agent, ...uploads, ...scanItself] }),
      )
    : givenRole(factory.instanceRole),
);

/** Only factories with container images have a role that can push. */
const containerInstances =
  containerImages.length > 0 && factory.instanceRole === undefined
    ? instances(
        "ContainerBuildInstanceProfile",
        "container-build-instance",
        made(containerInstanceRole([...agent, ...uploads], managed)),
      )
    : amiInstances;

/** The instances that build and test images of a kind. */
export const instancesOf = ({ kind }: Pick<Image, "kind">): Instances =>
  kind === "container" ? containerInstances : amiInstances;
