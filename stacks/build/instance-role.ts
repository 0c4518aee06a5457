import type { Image } from "../../core/factory/image-schema.ts";
import { containerInstanceRole } from "../containers/container-instances.ts";
import { containerImages } from "../containers/repositories.ts";
import { evidence } from "../evidence/evidence.ts";
import { scanItself } from "../evidence/inspector.ts";
import { factory } from "../program/given.ts";
import { resourceName, tags } from "../resources/deployment.ts";
import { type Grant, roleNameOf, serviceRole } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";
import { agent, managed } from "./agent-grants.ts";

/**
 * An instance uploads into a folder of its own: `aws:userid` is `<role id>:<instance id>` for an instance profile's session
 * (IAM user guide, "Policy variables"). All builds share a role, and a build runs the components of its image.
 */
const uploads: Grant[] = [
  { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/manifests/\${aws:userid}/*`] },
  // Decrypt is for uploads in parts (S3 user guide, "Uploading ... multipart upload with AWS KMS").
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [keyArn()] },
];

/** The role and the profile of some instances. */
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

/** The role that the config names instead, which then may do what its owner lets it; docs/network.md says what it needs. */
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

/** Without container images, no push is allowed. */
const containerInstances =
  containerImages.length > 0 && factory.instanceRole === undefined
    ? instances(
        "ContainerBuildInstanceProfile",
        "container-build-instance",
        made(containerInstanceRole([...agent, ...uploads], managed)),
      )
    : amiInstances;

/** What builds and tests images of a kind. */
export const instancesOf = ({ kind }: Pick<Image, "kind">): Instances =>
  kind === "container" ? containerInstances : amiInstances;
