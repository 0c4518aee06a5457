import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, on, once } from "./authorization.ts";
import { alreadyExists, invalidCombination, invalidValue, notBuilt } from "./refusals.ts";
import { requireResource } from "./resources.ts";
import { builderState } from "./state.ts";

export const operations = {
  CreateDistributionConfiguration: {
    authorize: ({ name, tags }, call) => making(call, "distribution-configuration", [name], tags),
    run: (input, call) =>
      once(call, "CreateDistributionConfiguration", input, () => {
        const { name = "" } = input;
        const distributions = checkDistributions(call.account, input.distributions);
        const arn = arnOf(call, "distribution-configuration", normalised(name));
        const state = call.aws.state(builderState, call.account, call.region);
        if (state.distributions.has(arn)) throw alreadyExists("DistributionConfiguration", arn);
        state.distributions.set(arn, {
          arn,
          name,
          description: input.description,
          distributions,
          timeoutMinutes: TIMEOUT_MINUTES,
          dateCreated: new Date(call.aws.clock.now()).toISOString(),
          tags: { ...input.tags },
        });
        return { requestId: call.requestId, clientToken: input.clientToken, distributionConfigurationArn: arn };
      }),
  },
  UpdateDistributionConfiguration: {
    authorize: ({ distributionConfigurationArn }, call) => on(call, distributionConfigurationArn),
    run: (input, call) =>
      once(call, "UpdateDistributionConfiguration", input, () => {
        const found = requireResource(call, "DistributionConfiguration", input.distributionConfigurationArn);
        found.distributions = checkDistributions(call.account, input.distributions);
        found.description = input.description;
        found.dateUpdated = new Date(call.aws.clock.now()).toISOString();
        return { requestId: call.requestId, clientToken: input.clientToken, distributionConfigurationArn: found.arn };
      }),
  },
} satisfies Operations<typeof Sdk>;

/** Makes each AMI name unique. */
const BUILD_DATE = "{{ imagebuilder:buildDate }}";

/** Checks a distribution configuration's regions: duplicates and what is not built are refused. */
function checkDistributions(account: string, all: readonly Sdk.Distribution[] = []): Sdk.Distribution[] {
  const seen = new Set<string>();
  for (const [index, one] of all.entries()) {
    const path = `distributions[${index}]`;
    const { region = "" } = one;
    if (seen.has(region)) throw invalidValue(`${path}.region`, `The region '${region}' appears more than once.`);
    seen.add(region);
    if (one.containerDistributionConfiguration && one.amiDistributionConfiguration) {
      throw invalidCombination(
        `${path}.containerDistributionConfiguration: a region's distribution is either for AMIs or for container images.`,
      );
    }
    if (one.launchTemplateConfigurations?.length) throw notBuilt("launchTemplateConfigurations of a distribution");
    if (one.fastLaunchConfigurations?.length) throw notBuilt("fastLaunchConfigurations of a distribution");
    if (one.s3ExportConfiguration) throw notBuilt("s3ExportConfiguration of a distribution");
    checkAmi(one, `${path}.amiDistributionConfiguration`);
    checkParameters(account, one, `${path}.ssmParameterConfigurations`);
  }
  return structuredClone([...all]);
}

function checkAmi({ amiDistributionConfiguration: ami }: Sdk.Distribution, path: string): void {
  if (ami?.name && !ami.name.replaceAll(/\s/g, "").includes("{{imagebuilder:buildDate")) {
    throw invalidValue(`${path}.name`, `The AMI name must contain '${BUILD_DATE}'.`);
  }
}

/** A parameter's account must get an AMI in the region (API reference, SsmParameterConfiguration, `amiAccountId`). */
function checkParameters(account: string, one: Sdk.Distribution, path: string): void {
  const targets = one.amiDistributionConfiguration?.targetAccountIds ?? [account];
  const other = one.ssmParameterConfigurations?.find(
    (parameter) => !targets.includes(parameter.amiAccountId ?? account),
  );
  if (!other) return;
  const { amiAccountId = account } = other;
  throw invalidValue(
    `${path}.amiAccountId`,
    `The account '${amiAccountId}' is not a target account of the distribution.`,
  );
}

/** AWS's limit for the whole distribution. */
const TIMEOUT_MINUTES = 720;
