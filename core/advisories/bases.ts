import * as z from "zod";
import type { Trigger } from "../../events/build.ts";
import type { BaseId } from "../../events/ids.ts";
import type { Factory } from "../factory/factory-schema.ts";

/** A build and its base. */
interface BasedBuild {
  readonly startedAt: string;
  /** What it started from. Unknown if it was started outside the factory, or while a registry did not answer. */
  readonly base?: BaseId | undefined;
}

/**
 * Whether the name of a public AMI or of a registry's container image now resolves to another one than the image's newest
 * build started from. An image without a build does not trigger: its first build is started manually.
 */
export function decideBase(
  name: string,
  published: BaseId,
  builds: readonly BasedBuild[],
): Extract<Trigger, { kind: "base" }> | undefined {
  const newest = builds
    .filter(({ base }) => base !== undefined)
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))[0];
  if (!newest?.base || newest.base === published) return undefined;
  return { kind: "base", name, from: newest.base, to: published };
}

type Parent = Factory["images"][string]["parent"];

/** The name of an image's base: an SSM parameter, or a registry's container image with a tag. */
export const baseName = (parent: Parent): string | undefined => {
  if ("ssm" in parent) return parent.ssm;
  return "container" in parent ? parent.container : undefined;
};

/** Images that are rebuilt when their parent's name resolves to another AMI or container image. */
export const watchedBases = ({ images }: Factory): { image: string; name: string }[] =>
  Object.entries(images).flatMap(([image, { parent, triggers }]) => {
    const name = triggers.base ? baseName(parent) : undefined;
    return name === undefined ? [] : [{ image, name }];
  });

/** Names and ARNs of parameters start like this; names of container images do not. */
export const isParameter = (name: string): boolean => /^(\/|arn:)/.test(name);

/** The message format of Amazon Linux's topics. The format of the others is not documented. */
const notice = z.object({ v1: z.object({ ReleaseVersion: z.string().min(1) }) });

/** The release that a message of an AMI-update topic announces; undefined for a message in another format. */
export function readReleaseNotice(message: string): string | undefined {
  try {
    return notice.safeParse(JSON.parse(message)).data?.v1.ReleaseVersion;
  } catch {
    return undefined;
  }
}
/** Prefixes of public parameters, and the SNS topic that announces when their AMIs are replaced. */
const topics: Readonly<Record<string, string>> = {
  "/aws/service/ami-amazon-linux-latest/al2023-": "137112412989:amazon-linux-2023-ami-updates",
  "/aws/service/ami-amazon-linux-latest/amzn2-": "137112412989:amazon-linux-2-ami-updates",
  "/aws/service/ami-windows-latest/": "801119661308:ec2-windows-ami-update",
};

/** The region of these topics. A subscription must be created there and may deliver to another region. */
export const UPDATE_TOPICS_REGION = "us-east-1";

/**
 * The ARN of the topic that announces when the AMI of a public parameter is replaced. Undefined if the vendor has no such
 * topic (Canonical), or outside the `aws` partition. Source: the user guides of Amazon Linux 2023 and 2, and EC2 Windows.
 */
export function updateTopic(partition: string, parameter: string): string | undefined {
  const prefix = Object.keys(topics).find((start) => parameter.startsWith(start));
  if (partition !== "aws" || !prefix) return undefined;
  return `arn:${partition}:sns:${UPDATE_TOPICS_REGION}:${topics[prefix]}`;
}
