import { type AmiId, type ArtifactId, type BuildArn, buildArn, isContainerImageId } from "../../events/ids.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { pipelineName } from "../names.ts";

/** The factory's image that a build belongs to; undefined if it is not one of ours. */
export function imageOf(factory: Factory, arn: string): string | undefined {
  const build = buildArn.safeParse(arn).data;
  const name = build && pipelineOf(build);
  return Object.keys(factory.images).find((image) => pipelineName(factory.name, image) === name);
}

/** The name of the build's pipeline. */
export const pipelineOf = (arn: BuildArn): string => arn.split("/")[1] ?? "";

/** A build's version and number: `1.24.7/3`. */
export const buildVersion = (arn: BuildArn): string => arn.split("/").slice(2).join("/");

/**
 * The promotion's execution name (1 to 80 characters). A build has one promotion, unless it failed, was undone, and a user
 * requested another attempt.
 */
export const promotionExecutionName = (arn: BuildArn, attempt = 1): string => {
  const [, name = "", version = "", number = ""] = arn.split("/");
  return `${name.slice(0, 50)}-${version}-${number}${attempt > 1 ? `-try-${attempt}` : ""}`;
};

/** Whether an execution promotes this build, judged by its name: one of the attempts, or a catch-up of regions behind. */
export const isPromotionOf = (execution: string, arn: BuildArn): boolean => {
  const first = promotionExecutionName(arn);
  return execution === first || execution.startsWith(`${first}-try-`) || execution.startsWith(catchUpPrefix(arn));
};

const catchUpPrefix = (arn: BuildArn): string => {
  const [, name = "", version = "", number = ""] = arn.split("/");
  return `${name.slice(0, 38)}-${version}-${number}-again-`;
};

const CATCH_UP_HOURS = 3;

/** The name of the execution that updates regions that are behind: one name every three hours limits how often it starts. */
export const catchUpExecutionName = (arn: BuildArn, now: Date): string => {
  const hour = now.getUTCHours() - (now.getUTCHours() % CATCH_UP_HOURS);
  const since = `${now.toISOString().slice(0, 10)}-${String(hour).padStart(2, "0")}`;
  return `${catchUpPrefix(arn)}${since}`;
};

export const isAmiId = (id: ArtifactId): id is AmiId => !isContainerImageId(id);

/** @throws NotAnAmi if the artifact is a container image */
export function requireAmiId(id: ArtifactId): AmiId {
  if (!isAmiId(id)) throw new NotAnAmi(id);
  return id;
}

/** An operation for AMIs only was requested for another artifact. */
class NotAnAmi extends Error {
  override readonly name = "NotAnAmi";

  constructor(id: string) {
    super(`${id} is not an AMI; the operation supports AMIs only.`);
  }
}
