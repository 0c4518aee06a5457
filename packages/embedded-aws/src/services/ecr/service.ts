import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { onRepositoryArn, repositoryByArn } from "./find-repository.ts";
import { recorded } from "./recorded.ts";
import { checkTags } from "./repositories.ts";

/** Amazon ECR's private registries, by API only, without Docker's protocol. */
export const service: Service = {
  name: "ecr",
  recorded,
  client: () => import("@aws-sdk/client-ecr"),
  paging: {
    asked: "nextToken",
    given: "nextToken",
    size: "maxResults",
    usual: 100,
    refusal: "InvalidParameterException",
  },
  operations: await collect(
    import("./images.ts"),
    import("./lifecycle/lifecycle-policy.ts"),
    import("./pull.ts"),
    import("./push.ts"),
    import("./repositories.ts"),
    import("./repository-policy.ts"),
    import("./repository-settings.ts"),
    import("./scans.ts"),
    tagOperations<{ readonly resourceArn?: string }>({
      tags: "tags",
      keys: "tagKeys",
      form: ["Key", "Value"],
      authorize: (call, { resourceArn }, context) => [onRepositoryArn(call, resourceArn, context)],
      find: (call, { resourceArn }) => repositoryByArn(call, resourceArn).resourceTags,
      check: checkTags,
    }),
  ),
};
