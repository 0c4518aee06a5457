import * as z from "zod";
import type { Trigger } from "../../events/build.ts";
import type { BaseId } from "../../events/ids.ts";
import type { Factory } from "../factory/factory-schema.ts";

/** A build, as far as its base counts. */
interface BasedBuild {
  readonly startedAt: string;
  /** What it started from; unknown of a build that was started beside the factory, or while a registry did not answer. */
  readonly base?: BaseId | undefined;
}

/**
 * Whether a name, of a public AMI or a registry's container image, means another one than what the image's newest build
 * started from. An image without a build has nothing to be older than: people start its first one.
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

/** What names the base of an image: an SSM parameter, or a registry's container image by a tag. */
export const baseName = (parent: Parent): string | undefined => {
  if ("ssm" in parent) return parent.ssm;
  return "container" in parent ? parent.container : undefined;
};

/** Images that are rebuilt when what their parent's name means is replaced. */
export const watchedBases = ({ images }: Factory): { image: string; name: string }[] =>
  Object.entries(images).flatMap(([image, { parent, triggers }]) => {
    const name = triggers.base ? baseName(parent) : undefined;
    return name === undefined ? [] : [{ image, name }];
  });

/** Names and ARNs of parameters begin so; no container image's name does. */
export const isParameter = (name: string): boolean => /^(\/|arn:)/.test(name);

/** The one known shape, of Amazon Linux's topics; what the others send is not published. */
const notice = z.object({ v1: z.object({ ReleaseVersion: z.string().min(1) }) });

/** The release that a message of an AMI-update topic announces; undefined for a message of another shape. */
export function readReleaseNotice(message: string): string | undefined {
  try {
    return notice.safeParse(JSON.parse(message)).data?.v1.ReleaseVersion;
  } catch {
    return undefined;
  }
}
/** Beginnings of public parameters, and the SNS topic that tells when the AMIs behind them are replaced. */
const topics: Readonly<Record<string, string>> = {
  "/aws/service/ami-amazon-linux-latest/al2023-": "137112412989:amazon-linux-2023-ami-updates",
  "/aws/service/ami-amazon-linux-latest/amzn2-": "137112412989:amazon-linux-2-ami-updates",
  "/aws/service/ami-windows-latest/": "801119661308:ec2-windows-ami-update",
};

/** Where those topics are; a subscription must be made there, and may deliver to another region. */
export const UPDATE_TOPICS_REGION = "us-east-1";

/**
 * The ARN of the topic on which AWS tells that the AMI behind a public parameter was replaced; undefined where nobody
 * tells, as Canonical, or outside AWS's own partition. Source: the user guides of Amazon Linux 2023, 2, and EC2 Windows.
 */
export function updateTopic(partition: string, parameter: string): string | undefined {
  const prefix = Object.keys(topics).find((start) => parameter.startsWith(start));
  if (partition !== "aws" || !prefix) return undefined;
  return `arn:${partition}:sns:${UPDATE_TOPICS_REGION}:${topics[prefix]}`;
}
