import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { DistributionConfiguration } from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, on } from "./authorization.ts";
import { checkDistributions } from "./check-distributions.ts";
import { checkedTags, requireArn, requireName } from "./check-input.ts";
import { once } from "./once.ts";
import { filtered, pageOf } from "./page.ts";
import { alreadyExists, dependedOn, notFound } from "./refusals.ts";
import { builderState } from "./state.ts";

/** AWS's limit on the whole distribution. */
const TIMEOUT_MINUTES = 720;

export const operations = {
  CreateDistributionConfiguration: {
    authorize: ({ name, tags }, call) => making(call, "distribution-configuration", [name], tags),
    run: (input, call) =>
      once(call, "CreateDistributionConfiguration", input, () => {
        const name = requireName(input.name);
        const distributions = checkDistributions(input.distributions);
        const arn = arnOf(call, "distribution-configuration", normalised(name));
        const state = call.aws.state(builderState, call.account, call.region);
        if (state.distributions.has(arn)) throw alreadyExists("DistributionConfiguration", arn);
        state.distributions.set(arn, {
          arn,
          name,
          description: input.description,
          distributions: structuredClone(distributions),
          timeoutMinutes: TIMEOUT_MINUTES,
          dateCreated: new Date(call.aws.clock.now()).toISOString(),
          tags: checkedTags(input.tags),
        });
        return { requestId: call.requestId, clientToken: input.clientToken, distributionConfigurationArn: arn };
      }),
  },
  UpdateDistributionConfiguration: {
    authorize: ({ distributionConfigurationArn }, call) => on(call, distributionConfigurationArn),
    run: (input, call) =>
      once(call, "UpdateDistributionConfiguration", input, () => {
        const found = requireDistribution(call, input.distributionConfigurationArn);
        found.distributions = structuredClone(checkDistributions(input.distributions));
        found.description = input.description;
        found.dateUpdated = new Date(call.aws.clock.now()).toISOString();
        return { requestId: call.requestId, clientToken: input.clientToken, distributionConfigurationArn: found.arn };
      }),
  },
  GetDistributionConfiguration: {
    authorize: ({ distributionConfigurationArn }, call) => on(call, distributionConfigurationArn),
    run: ({ distributionConfigurationArn: arn }, call) => ({
      requestId: call.requestId,
      distributionConfiguration: structuredClone(requireDistribution(call, arn)),
    }),
  },
  ListDistributionConfigurations: {
    run(input, call) {
      const all = [...call.aws.state(builderState, call.account, call.region).distributions.values()];
      const { items, nextToken } = pageOf(filtered(all, input.filters, { name: (one) => one.name }), input);
      const distributionConfigurationSummaryList = items.map((one) => ({
        arn: one.arn,
        name: one.name,
        description: one.description,
        dateCreated: one.dateCreated,
        dateUpdated: one.dateUpdated,
        tags: { ...one.tags },
        regions: (one.distributions ?? []).map(({ region }) => region ?? ""),
      }));
      return { requestId: call.requestId, distributionConfigurationSummaryList, nextToken };
    },
  },
  DeleteDistributionConfiguration: {
    authorize: ({ distributionConfigurationArn }, call) => on(call, distributionConfigurationArn),
    run({ distributionConfigurationArn }, call) {
      const { arn = "" } = requireDistribution(call, distributionConfigurationArn);
      const { distributions, pipelines } = call.aws.state(builderState, call.account, call.region);
      if ([...pipelines.values()].some((one) => one.distributionConfigurationArn === arn)) throw dependedOn(arn);
      distributions.delete(arn);
      return { requestId: call.requestId, distributionConfigurationArn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;

/** A distribution configuration of the caller's, or the refusal. */
export function requireDistribution(call: Call, arn: string | undefined): DistributionConfiguration {
  requireArn(arn, "distribution-configuration", "plain", "distributionConfigurationArn");
  const found = call.aws.state(builderState, call.account, call.region).distributions.get(arn ?? "");
  if (!found) throw notFound(arn ?? "");
  return found;
}
