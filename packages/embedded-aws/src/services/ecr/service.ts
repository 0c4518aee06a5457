import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { onRepositoryArn } from "./authorization.ts";
import { checkTags } from "./create-repository.ts";
import { repositoryByArn } from "./find-repository.ts";
import { recorded } from "./recorded.ts";

/** Amazon ECR's private registries, by its API; Docker's own protocol is not spoken. */
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
    import("./batch-delete-image.ts"),
    import("./batch-get-image.ts"),
    import("./create-repository.ts"),
    import("./delete-repository.ts"),
    import("./describe-image-scan-findings.ts"),
    import("./describe-images.ts"),
    import("./describe-repositories.ts"),
    import("./get-authorization-token.ts"),
    import("./layers.ts"),
    import("./lifecycle/preview-lifecycle-policy.ts"),
    import("./lifecycle/put-lifecycle-policy.ts"),
    import("./put-image.ts"),
    import("./repository-policy.ts"),
    import("./repository-settings.ts"),
    tagOperations<{ readonly resourceArn?: string }>({
      tags: "tags",
      keys: "tagKeys",
      form: ["Key", "Value"],
      authorize: (call, { resourceArn }, context) => [onRepositoryArn(call, resourceArn, context)],
      find: (call, { resourceArn }) => repositoryByArn(call, resourceArn).resourceTags,
      check: checkTags,
    }),
    import("./scan-image.ts"),
    import("./upload-layer.ts"),
  ),
};
