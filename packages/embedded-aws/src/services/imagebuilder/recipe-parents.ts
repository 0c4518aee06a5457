import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/**
 * When a recipe's parent AMI is first resolved. `at-creation`: by CreateImageRecipe, with its caller's permissions; it
 * refuses a parent that does not exist. AWS does not document this, but lists `ssm:GetParameter` and
 * `ec2:DescribeImages` as dependent actions of the operation. `at-build`: only by builds.
 */
export type ParentsResolved = "at-creation" | "at-build";

const definition = defineState("recipe parents", (): { resolved: ParentsResolved } => ({ resolved: "at-creation" }));

/** From now on the creation of recipes does not check their parent. */
export const resolveParentsAtBuild = (aws: EmbeddedAws): void => {
  aws.state(definition, "", "").resolved = "at-build";
};

export const resolvesAtCreation = (aws: EmbeddedAws): boolean =>
  aws.state(definition, "", "").resolved === "at-creation";
