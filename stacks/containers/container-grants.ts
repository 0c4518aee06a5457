import { regionsOfChannel } from "../../core/channel/regions.ts";
import { channelRepository } from "../../core/names.ts";
import { factory } from "../program/factory.ts";
import type { Grant } from "../resources/grant.ts";
import { containerImages, everyBuildsRepository, repositoryArn } from "./repositories.ts";

/** The repositories that consumers pull from. */
const channels = containerImages.flatMap(([name, image]) =>
  image.channels.flatMap((channel) =>
    regionsOfChannel(factory, image, channel).map((region) =>
      repositoryArn(channelRepository(factory.name, name, channel.name), region),
    ),
  ),
);

/** The same repositories in any region, for a policy in every consumer account. */
export const pulledRepositories = containerImages.flatMap(([name, image]) =>
  image.channels.map((channel) => repositoryArn(channelRepository(factory.name, name, channel.name), "*")),
);

/** No grants without container images. */
const onContainers = (grants: Grant[]): Grant[] => (containerImages.length > 0 ? grants : []);

const on = (resources: string[], ...actions: string[]): Grant => ({
  actions: actions.map((action) => `ecr:${action}`),
  resources,
});

/** The timeout of functions that may copy a container image: at least ten minutes. */
export const copying = (seconds: number): number => (containerImages.length > 0 ? Math.max(seconds, 600) : seconds);

export const describeBuilds: Grant[] = onContainers([on(everyBuildsRepository, "DescribeImages")]);

/** Sharing a container image: it is copied from the builds' repository into a channel's. */
export const fillChannels: Grant[] = onContainers([
  on(everyBuildsRepository, "DescribeImages", "BatchGetImage", "GetDownloadUrlForLayer"),
  on(
    channels,
    "DescribeImages",
    "BatchCheckLayerAvailability",
    "InitiateLayerUpload",
    "UploadLayerPart",
    "CompleteLayerUpload",
    "PutImage",
  ),
]);

/** Unshared images are deleted from channels' repositories only. */
export const emptyChannels: Grant[] = onContainers([on(channels, "DescribeImages", "BatchDeleteImage")]);

/** A channel's tag moves and is removed with its parameter; the manifest comes from the builds' repository. */
export const moveTags: Grant[] = onContainers([
  on(everyBuildsRepository, "BatchGetImage"),
  on(channels, "DescribeImages", "PutImage", "BatchDeleteImage"),
]);

/** The stack sets the repository policies; `reconcile` compares them. */
export const readRepositoryPolicies: Grant[] = onContainers([
  on([...everyBuildsRepository, ...channels], "GetRepositoryPolicy"),
]);

/** The last step of retirement. */
export const deleteBuilds: Grant[] = onContainers([on(everyBuildsRepository, "BatchDeleteImage")]);

/** Merges overlapping grants of one role: one statement per set of repositories, each action once. */
export const united = (...parts: Grant[][]): Grant[] =>
  [...Map.groupBy(parts.flat(), ({ resources }) => resources)].map(([resources, same]) => ({
    actions: [...new Set(same.flatMap(({ actions }) => actions))],
    resources,
  }));
