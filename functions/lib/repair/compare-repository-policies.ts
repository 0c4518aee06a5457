import { ECRClient } from "@aws-sdk/client-ecr";
import { readRepositoryPolicy } from "../../../adapters/containers/repository-policy.ts";
import { BUILDS, buildsRepository, channelRepository } from "../../../core/names.ts";
import { type PolicyDocument, policyDifference } from "../../../core/policy-difference.ts";
import { pullPolicy } from "../../../core/share/pull-policy.ts";
import { regionsOfBuilds, regionsOfChannel } from "../../../core/share/regions.ts";
import type { ChannelOf } from "../channels/channel-of.ts";
import { inAllRegions } from "../channels/in-all-regions.ts";
import { inTurn } from "./in-turn.ts";
import type { RepairStep } from "./repair.ts";
import { type Known, type Scope, within } from "./scope.ts";
import { type Drift, tellDrift } from "./tell-drift.ts";

interface Policed extends ChannelOf {
  readonly repositoryName: string;
  readonly regions: readonly string[];
  /** Undefined: the factory's account alone may use the repository. */
  readonly wanted: PolicyDocument | undefined;
}

/**
 * Reports repositories of container images whose policies are not those that the stack gave them, for the same reason
 * without a change as for keys. One call a repository and region.
 * @returns how many differences were new
 */
export function compareRepositoryPolicies(known: Known, scope: Scope, step: RepairStep): Promise<number> {
  const comparisons = repositoriesOf(step)
    .filter(scope.covers)
    .map((one) => [`policy of ${one.repositoryName}`, () => compare(one, known, scope, step)]);
  return inTurn(Object.fromEntries(comparisons));
}

function repositoriesOf({ settings: { factory, place } }: RepairStep): Policed[] {
  const organization = factory.organization.id;
  return Object.entries(factory.images).flatMap(([image, config]) => {
    if (config.kind !== "container") return [];
    const channels = config.channels.map(
      (channel): Policed => ({
        image,
        channel: channel.name,
        repositoryName: channelRepository(factory.name, image, channel.name),
        regions: regionsOfChannel(factory, config, channel),
        wanted: pullPolicy(channel.share, { ...place, organization }),
      }),
    );
    const builds = {
      image,
      channel: BUILDS,
      repositoryName: buildsRepository(factory.name, image),
      regions: regionsOfBuilds(factory, config),
      wanted: undefined,
    };
    return [...channels, builds];
  });
}

async function compare(
  { image, channel, repositoryName, regions, wanted }: Policed,
  known: Known,
  scope: Scope,
  step: RepairStep,
): Promise<number> {
  const registryId = step.settings.place.account;
  const drifts = await inAllRegions(within(scope, regions), async (region): Promise<Drift[]> => {
    const policy = await readRepositoryPolicy(step.client(ECRClient, region), { registryId, repositoryName });
    const difference = policyDifference(policy, wanted);
    if (!difference) return [];
    return [
      {
        what: `repository-policy ${region}`,
        found: `the policy of the repository ${repositoryName} in ${region} is not what was deployed: ${difference}`,
        done: "Nothing was changed. Put it back with `npx sst refresh` and `npx sst deploy`.",
        repaired: false,
      },
    ];
  });
  return tellDrift({ image, channel }, "repository-policy", drifts.flat(), known, scope, step);
}
