import type * as Sdk from "@aws-sdk/client-ssm";
import type { ParameterMetadata } from "@aws-sdk/client-ssm";
import type { Call, Operations } from "../../engine/operation.ts";
import { resourcesShared } from "../ram/reach.ts";
import { authorizeDecryption, authorizeParameter } from "./authorize-parameter.ts";
import { findParameter, requireParameter } from "./find-parameter.ts";
import { passes } from "./parameter-filters.ts";
import { latest, type Parameter, type ParameterVersion, ssmState } from "./state.ts";
import { shownValue } from "./to-parameter.ts";

const ownParameters = ({ aws, account, region }: Call): Parameter[] => [
  ...aws.state(ssmState, account, region).parameters.values(),
];

/** Those that other accounts share with the caller, and only those (API reference, `Shared`). */
const sharedParameters = ({ aws, account, region }: Call): Parameter[] =>
  resourcesShared(aws, account, region).flatMap((arn) => findParameter(aws, { account, region }, arn) ?? []);

export const operations = {
  DescribeParameters: {
    list: "Parameters",
    run(input, call) {
      const filters = [
        ...(input.ParameterFilters ?? []),
        // The older form of the same question.
        ...(input.Filters ?? []).map(({ Key, Values }) => ({ Key, Values, Option: "BeginsWith" })),
      ];
      const found = (input.Shared ? sharedParameters(call) : ownParameters(call)).filter((one) => passes(one, filters));
      return { Parameters: found.map((parameter) => toMetadata(parameter, latest(parameter))) };
    },
  },
  GetParameterHistory: {
    list: "Parameters",
    authorize: (input, call) => [
      authorizeParameter(call, input.Name),
      ...authorizeDecryption(call, [input.Name ?? ""], input.WithDecryption),
    ],
    run(input, call) {
      const parameter = requireParameter(call.aws, call, input.Name);
      return {
        Parameters: parameter.versions.map((version) => ({
          ...toMetadata(parameter, version),
          Value: shownValue(version, input.WithDecryption ?? false),
          Labels: [...version.labels],
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The ARN is of use to shared parameters only, but AWS gives it for all. */
const toMetadata = (parameter: Parameter, version: ParameterVersion): ParameterMetadata => ({
  Name: parameter.name,
  ARN: parameter.arn,
  Type: version.type,
  ...(version.keyId && { KeyId: version.keyId }),
  LastModifiedDate: new Date(version.modifiedAt),
  LastModifiedUser: version.modifiedBy,
  ...(version.description && { Description: version.description }),
  ...(version.allowedPattern && { AllowedPattern: version.allowedPattern }),
  Version: version.version,
  Tier: version.tier,
  Policies: [],
  DataType: version.dataType,
});
