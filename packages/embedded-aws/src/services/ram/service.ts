import { collect } from "../../engine/collect.ts";
import { AwsError, type Call, type RecordedService, type Service } from "../../engine/operation.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";
import { tagOperations } from "../tagging.ts";
import { authorizeShare } from "./authorization.ts";
import { invalidParameter, requireShare, type Share } from "./state.ts";

/**
 * As in the RAM user guide, "Understanding AWS RAM log file entries", for CreateResourceShare; inferred for the others.
 */
const recorded: RecordedService = {
  eventSource: "ram.amazonaws.com",
  source: "aws.ram",
  isRead: (name) => /^(Get|List)/.test(name),
  requestParameters: (_name, input) => toElements(input),
  responseElements: (_name, output) => toElements(output),
};

const MAX_TAGS = 50;

interface Tagged {
  readonly resourceShareArn?: string;
  readonly resourceArn?: string;
}

/** AWS Resource Access Manager: shares of Parameter Store's advanced parameters. */
export const service: Service = {
  name: "ram",
  recorded,
  client: () => import("@aws-sdk/client-ram"),
  paging: { asked: "nextToken", size: "maxResults", most: 500, refusal: "InvalidNextTokenException" },
  operations: await collect(
    import("./invitations.ts"),
    import("./list-shares.ts"),
    import("./principals.ts"),
    import("./resource-shares.ts"),
    tagOperations<Tagged>({
      show: undefined,
      tags: "tags",
      keys: "tagKeys",
      form: ["key", "value"],
      authorize: (call, { resourceShareArn, resourceArn }, context) => [
        authorizeShare(call, resourceShareArn ?? resourceArn, context),
      ],
      find: (call, tagged) => taggedShare(call, tagged).tags,
      check(after) {
        if (after.size <= MAX_TAGS) return;
        throw new AwsError(
          "TagLimitExceededException",
          `A resource share can have ${MAX_TAGS} tags, not ${after.size}.`,
        );
      },
    }),
  ),
};

/** Requests name a share by either member; the other taggable resources, permissions, are only AWS's own here. */
function taggedShare({ aws, account, region }: Call, { resourceShareArn, resourceArn }: Tagged): Share {
  if (resourceShareArn !== undefined && resourceArn !== undefined) {
    throw invalidParameter("Specify either resourceShareArn or resourceArn, but not both.");
  }
  return requireShare(aws, account, region, resourceShareArn ?? resourceArn);
}
