import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-ssm";
import type {
  GetParametersByPathCommandInput,
  GetParametersCommandOutput,
  ParameterMetadata,
  Parameter as ParameterOutput,
} from "@aws-sdk/client-ssm";
import type { Caller, EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { resourcesShared } from "../ram/reach.ts";
import {
  authorizeDecryption,
  authorizeParameter,
  keyOf,
  requireParameterKey,
  versionRead,
} from "./authorize-parameter.ts";
import {
  type Found,
  findParameter,
  isPublicName,
  parameterResource,
  requireParameter,
  requireVersion,
} from "./find-parameter.ts";
import { isUnder, passes } from "./parameter-filters.ts";
import { latest, type Parameter, type ParameterVersion, PUBLIC_ACCOUNT, ssmState } from "./state.ts";

export const operations = {
  GetParameter: {
    authorize: (input, call) => [
      authorizeParameter(call, input.Name),
      ...authorizeDecryption(call, versionRead(call, input.Name ?? ""), input.WithDecryption),
    ],
    run: (input, call) => ({
      Parameter: toParameter(call, requireVersion(call.aws, call, input.Name), input.WithDecryption),
    }),
  },
  /** Names and versions that do not exist are answered as invalid, without an error. */
  GetParameters: {
    authorize: (input, call) => [
      ...(input.Names ?? []).map((name) => authorizeParameter(call, name)),
      ...authorizeDecryption(
        call,
        (input.Names ?? []).flatMap((name) => versionRead(call, name)),
        input.WithDecryption,
      ),
    ],
    run(input, call) {
      const names = [...new Set(input.Names)];
      const output = { Parameters: [] as ReturnType<typeof toParameter>[], InvalidParameters: [] as string[] };
      for (const name of names) {
        try {
          output.Parameters.push(toParameter(call, requireVersion(call.aws, call, name), input.WithDecryption));
        } catch (refusal) {
          if (!(refusal instanceof AwsError)) throw refusal;
          output.InvalidParameters.push(name);
        }
      }
      return output;
    },
  },
  GetParametersByPath: {
    list: { items: "Parameters", usual: 10 },
    authorize: (input, call) => [
      { resources: [parameterResource(call.aws, call, input.Path ?? "").arn] },
      ...authorizeDecryption(
        call,
        parametersUnder(input, call).map((parameter) => ({ parameter, versions: [latest(parameter)] })),
        input.WithDecryption,
      ),
    ],
    run(input, call) {
      if (!input.Path?.startsWith("/")) {
        throw new AwsError("ValidationException", `The parameter path must begin with a slash "/". Got ${input.Path}`);
      }
      return {
        Parameters: parametersUnder(input, call).map((parameter) =>
          toParameter(call, { parameter, version: latest(parameter), selector: undefined }, input.WithDecryption),
        ),
      };
    },
  },
  DescribeParameters: {
    list: "Parameters",
    run(input, call) {
      const filters = [
        ...(input.ParameterFilters ?? []),
        // The older form of the same filter.
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
      ...authorizeDecryption(call, historyRead(call, input.Name ?? ""), input.WithDecryption),
    ],
    run(input, call) {
      const parameter = requireParameter(call.aws, call, input.Name);
      return {
        Parameters: parameter.versions.map((version) => ({
          ...toMetadata(parameter, version),
          Value: shownValue(call, { parameter, version }, input.WithDecryption ?? false),
          Labels: [...version.labels],
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** A parameter as the API shows it. SecureStrings are encrypted unless the caller requested decryption. */
function toParameter(call: Call, { parameter, version, selector }: Found, decrypt = false): ParameterOutput {
  return {
    Name: parameter.name,
    Type: version.type,
    Value: shownValue(call, { parameter, version }, decrypt),
    Version: version.version,
    ...(selector && { Selector: selector }),
    LastModifiedDate: new Date(version.modifiedAt),
    ARN: parameter.arn,
    DataType: version.dataType,
  };
}

/** Ciphertext is opaque, so a digest that does not reveal the value is enough. @throws InvalidKeyId */
function shownValue(call: Call, { parameter, version }: Omit<Found, "selector">, decrypt: boolean): string {
  if (version.type !== "SecureString") return version.value;
  if (!decrypt) {
    return createHash("sha512").update(`${version.keyId}/${version.version}/${version.value}`).digest("base64");
  }
  requireParameterKey(call, keyOf(parameter, version, call));
  return version.value;
}

function historyRead(call: Call, name: string) {
  const parameter = findParameter(call.aws, call, name);
  return parameter ? [{ parameter, versions: parameter.versions }] : [];
}

function parametersUnder(input: GetParametersByPathCommandInput, { aws, account, region }: Call): Parameter[] {
  const path = input.Path ?? "";
  const place = isPublicName(path) ? PUBLIC_ACCOUNT : account;
  return [...aws.state(ssmState, place, region).parameters.values()]
    .filter(({ name }) => isUnder(name, path, input.Recursive ?? false))
    .filter((parameter) => passes(parameter, input.ParameterFilters))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const ownParameters = ({ aws, account, region }: Call): Parameter[] => [
  ...aws.state(ssmState, account, region).parameters.values(),
];

/** Only those that other accounts share with the caller (API reference, `Shared`). */
const sharedParameters = ({ aws, account, region }: Call): Parameter[] =>
  resourcesShared(aws, account, region).flatMap((arn) => findParameter(aws, { account, region }, arn) ?? []);

/** The ARN is needed only for shared parameters, but AWS answers it for all. */
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

interface ReadParameter {
  readonly value: string;
  /** `text`, `aws:ec2:image`, ... */
  readonly dataType: string;
  /** String, StringList or SecureString. */
  readonly type: string;
}

/**
 * Reads a parameter for a service that acts for a caller: EC2 for `resolve:ssm:...`, CloudFormation for template
 * parameters. Requires the caller's permission for ssm:GetParameters and, for another account's parameter, a share.
 * @param reference a name or an ARN, with or without `:version` or `:label`
 * @throws AwsError AccessDeniedException with Systems Manager's message; ParameterNotFound
 */
export async function readParameterAs(aws: EmbeddedAws, caller: Caller, reference: string): Promise<ReadParameter> {
  const { Parameters = [] } = await aws.call<GetParametersCommandOutput>(
    "ssm",
    "GetParameters",
    { Names: [reference] },
    caller,
  );
  const [found] = Parameters;
  if (!found) throw new AwsError("ParameterNotFound", `Parameter ${reference} not found.`);
  return { value: found.Value ?? "", dataType: found.DataType ?? "text", type: found.Type ?? "String" };
}
