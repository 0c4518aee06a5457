import { regionsOfBuilds, regionsOfChannel } from "../../core/channel/regions.ts";
import { pullPolicy } from "../../core/containers/pull-policy.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { buildsRepository, channelRepository } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import { arnOf, logicalName, place, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";

/** The images whose builds are container images. */
export const containerImages: readonly (readonly [string, Image])[] = Object.entries(factory.images).filter(
  ([, { kind }]) => kind === "container",
);

const DAY = 86_400;

/** An interrupted push leaves an untagged manifest. Everything else here belongs to a build. */
const leftovers = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "untagged images",
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: Math.ceil(factory.leftovers.keep / DAY),
      },
      action: { type: "expire" },
    },
  ],
});

interface RepositorySettings {
  readonly name: string;
  readonly image: string;
  readonly region: string;
  readonly mutability: Pick<aws.ecr.RepositoryArgs, "imageTagMutability" | "imageTagMutabilityExclusionFilters">;
}

/** Retained when the stack is removed: consumers pull from it, and ECR does not delete repositories with images. */
const makeRepository = (logical: string, { name, image, region, mutability }: RepositorySettings): aws.ecr.Repository =>
  new aws.ecr.Repository(
    logical,
    {
      region,
      name,
      ...mutability,
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keyArn(region) }],
      imageScanningConfiguration: { scanOnPush: true },
      tags: { ...tags, "amint:image": image },
    },
    { retainOnDelete: true },
  );

/** Where Image Builder pushes builds before the gate: without a policy, only the factory's account can read it. */
function makeBuildsRepository(image: string, region: string): aws.ecr.Repository {
  const logical = `Builds${logicalName(image)}${logicalName(region)}`;
  const repository = makeRepository(logical, {
    name: buildsRepository(factory.name, image),
    image,
    region,
    mutability: { imageTagMutability: "IMMUTABLE" },
  });
  new aws.ecr.LifecyclePolicy(`${logical}Leftovers`, { region, repository: repository.name, policy: leftovers });
  return repository;
}

/** Where a channel's consumers pull from. Tags are immutable, except the channel's own. */
function makeChannelRepository(
  image: string,
  { name: channel, share }: Image["channels"][number],
  region: string,
): void {
  const logical = `Channel${logicalName(image)}${logicalName(channel)}${logicalName(region)}`;
  const { name: repository } = makeRepository(logical, {
    name: channelRepository(factory.name, image, channel),
    image,
    region,
    mutability: {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: channel }],
    },
  });
  const { partition, account } = place;
  new aws.ecr.RepositoryPolicy(`${logical}Consumers`, {
    region,
    repository,
    policy: JSON.stringify(pullPolicy(share, { partition, account, organization: factory.organization.id })),
  });
}

/** By image: the repository that its recipe names, in the build region. */
const targets = new Map<string, $util.Output<string>>();

for (const [name, image] of containerImages) {
  for (const region of regionsOfBuilds(factory, image)) {
    const repository = makeBuildsRepository(name, region);
    if (region === factory.buildRegion) targets.set(name, repository.name);
  }
  for (const channel of image.channels) {
    for (const region of regionsOfChannel(factory, image, channel)) makeChannelRepository(name, channel, region);
  }
}

/** The name of an image's repository in the build region, as an output that depends on the repository. */
export function buildsTarget(image: string): $util.Output<string> {
  const target = targets.get(image);
  if (!target)
    throw new Error(`${image} is not a container image; the container images are ${[...targets.keys()].join(", ")}.`);
  return target;
}

export const repositoryArn = (name: string, region: string): string => arnOf("ecr", `repository/${name}`, region);

/** The repositories of all images' builds, in every region that has them. */
export const everyBuildsRepository: string[] = containerImages.flatMap(([name, image]) =>
  regionsOfBuilds(factory, image).map((region) => repositoryArn(buildsRepository(factory.name, name), region)),
);
