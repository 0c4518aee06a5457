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
import type { Step } from "../step.ts";

/** The tags that a channel's share is known by: two channels' names can look alike once they are joined by hyphens. */
const tagsOf = ({ image, channel }: ChannelOf, { factory }: Step["settings"]) => ({
  "amint:factory": factory.name,
  "amint:image": image,
  "amint:channel": channel,
});

/** All of the factory's shares in a region. */
export const listShares = (region: string, { settings, client }: Step): Promise<ParameterShare[]> =>
  findParameterShares(client(RAMClient, region), { "amint:factory": settings.factory.name });

export const isShareOf = ({ image, channel }: ChannelOf, { tags }: ParameterShare): boolean =>
  tags["amint:image"] === image && tags["amint:channel"] === channel;

interface Wanted {
  readonly region: string;
  /** Organization, units and accounts, as launch permissions name them: the AMI's are the parameter's. */
  readonly principals: readonly string[];
  /** What there is, where somebody has just looked. */
  readonly present?: readonly ParameterShare[];
}

/**
 * Shares a channel's parameter in a region with exactly these principals. There is one share for it; where two hands
 * made one each, both are kept the same. The parameter must be there.
 * @returns what was changed, in words, and what RAM has not put into effect yet
 */
export async function keepParameterShare(
  at: ChannelOf,
  { region, principals, present }: Wanted,
  step: Step,
): Promise<{ readonly changed: readonly string[]; readonly pending: readonly string[] }> {
  const { settings, client } = step;
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
    // Who must not read it loses it before anybody gets it.
    await removeFromParameterShare(ram, share.arn, change.remove);
    await addToParameterShare(ram, share.arn, change.add);
    const changed = sayShareChange(change);
    const pending = [...share.pending, ...change.add.principals, ...change.add.resources];
    done.push({ changed, pending: pending.filter((one) => !change.remove.principals.includes(one)) });
  }
  return { changed: done.flatMap(({ changed }) => changed), pending: done.flatMap(({ pending }) => pending) };
}

/**
 * Only whom a channel's parameter is shared with: where there is no share (yet), whoever moves the channel makes it.
 * @returns what was changed, in words
 */
export async function followPrincipals(at: ChannelOf, { region, principals }: Wanted, step: Step): Promise<string[]> {
  const ram = step.client(RAMClient, region);
  const name = parameterShareName(step.settings.factory.name, at.image, at.channel);
  const done: string[] = [];
  for (const share of await findParameterShares(ram, tagsOf(at, step.settings), name)) {
    const { add, remove } = planShareChange(share, principals, "");
    const change = { add: { ...add, resources: [] }, remove: { ...remove, resources: [] } };
    await removeFromParameterShare(ram, share.arn, change.remove);
    await addToParameterShare(ram, share.arn, change.add);
    done.push(...sayShareChange(change));
  }
  return done;
}
