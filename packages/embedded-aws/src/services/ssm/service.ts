import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteParameter, deleteParameters } from "./delete-parameter.ts";
import { describeParameters, getParameterHistory } from "./describe-parameters.ts";
import { getParameter, getParameters } from "./get-parameter.ts";
import { getParametersByPath } from "./get-parameters-by-path.ts";
import { labelParameterVersion, unlabelParameterVersion } from "./label-parameter-version.ts";
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from "./parameter-tags.ts";
import { putParameter } from "./put-parameter.ts";

/** AWS Systems Manager: its Parameter Store. */
export const service: Service = {
  name: "ssm",
  client: () => import("@aws-sdk/client-ssm"),
  operations: bindTokens(
    {
      AddTagsToResource: addTagsToResource,
      DeleteParameter: deleteParameter,
      DeleteParameters: deleteParameters,
      DescribeParameters: describeParameters,
      GetParameter: getParameter,
      GetParameterHistory: getParameterHistory,
      GetParameters: getParameters,
      GetParametersByPath: getParametersByPath,
      LabelParameterVersion: labelParameterVersion,
      ListTagsForResource: listTagsForResource,
      PutParameter: putParameter,
      RemoveTagsFromResource: removeTagsFromResource,
      UnlabelParameterVersion: unlabelParameterVersion,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidNextToken" },
  ),
};
