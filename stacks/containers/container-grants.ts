import { regionsOfChannel } from "../../core/channel/regions.ts";
import { channelRepository } from "../../core/names.ts";
import { factory } from "../program/given.ts";
import type { Grant } from "../resources/grant.ts";
import { containerImages, everyBuildsRepository, repositoryArn } from "./repositories.ts";

/** The repositories that channels' consumers pull from. */
const channels = containerImages.flatMap(([name, image]) =>
  image.channels.flatMap((channel) =>
    regionsOfChannel(factory, image, channel).map((region) =>
      repositoryArn(channelRepository(factory.name, name, channel.name), region),
    ),
  ),
);

/** The same in whatever region, for a policy that is in every consumer's account. */
export const pulledRepositories = containerImages.flatMap(([name, image]) =>
  image.channels.map((channel) => repositoryArn(channelRepository(factory.name, name, channel.name), "*")),
);

/** Without container images there is nothing to grant. */
const onContainers = (grants: Grant[]): Grant[] => (containerImages.length > 0 ? grants : []);

const on = (resources: string[], ...actions: string[]): Grant => ({
  actions: actions.map((action) => `ecr:${action}`),
  resources,
});

/** Copying an image takes time: a function that does it is given this at least. */
export const copying = (seconds: number): number => (containerImages.length > 0 ? Math.max(seconds, 600) : seconds);

export const lookAtBuilds: Grant[] = onContainers([on(everyBuildsRepository, "DescribeImages")]);

/** An image of the builds' repositories is copied into a channel's: what sharing it is. */
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

/** What is withdrawn is deleted from channels' repositories, and there only. */
export const emptyChannels: Grant[] = onContainers([on(channels, "DescribeImages", "BatchDeleteImage")]);

/** A channel's tag moves with its parameter, and goes with it; the manifest comes from the builds'. */
export const moveTags: Grant[] = onContainers([
  on(everyBuildsRepository, "BatchGetImage"),
  on(channels, "DescribeImages", "PutImage", "BatchDeleteImage"),
]);

/** Who may pull is decided by the stack; that it stays so is compared. */
export const readRepositoryPolicies: Grant[] = onContainers([
  on([...everyBuildsRepository, ...channels], "GetRepositoryPolicy"),
]);

/** The last act of retirement. */
export const deleteBuilds: Grant[] = onContainers([on(everyBuildsRepository, "BatchDeleteImage")]);

/** Several of these, which overlap, for one role: a statement for each set of repositories, each action once. */
export const united = (...parts: Grant[][]): Grant[] =>
  [...Map.groupBy(parts.flat(), ({ resources }) => resources)].map(([resources, same]) => ({
    actions: [...new Set(same.flatMap(({ actions }) => actions))],
    resources,
  }));
