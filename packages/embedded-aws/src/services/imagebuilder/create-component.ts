import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type {
  Component,
  CreateComponentCommandInput,
  CreateComponentCommandOutput,
  Platform,
} from "@aws-sdk/client-imagebuilder";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { making } from "./authorization.ts";
import { checkedTags, required, requireName, requireOneOf } from "./check-input.ts";
import { fetchDocument } from "./fetch-document.ts";
import { once } from "./once.ts";
import { invalidCombination, invalidValue } from "./refusals.ts";
import { requireVersion } from "./semantic-version.ts";
import { builderState } from "./state.ts";
import { type ToeDocument, ToeDocumentError } from "./toe/document.ts";
import { parseToeDocument } from "./toe/parse-document.ts";
import { latestVersionReferences } from "./version-references.ts";

type Output = Omit<CreateComponentCommandOutput, "$metadata">;

const PLATFORMS: readonly Platform[] = ["Linux", "Windows", "macOS"];
/** The API's limit on inline documents, in characters. */
const LONGEST_INLINE = 16_000;

export const operations = {
  CreateComponent: {
    authorize: ({ name, semanticVersion, tags }, call) => making(call, "component", [name, semanticVersion, "*"], tags),
    run: (input, call) => once(call, "CreateComponent", input, () => create(input, call)),
  },
} satisfies Operations<typeof Sdk>;

async function create(input: CreateComponentCommandInput, call: Call): Promise<Output> {
  const name = requireName(input.name);
  const version = requireVersion(required(input.semanticVersion, "semanticVersion"));
  const platform = requireOneOf(input.platform, PLATFORMS, "platform");
  if ((input.data === undefined) === (input.uri === undefined)) {
    throw invalidCombination("Exactly one of the parameters 'data' and 'uri' must be specified.");
  }
  if (input.data !== undefined && (input.data.length < 1 || input.data.length > LONGEST_INLINE)) {
    throw invalidValue("data", `It must have 1 to ${LONGEST_INLINE} characters.`);
  }
  const data = input.data ?? (await fetchDocument(call, input.uri ?? ""));
  const document = parse(data, platform, input.data === undefined ? "uri" : "data");
  const tags = checkedTags(input.tags);
  if (input.dryRun) {
    throw new AwsError("DryRunOperationException", "The dry run operation of the resource was successful.", {
      status: 412,
    });
  }
  const { components, buildNumbers } = call.aws.state(builderState, call.account, call.region);
  // The same version again becomes its next build: since November 2025 AWS counts builds of components by itself.
  const versionArn = arnOf(call, "component", normalised(name), version);
  const build = (buildNumbers.get(versionArn) ?? 0) + 1;
  buildNumbers.set(versionArn, build);
  const arn = `${versionArn}/${build}`;
  const stages = document.phases.map((phase) => phase.name);
  const component: Component = {
    arn,
    name,
    version,
    description: input.description,
    changeDescription: input.changeDescription,
    type: stages.some((stage) => stage === "build" || stage === "validate") ? "BUILD" : "TEST",
    platform,
    supportedOsVersions: input.supportedOsVersions,
    state: { status: "ACTIVE" },
    parameters: document.parameters.map((parameter) => ({
      name: parameter.name,
      type: "string",
      defaultValue: parameter.default === undefined ? undefined : [parameter.default],
      description: parameter.description,
    })),
    owner: call.account,
    data,
    kmsKeyId: input.kmsKeyId,
    encrypted: true,
    dateCreated: new Date(call.aws.clock.now()).toISOString(),
    tags,
  };
  components.set(arn, { component, document });
  return {
    requestId: call.requestId,
    clientToken: input.clientToken,
    componentBuildVersionArn: arn,
    latestVersionReferences: latestVersionReferences(arn, version),
  };
}

function parse(data: string, platform: Platform, parameter: string): ToeDocument {
  try {
    return parseToeDocument(data, platform);
  } catch (error) {
    if (error instanceof ToeDocumentError) throw invalidValue(parameter, error.message);
    throw error;
  }
}
