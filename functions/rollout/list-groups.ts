import { findOrganization } from "../../adapters/organization/organization.ts";
import { listOptedIn } from "../../adapters/rollout/groups.ts";
import { toRefusal } from "../../adapters/share/consumer.ts";
import { regionsOfChannel } from "../../core/channel/regions.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import { indexTree } from "../../core/organization/organization-tree.ts";
import { followedBy, type OptedInGroup } from "../../core/rollout/group.ts";
import { placeOf } from "../../core/rollout/ring.ts";
import { unitsOf, waveOf } from "../../core/rollout/waves.ts";
import type { Invocation } from "../invocation.ts";
import { inAccounts, sayFailure } from "../share/in-accounts.ts";
import { enterPlace } from "./in-place.ts";
import { type ChannelOf, policyOf } from "./open-roll-out.ts";

/** A group that follows the channel, with its wave or the reason why it has none. */
export interface Listed {
  readonly group: OptedInGroup;
  readonly taken: ReturnType<typeof waveOf>;
}

interface Unknown {
  readonly account: string;
  readonly region: string;
  readonly why: string;
  /** AWS did not answer, so a retry may succeed; otherwise access was denied. */
  readonly passing: boolean;
}

export interface Listing {
  readonly groups: readonly Listed[];
  /** Accounts and regions that could not be read, with the reason. */
  readonly unknown: readonly Unknown[];
}

/**
 * The groups that follow a channel, in all accounts that it reaches.
 * @param only these places, `<account>/<region>`; default: all
 */
export async function listGroups(
  { image, channel }: ChannelOf,
  invocation: Pick<Invocation, "ledger" | "settings" | "client">,
  only?: ReadonlySet<string>,
): Promise<Listing> {
  const { factory, place } = invocation.settings;
  const tree = await findOrganization(invocation.ledger);
  const of = factory.images[image];
  const found = of?.channels.find(({ name }) => name === channel);
  const policy = policyOf(invocation.settings, { image, channel });
  if (!tree || !of || !found || !policy) return { groups: [], unknown: [] };
  const above = unitsOf(indexTree(tree));
  const accounts = findConsumers(found.share, tree, factory, place.account);
  const places = accounts
    .flatMap((account) => regionsOfChannel(factory, of, found).map((region) => ({ account, region })))
    .filter(({ account, region }) => only?.has(placeOf(account, region)) ?? true);
  const groups: Listed[] = [];
  const unknown: Listing["unknown"][number][] = [];
  await inAccounts(places, async (at) => {
    try {
      const { autoScaling } = await enterPlace(at, invocation);
      for (const group of await listOptedIn(autoScaling, at)) {
        const follows = followedBy(group.tags);
        if (follows?.image !== image || follows.channel !== channel) continue;
        groups.push({ group, taken: waveOf({ account: at.account, tags: group.tags }, policy.waves, above) });
      }
    } catch (failure) {
      unknown.push({ ...at, why: sayFailure(failure), passing: !toRefusal(failure) });
    }
  });
  return { groups: groups.toSorted((a, b) => compare(a.group, b.group)), unknown };
}

/** Smallest first: a wave starts with the group with the lowest risk. Empty groups prove nothing and come last. */
const compare = (a: OptedInGroup, b: OptedInGroup): number =>
  (a.desired || Number.POSITIVE_INFINITY) - (b.desired || Number.POSITIVE_INFINITY) ||
  a.account.localeCompare(b.account) ||
  a.region.localeCompare(b.region) ||
  a.name.localeCompare(b.name) ||
  0;
