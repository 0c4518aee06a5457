import type * as Sdk from "@aws-sdk/client-imagebuilder";
import { parseToeDocument, type ToeDocument, ToeDocumentError } from "component-runner/documents";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { arnOf, normalised, parseArn, requireArn, requireVersion } from "./arn.ts";
import { making, on, once } from "./authorization.ts";
import { fetchDocument } from "./fetch-document.ts";
import { latestVersionReferences } from "./find-version.ts";
import { toDetails } from "./managed-components.ts";
import { invalidCombination, invalidValue } from "./refusals.ts";
import { findResource } from "./resources.ts";
import { builderState } from "./state.ts";

export const operations = {
  CreateComponent: {
    authorize: ({ name, semanticVersion, tags }, call) => making(call, "component", [name, semanticVersion, "*"], tags),
    run: (input, call) => once(call, "CreateComponent", input, () => create(input, call)),
  },
  ListComponentBuildVersions: {
    list: "componentSummaryList",
    authorize: ({ componentVersionArn: arn }, call) => on(call, arn && `${arn}/*`),
    run({ componentVersionArn: arn }, call) {
      const { components } = call.aws.state(builderState, call.account, call.region);
      const builds = [...components.values()].filter((one) => arn === undefined || one.arn?.startsWith(`${arn}/`));
      return { requestId: call.requestId, componentSummaryList: builds.map(toSummary) };
    },
  },
} satisfies Operations<typeof Sdk>;

async function create(input: Sdk.CreateComponentCommandInput, call: Call) {
  const { name = "", platform = "Linux" } = input;
  const version = requireVersion(input.semanticVersion);
  if ((input.data === undefined) === (input.uri === undefined)) {
    throw invalidCombination("Exactly one of the parameters 'data' and 'uri' must be specified.");
  }
  const data = input.data ?? (await fetchDocument(call, input.uri ?? ""));
  const document = parse(data, platform, input.data === undefined ? "uri" : "data");
  if (input.dryRun) {
    throw new AwsError("DryRunOperationException", "The dry run operation of the resource was successful.");
  }
  const { components, documents, buildNumbers } = call.aws.state(builderState, call.account, call.region);
  // The same version again becomes the next build: since November 2025 AWS numbers builds of components.
  const versionArn = arnOf(call, "component", normalised(name), version);
  const build = (buildNumbers.get(versionArn) ?? 0) + 1;
  buildNumbers.set(versionArn, build);
  const arn = `${versionArn}/${build}`;
  const stages = document.phases.map((phase) => phase.name);
  const component: Sdk.Component = {
    arn,
    name,
    version,
    description: input.description,
    changeDescription: input.changeDescription,
    type: stages.every((stage) => stage === "test" || stage === "container-host-test") ? "TEST" : "BUILD",
    platform,
    supportedOsVersions: input.supportedOsVersions,
    state: { status: "ACTIVE" },
    parameters: toDetails(document.parameters),
    owner: call.account,
    data,
    kmsKeyId: input.kmsKeyId,
    encrypted: true,
    dateCreated: new Date(call.aws.clock.now()).toISOString(),
    tags: { ...input.tags },
  };
  components.set(arn, component);
  documents.set(arn, document);
  return {
    requestId: call.requestId,
    clientToken: input.clientToken,
    componentBuildVersionArn: arn,
    latestVersionReferences: latestVersionReferences(arn),
  };
}

function parse(data: string, platform: Sdk.Platform, parameter: string): ToeDocument {
  try {
    return parseToeDocument(data, platform);
  } catch (error) {
    if (error instanceof ToeDocumentError) throw invalidValue(parameter, error.message);
    throw error;
  }
}

function toSummary({
  parameters: _,
  data: __,
  kmsKeyId: ___,
  encrypted: ____,
  ...summary
}: Sdk.Component): Sdk.ComponentSummary {
  return { ...summary, version: parseArn(summary.arn ?? "")?.version };
}

/** Checks a recipe's components; answers their platform, undefined without components. */
export function checkComponents(call: Call, asked: readonly Sdk.ComponentConfiguration[]): Sdk.Platform | undefined {
  const components = asked.map((one, index) => checkComponent(call, one, index));
  const platform = components[0]?.platform;
  const other = components.find((one) => one.platform !== platform);
  if (other) {
    throw invalidCombination(
      `The components must be for one platform; '${other.arn}' is for ${other.platform}, not ${platform}.`,
    );
  }
  return platform;
}

function checkComponent(call: Call, asked: Sdk.ComponentConfiguration, index: number): Sdk.Component {
  const parameter = `components[${index}].componentArn`;
  const { componentArn: arn = "" } = asked;
  requireArn(arn, "component", "build-or-pattern", parameter);
  const found = findResource(call.aws, call, "Component", arn);
  if (!found) throw invalidValue(parameter, `The component '${arn}' does not exist.`);
  checkParameters(`components[${index}].parameters`, asked.parameters ?? [], found.parameters);
  return found;
}

/** @param declared undefined for components of AWS whose parameters are not known */
function checkParameters(
  at: string,
  given: readonly Sdk.ComponentParameter[],
  declared: readonly Sdk.ComponentParameterDetail[] | undefined,
): void {
  if (!declared) return;
  const names = given.map(({ name }) => name ?? "");
  const unknown = names.filter((name) => declared.every((one) => one.name !== name));
  if (unknown.length > 0) {
    throw invalidCombination(
      `The value supplied for parameter '${at}' is not valid. The following parameters are not defined in the provided component: ${unknown.join(", ")}`,
    );
  }
  const missing = declared.filter(({ name = "", defaultValue }) => !defaultValue && !names.includes(name));
  if (missing.length > 0) {
    // The user guide says that the recipe is refused, but not with which message.
    throw invalidCombination(
      `The value supplied for parameter '${at}' is not valid. The following parameters of the provided component have no default and need a value: ${missing.map(({ name }) => name).join(", ")}`,
    );
  }
}
