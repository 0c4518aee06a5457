import type { Grant } from "../grant.ts";
import { everyBuildsRepository } from "../repositories.ts";

/** What was pushed as a build's container image, by its tag: digest and size. */
export const readBuildsRepositories: Grant[] =
  everyBuildsRepository.length > 0 ? [{ actions: ["ecr:DescribeImages"], resources: everyBuildsRepository }] : [];
