import { ECRClient } from "@aws-sdk/client-ecr";
import { KMSClient } from "@aws-sdk/client-kms";
import { readRepositoryPolicy } from "../../adapters/containers/repository-images.ts";
import { readKeyPolicy, readKeyState } from "../../adapters/repair/keys.ts";
import { regionsOfBuilds, regionsOfChannel } from "../../core/channel/regions.ts";
import { pullPolicy } from "../../core/containers/pull-policy.ts";
import { BUILDS, buildsRepository, channelRepository } from "../../core/names.ts";
import { type PolicyDocument, policyDifference } from "../../core/repair/policy-difference.ts";
import { keyPolicy } from "../../core/share/key-policy.ts";
import { type ChannelOf, inAllRegions } from "../channel/in-all-regions.ts";
import { inTurn } from "../in-turn.ts";
import { keysOf } from "../share/marks.ts";
import type { RepairInvocation } from "./repair.ts";
import { type Drift, reportDrift } from "./report-drift.ts";
import { type Known, type Scope, within } from "./scope.ts";

/**
 * Reports keys that are not enabled, and key policies that differ from the stack's. It changes nothing: a function that
 * could write key policies could grant the keys to anyone. Two calls per region.
 * @returns how many differences were new
 */
export async function compareKeys(known: Known, scope: Scope, invocation: RepairInvocation): Promise<number> {
  const keys = keysOf(invocation);
  const drifts = await inAllRegions(scope.regions, async (region) => {
    const key = keys.get(region);
    return key === undefined ? [] : checkKey(region, key, invocation);
  });
  return reportDrift(undefined, "key", drifts.flat(), known, scope, invocation);
}

async function checkKey(region: string, key: string, { client, settings }: RepairInvocation): Promise<Drift[]> {
  const { factory, place } = settings;
  const kms = client(KMSClient, region);
  const state = await readKeyState(kms, key);
  // The policies of keys that existed before the factory belong to their owners.
  const isGiven = factory.keys?.[region] !== undefined;
  const difference = isGiven ? undefined : policyDifference(await readKeyPolicy(kms, key), keyPolicy(factory, place));
  const drifts: Drift[] = [];
  if (state !== "Enabled") {
    drifts.push({
      what: `key ${region} state`,
      found: `the key ${key} is ${state}: instances cannot start from AMIs that it encrypts`,
      done: "Not changed. Enable it (`aws kms enable-key`), after cancelling its deletion if that is scheduled.",
      repaired: false,
    });
  }
  if (difference) {
    drifts.push({
      what: `key ${region} policy`,
      found: `the policy of the key ${key} differs from the deployed one: ${difference}`,
      done: "Not changed. Restore it with `npx sst refresh` and `npx sst deploy`.",
      repaired: false,
    });
  }
  return drifts;
}

interface Policed extends ChannelOf {
  readonly repositoryName: string;
  readonly regions: readonly string[];
  /** Undefined: only the factory's account may use the repository. */
  readonly wanted: PolicyDocument | undefined;
}

/**
 * Reports repositories of container images whose policies differ from the stack's. Like key policies, they are not
 * changed. One call per repository and region.
 * @returns how many differences were new
 */
export function compareRepositoryPolicies(known: Known, scope: Scope, invocation: RepairInvocation): Promise<number> {
  const comparisons = repositoriesOf(invocation)
    .filter(scope.covers)
    .map((one) => [`policy of ${one.repositoryName}`, () => compare(one, known, scope, invocation)]);
  return inTurn(Object.fromEntries(comparisons));
}

function repositoriesOf({ settings: { factory, place } }: RepairInvocation): Policed[] {
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
  invocation: RepairInvocation,
): Promise<number> {
  const registryId = invocation.settings.place.account;
  const drifts = await inAllRegions(within(scope, regions), async (region): Promise<Drift[]> => {
    const policy = await readRepositoryPolicy(invocation.client(ECRClient, region), { registryId, repositoryName });
    const difference = policyDifference(policy, wanted);
    if (!difference) return [];
    return [
      {
        what: `repository-policy ${region}`,
        found: `the policy of the repository ${repositoryName} in ${region} differs from the deployed one: ${difference}`,
        done: "Not changed. Restore it with `npx sst refresh` and `npx sst deploy`.",
        repaired: false,
      },
    ];
  });
  return reportDrift({ image, channel }, "repository-policy", drifts.flat(), known, scope, invocation);
}
