import type * as Sdk from "@aws-sdk/client-ssm";
import type { GetParametersByPathCommandInput } from "@aws-sdk/client-ssm";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { authorizeDecryption } from "./authorize-parameter.ts";
import { parameterResource } from "./find-parameter.ts";
import { isUnder, passes } from "./parameter-filters.ts";
import { isPublicName } from "./parameter-name.ts";
import { latest, type Parameter, PUBLIC_ACCOUNT, ssmState } from "./state.ts";
import { toParameter } from "./to-parameter.ts";

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
    list: { items: "Parameters", usual: 10 },
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
      return {
        Parameters: parametersUnder(input, call).map((parameter) =>
          toParameter({ parameter, version: latest(parameter), selector: undefined }, input.WithDecryption),
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
