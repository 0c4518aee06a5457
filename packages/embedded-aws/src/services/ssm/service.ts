import { collect } from "../../engine/collect.ts";
import { AwsError, type Call, type Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { authorizeParameter } from "./authorize-parameter.ts";
import { findParameter } from "./find-parameter.ts";

interface Tagged {
  readonly ResourceType?: string;
  readonly ResourceId?: string;
}

/** AWS Systems Manager: its Parameter Store, and Change Calendar. */
export const service: Service = {
  name: "ssm",
  client: () => import("@aws-sdk/client-ssm"),
  errors: { throttled: ["ThrottlingException", 400], failed: ["InternalServerError", 500] },
  paging: { asked: "NextToken", size: "MaxResults", usual: 50, refusal: "InvalidNextToken" },
  operations: await collect(
    import("./documents/documents.ts"),
    import("./label-parameter-version.ts"),
    import("./read-parameters.ts"),
    import("./write-parameters.ts"),
    tagOperations<Tagged>({
      add: "AddTagsToResource",
      remove: "RemoveTagsFromResource",
      tags: "Tags",
      shown: "TagList",
      keys: "TagKeys",
      form: ["Key", "Value"],
      authorize: (call, { ResourceId }, context) => [authorizeParameter(call, ResourceId, context)],
      find: tagsOf,
    }),
  ),
};

function tagsOf(call: Call, { ResourceType, ResourceId = "" }: Tagged): Map<string, string> {
  if (ResourceType !== "Parameter") {
    throw new AwsError("NotImplemented", `ssm tags are built only for Parameter, not for ${ResourceType}`);
  }
  const parameter = findParameter(call.aws, call, ResourceId);
  if (!parameter) throw new AwsError("InvalidResourceId", `The resource ID "${ResourceId}" is not valid.`);
  return parameter.tags;
}
