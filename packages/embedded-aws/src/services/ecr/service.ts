import { collect } from "../../engine/collect.ts";
import type { RecordedService, Service } from "../../engine/operation.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";
import { tagOperations } from "../tagging.ts";
import { checkTags } from "./repositories.ts";
import { onRepositoryArn, repositoryByArn } from "./state.ts";

interface RepositoryRequest {
  readonly registryId?: string;
  readonly repositoryName?: string;
}

/** As in the ECR user guide, "Example: Create repository action", and a public sample of SetRepositoryPolicy. */
const recorded: RecordedService = {
  eventSource: "ecr.amazonaws.com",
  source: "aws.ecr",
  isRead: (name) => /^(BatchCheck|BatchGet|Describe|Get|List)/.test(name),
  requestParameters: (name, input) => ({
    ...(name === "SetRepositoryPolicy" && { force: false }),
    ...(toElements(input) as object),
  }),
  responseElements: (_name, output) => toElements(output),
  moreFields(_name, input, _output, { aws, account, region }) {
    const { registryId = account, repositoryName } = input as RepositoryRequest;
    if (repositoryName === undefined) return {};
    const ARN = `arn:${aws.partition}:ecr:${region}:${registryId}:repository/${repositoryName}`;
    return { resources: [{ ARN, accountId: registryId }] };
  },
};

/** Amazon ECR's private registries, by API only, without Docker's protocol. */
export const service: Service = {
  name: "ecr",
  recorded,
  client: () => import("@aws-sdk/client-ecr"),
  paging: { asked: "nextToken", size: "maxResults", usual: 100, refusal: "InvalidParameterException" },
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
