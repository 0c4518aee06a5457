import { channelRepository } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { arnOf, place } from "../resources/deployment.ts";
import { type Grant, serviceRole } from "../resources/grant.ts";
import { containerImages, everyBuildsRepository, repositoryArn } from "./repositories.ts";

/** Image Builder creates it for its scans, and empties it (API reference, EcrConfiguration). */
const scans = repositoryArn("image-builder-image-scanning-repository", place.region);

/** Private parents: in the factory's channels, and in any ECR registry that the config names. */
const parents = containerImages.flatMap(([, { parent }]) => {
  if ("image" in parent)
    return [repositoryArn(channelRepository(factory.name, parent.image, parent.channel), place.region)];
  const [, account, region, name] =
    ("container" in parent && /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+\/([^:@]+)/.exec(parent.container)) || [];
  return account && region && name ? [`arn:${place.partition}:ecr:${region}:${account}:repository/${name}`] : [];
});

/**
 * Permissions for building a container image besides those for an AMI. AWS's policy,
 * EC2InstanceProfileForImageBuilderECRContainerBuilds, allows pushing to every repository: a component could push any image to
 * a channel's repository.
 */
const push: Grant[] = [
  {
    actions: ["imagebuilder:GetContainerRecipe"],
    resources: [arnOf("imagebuilder", `container-recipe/${factory.name}-*`)],
  },
  // A token is for a registry, which is not a resource (service authorization reference, "Amazon Elastic Container Registry").
  { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  {
    actions: [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:UploadLayerPart",
      "ecr:CompleteLayerUpload",
      "ecr:PutImage",
    ],
    resources: [...everyBuildsRepository, scans],
  },
];

const pull: Grant[] = parents.length
  ? [{ actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], resources: [...new Set(parents)] }]
  : [];

/** The role of instances that build container images, with the permissions of all building instances. */
export const containerInstanceRole = (grants: Grant[], managed: string[]): aws.iam.Role =>
  serviceRole("container-build-instance", "ec2.amazonaws.com", { managed, grants: [...grants, ...push, ...pull] });
