import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, on } from "./authorization.ts";
import { checkDistributions } from "./check-distributions.ts";
import { once } from "./once.ts";
import { alreadyExists } from "./refusals.ts";
import { requireResource } from "./resources.ts";
import { builderState } from "./state.ts";

/** AWS's limit on the whole distribution. */
const TIMEOUT_MINUTES = 720;

export const operations = {
  CreateDistributionConfiguration: {
    authorize: ({ name, tags }, call) => making(call, "distribution-configuration", [name], tags),
    run: (input, call) =>
      once(call, "CreateDistributionConfiguration", input, () => {
        const { name = "" } = input;
        const distributions = checkDistributions(input.distributions);
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
        found.distributions = checkDistributions(input.distributions);
        found.description = input.description;
        found.dateUpdated = new Date(call.aws.clock.now()).toISOString();
        return { requestId: call.requestId, clientToken: input.clientToken, distributionConfigurationArn: found.arn };
      }),
  },
} satisfies Operations<typeof Sdk>;
