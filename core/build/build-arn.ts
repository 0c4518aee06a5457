import { type AmiId, type ArtifactId, type BuildArn, buildArn, isContainerImageId } from "../../events/ids.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { pipelineName } from "../names.ts";

/** The image of the factory that a build's ARN is named after; undefined where it is none of ours. */
export function imageOf(factory: Factory, arn: string): string | undefined {
  const build = buildArn.safeParse(arn).data;
  const name = build && pipelineOf(build);
  return Object.keys(factory.images).find((image) => pipelineName(factory.name, image) === name);
}

/** The name of the pipeline whose build it is. */
export const pipelineOf = (arn: BuildArn): string => arn.split("/")[1] ?? "";

/** A build as people and names say it: `1.24.7/3`. */
export const buildVersion = (arn: BuildArn): string => arn.split("/").slice(2).join("/");

/**
 * The promotion's execution name (1 to 80 characters): the same build never gets a second one, unless the first failed,
 * was taken back, and somebody asked for another attempt.
 */
export const promotionExecutionName = (arn: BuildArn, attempt = 1): string => {
  const [, name = "", version = "", number = ""] = arn.split("/");
  return `${name.slice(0, 50)}-${version}-${number}${attempt > 1 ? `-try-${attempt}` : ""}`;
};

/** Whether an execution promotes this build, by its name: any attempt, or a catch-up of regions behind. */
export const isPromotionOf = (execution: string, arn: BuildArn): boolean => {
  const first = promotionExecutionName(arn);
  return execution === first || execution.startsWith(`${first}-try-`) || execution.startsWith(catchUpPrefix(arn));
};

const catchUpPrefix = (arn: BuildArn): string => {
  const [, name = "", version = "", number = ""] = arn.split("/");
  return `${name.slice(0, 38)}-${version}-${number}-again-`;
};

const CATCH_UP_HOURS = 3;

/** The name of taking a build to regions that are behind: one for every three hours, so that it is begun no more often. */
export const catchUpExecutionName = (arn: BuildArn, now: Date): string => {
  const hour = now.getUTCHours() - (now.getUTCHours() % CATCH_UP_HOURS);
  const since = `${now.toISOString().slice(0, 10)}-${String(hour).padStart(2, "0")}`;
  return `${catchUpPrefix(arn)}${since}`;
};

export const isAmiId = (id: ArtifactId): id is AmiId => !isContainerImageId(id);

/** @throws NotAnAmi where a build yields something else */
export function requireAmiId(id: ArtifactId): AmiId {
  if (!isAmiId(id)) throw new NotAnAmi(id);
  return id;
}

/** What is done to AMIs alone was asked of something else. */
class NotAnAmi extends Error {
  override readonly name = "NotAnAmi";

  constructor(id: string) {
    super(`${id} is no AMI; what was asked can be done to AMIs only.`);
  }
}
