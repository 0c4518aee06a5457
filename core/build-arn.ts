import { type BuildArn, buildArn } from "../events/ids.ts";
import type { Factory } from "./factory/factory-schema.ts";
import { pipelineName } from "./names.ts";

/** The image of the factory that a build's ARN is named after; undefined where it is none of ours. */
export function imageOf(factory: Factory, arn: string): string | undefined {
  const name = buildArn.safeParse(arn).data?.split("/")[1];
  return Object.keys(factory.images).find((image) => pipelineName(factory.name, image) === name);
}

/** A build as people and names say it: `1.24.7/3`. */
export const buildVersion = (arn: BuildArn): string => arn.split("/").slice(2).join("/");

/** The promotion's execution name: the same build never gets a second one (1 to 80 characters). */
export const promotionExecutionName = (arn: BuildArn): string => {
  const [, name = "", version = "", number = ""] = arn.split("/");
  return `${name.slice(0, 50)}-${version}-${number}`;
};
