import { RAMClient } from "@aws-sdk/client-ram";
import {
  addToParameterShare,
  createParameterShare,
  findParameterShares,
  type ParameterShare,
  removeFromParameterShare,
} from "../../adapters/share/parameter-shares.ts";
import { channelParameterArn, parameterShareName } from "../../core/names.ts";
import { planShareChange, sayShareChange } from "../../core/share/parameter-share.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";

/** Tags that identify a channel's share: the share's name is ambiguous, because it joins names by hyphens. */
const tagsOf = ({ image, channel }: ChannelOf, { factory }: Invocation["settings"]) => ({
  "amint:factory": factory.name,
  "amint:image": image,
  "amint:channel": channel,
});

/** All of the factory's shares in a region. */
export const listShares = (region: string, { settings, client }: Invocation): Promise<ParameterShare[]> =>
  findParameterShares(client(RAMClient, region), { "amint:factory": settings.factory.name });

export const isShareOf = ({ image, channel }: ChannelOf, { tags }: ParameterShare): boolean =>
  tags["amint:image"] === image && tags["amint:channel"] === channel;

interface Wanted {
  readonly region: string;
  /** Organization, OUs and accounts, as in launch permissions: a parameter has the same principals as its AMI. */
  readonly principals: readonly string[];
  /** Existing shares, if already read. */
  readonly present?: readonly ParameterShare[];
}

/**
 * Shares a channel's parameter in a region with exactly these principals. Normally one share exists; if two functions
 * created one each, both are kept equal. The parameter must exist.
 * @returns the changes as text, and what RAM has not associated yet
 */
export async function keepParameterShare(
  at: ChannelOf,
  { region, principals, present }: Wanted,
  invocation: Invocation,
): Promise<{ readonly changed: readonly string[]; readonly pending: readonly string[] }> {
  const { settings, client } = invocation;
  const { factory, place } = settings;
  const ram = client(RAMClient, region);
  const name = parameterShareName(factory.name, at.image, at.channel);
  const parameter = channelParameterArn({ ...place, region }, factory.name, at.image, at.channel);
  const tags = tagsOf(at, settings);
  const shares = present ?? (await findParameterShares(ram, tags, name));
  if (shares.length === 0) {
    await createParameterShare(ram, {
      name,
      tags: { ...factory.resourceTags, ...tags },
      principals,
      resources: [parameter],
    });
    const all = { principals: [], resources: [] };
    return {
      changed: sayShareChange(planShareChange(all, principals, parameter)),
      pending: [...principals, parameter],
    };
  }
  const done = [];
  for (const share of shares) {
    const change = planShareChange(share, principals, parameter);
    // Remove access before adding any.
    await removeFromParameterShare(ram, share.arn, change.remove);
    await addToParameterShare(ram, share.arn, change.add);
    const changed = sayShareChange(change);
    const pending = [...share.pending, ...change.add.principals, ...change.add.resources];
    done.push({ changed, pending: pending.filter((one) => !change.remove.principals.includes(one)) });
  }
  return { changed: done.flatMap(({ changed }) => changed), pending: done.flatMap(({ pending }) => pending) };
}

/**
 * Updates principals only: a share that does not exist yet is created when the channel moves.
 * @returns the changes as text
 */
export async function followPrincipals(
  at: ChannelOf,
  { region, principals }: Wanted,
  invocation: Invocation,
): Promise<string[]> {
  const ram = invocation.client(RAMClient, region);
  const name = parameterShareName(invocation.settings.factory.name, at.image, at.channel);
  const done: string[] = [];
  for (const share of await findParameterShares(ram, tagsOf(at, invocation.settings), name)) {
    const { add, remove } = planShareChange(share, principals, "");
    const change = { add: { ...add, resources: [] }, remove: { ...remove, resources: [] } };
    await removeFromParameterShare(ram, share.arn, change.remove);
    await addToParameterShare(ram, share.arn, change.add);
    done.push(...sayShareChange(change));
  }
  return done;
}
