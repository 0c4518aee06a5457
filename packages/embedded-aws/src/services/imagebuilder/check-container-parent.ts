import type { Platform } from "@aws-sdk/client-imagebuilder";
import type { Call } from "../../engine/operation.ts";
import { parseArn } from "./arn.ts";
import { findImages } from "./find-image.ts";
import { invalidValue, notBuilt } from "./refusals.ts";
import { isVersionPattern } from "./semantic-version.ts";

/** Registry and repository, then a tag, a digest or neither: `amazonlinux:latest`, `<account>.dkr.ecr…/web@sha256:…`. */
const REFERENCE = /^[a-z0-9][\w.-]*(:\d+)?(\/[a-z0-9][\w.-]*)*(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})?$/;

/**
 * Checks a container recipe's parent: the ARN of an own Image Builder container image, or a container image of a
 * registry, which is looked for when a build starts. Answers the platform where the parent tells it.
 */
export function checkContainerParent(call: Call, parent: string): Platform | undefined {
  if (!parent.startsWith("arn:")) {
    if (REFERENCE.test(parent) && !/^ami-[0-9a-f]{8,17}$/.test(parent)) return undefined;
    throw invalidValue("parentImage", `'${parent}' is no container image of a registry and no image ARN.`);
  }
  const parts = parseArn(parent);
  if (parts?.kind !== "image" || parts.version === undefined || !isVersionPattern(parts.version)) {
    throw invalidValue("parentImage", `'${parent}' is no container image of a registry and no image ARN.`);
  }
  if (parts.account === "aws") throw notBuilt(`an image owned by AWS as parent (${parent})`);
  const found = findImages(call.aws, call, parent).at(-1)?.image;
  if (!found) throw invalidValue("parentImage", `The image '${parent}' does not exist.`);
  if (found.type !== "DOCKER") throw invalidValue("parentImage", `The image '${parent}' is no container image.`);
  return found.platform;
}
