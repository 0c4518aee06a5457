import type { RecordedService } from "../../engine/operation.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";

interface RepositoryRequest {
  readonly registryId?: string;
  readonly repositoryName?: string;
}

/** As in the ECR user guide, "Example: Create repository action", and a public sample of SetRepositoryPolicy. */
export const recorded: RecordedService = {
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
