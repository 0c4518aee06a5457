import type { Call } from "../../engine/operation.ts";
import { parseArn } from "./arn.ts";
import { findImages } from "./find-image.ts";
import { invalidValue, notBuilt } from "./refusals.ts";
import { isVersionPattern } from "./semantic-version.ts";

const AMI_ID = /^ami-[0-9a-f]{8,17}$/;

/**
 * Checks a recipe's parent: an AMI id, `ssm:` with a parameter's name or ARN, or the ARN of an own Image Builder image.
 * What the first two point at is looked at when a build starts.
 */
export function checkParent(call: Call, parent: string): void {
  if (AMI_ID.test(parent)) return;
  if (parent.startsWith("ssm:")) {
    if (/^ssm:(\/[\w./-]+|[\w./-]+|arn:aws[^:]*:ssm:.+:parameter\/.+)$/.test(parent)) return;
    throw invalidValue("parentImage", `'${parent}' must be ssm: followed by a parameter's name or ARN.`);
  }
  const parts = parseArn(parent);
  if (parts?.kind !== "image" || parts.version === undefined || !isVersionPattern(parts.version)) {
    throw invalidValue("parentImage", `'${parent}' is no AMI id, no ssm: parameter and no image ARN.`);
  }
  if (parts.account === "aws") throw notBuilt(`an image owned by AWS as parent (${parent})`);
  if (findImages(call.aws, call, parent).length === 0) {
    throw invalidValue("parentImage", `The image '${parent}' does not exist.`);
  }
}
