import type * as Sdk from "@aws-sdk/client-ssm";
import type { GetParametersByPathCommandInput } from "@aws-sdk/client-ssm";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { authorizeDecryption } from "./authorize-parameter.ts";
import { parameterResource } from "./find-parameter.ts";
import { isUnder, passes } from "./parameter-filters.ts";
import { isPublicName } from "./parameter-name.ts";
import { latest, type Parameter, PUBLIC_ACCOUNT, ssmState } from "./state.ts";
import { toParameter } from "./to-parameter.ts";

const PAGE = 10;

function parametersUnder(input: GetParametersByPathCommandInput, { aws, account, region }: Call): Parameter[] {
  const path = input.Path ?? "";
  const place = isPublicName(path) ? PUBLIC_ACCOUNT : account;
  return [...aws.state(ssmState, place, region).parameters.values()]
    .filter(({ name }) => isUnder(name, path, input.Recursive ?? false))
    .filter((parameter) => passes(parameter, input.ParameterFilters))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const operations = {
  GetParametersByPath: {
    authorize: (input, call) => [
      { resources: [parameterResource(call.aws, call, input.Path ?? "").arn] },
      ...authorizeDecryption(
        call,
        parametersUnder(input, call).map(({ name }) => name),
        input.WithDecryption,
      ),
    ],
    run(input, call) {
      if (!input.Path?.startsWith("/")) {
        throw new AwsError("ValidationException", `The parameter path must begin with a slash "/". Got ${input.Path}`);
      }
      const size = input.MaxResults ?? PAGE;
      if (size < 1 || size > PAGE) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${PAGE}`,
        );
      }
      const page = paginate(parametersUnder(input, call), input.NextToken, size, "InvalidNextToken");
      return {
        Parameters: page.items.map((parameter) =>
          toParameter({ parameter, version: latest(parameter), selector: undefined }, input.WithDecryption),
        ),
        ...(page.next && { NextToken: page.next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
