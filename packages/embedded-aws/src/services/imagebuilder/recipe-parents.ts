import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/**
 * When a parent's AMI is looked up first. `at-creation`: CreateImageRecipe does, with the rights of who creates the recipe,
 * and refuses a parent that is not there. AWS does not document it, but lists `ssm:GetParameter` and `ec2:DescribeImages`
 * among the operation's dependent actions. `at-build`: builds do, and nothing before.
 */
export type ParentsResolved = "at-creation" | "at-build";

const definition = defineState("recipe parents", (): { resolved: ParentsResolved } => ({ resolved: "at-creation" }));

/** From now on recipes are created whatever their parent is. */
export const resolveParentsAtBuild = (aws: EmbeddedAws): void => {
  aws.state(definition, "", "").resolved = "at-build";
};

export const resolvesAtCreation = (aws: EmbeddedAws): boolean =>
  aws.state(definition, "", "").resolved === "at-creation";
