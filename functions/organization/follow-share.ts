import { putEvent } from "../../adapters/bus.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { findShares, recordAddition, replaceShare, type ShareRecord } from "../../adapters/promotion/promotion.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { parametersOf } from "../../core/channel/regions.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { channelParameter } from "../../core/names.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import {
  entities,
  intersection,
  type LaunchPermission,
  missingFrom,
  union,
} from "../../core/share/launch-permission.ts";
import { needsTree } from "../../core/share/resolve-share.ts";
import type { BuildArn } from "../../events/ids.ts";
import { driftRepaired } from "../../events/repair.ts";
import type { Invocation } from "../invocation.ts";
import { artifactOf, proveArtifact } from "../share/artifact-of.ts";
import { followPrincipals } from "../share/parameter-shares.ts";
import { permissionIn } from "../share/read-permission.ts";

/**
 * After a change in the organization: shares AMIs with accounts that joined a share's audience, and unshares them from
 * accounts that left it. EC2 itself follows OUs and whole organizations.
 * @returns how many AMIs changed
 */
export async function followShares(
  image: string,
  config: Image,
  tree: OrganizationTree,
  invocation: Invocation,
): Promise<number> {
  const wanted = new Map(
    config.channels.map(({ name, share }) => [name, permissionIn(share, tree, invocation.settings)]),
  );
  let changed = 0;
  for (const { name, share } of config.channels) {
    if (!needsTree(share)) continue;
    for (const build of await listShared(image, name, invocation)) {
      if (await followBuild({ image, build, channel: name }, wanted, invocation)) changed++;
    }
  }
  return changed;
}

/** The unrevoked builds that a channel ever pointed at: all of them may still be in use. */
async function listShared(image: string, channel: string, { ledger }: Invocation): Promise<BuildArn[]> {
  const moves = await listMoves(ledger, image, channel);
  const builds = [...new Set(moves.flatMap(({ build }) => build ?? []))];
  const revoked = await readBatch(ledger, builds.map(revocationOf));
  return builds.filter((_, nth) => !revoked[nth]);
}

interface Followed {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

async function followBuild(
  { image, build, channel }: Followed,
  wanted: ReadonlyMap<string, LaunchPermission>,
  invocation: Invocation,
): Promise<boolean> {
  const shares = await findShares(invocation.ledger, build);
  let changed = false;
  for (const share of shares.filter((one) => one.channel === channel)) {
    const others = shares.filter((one) => one.region === share.region && one.channel !== channel);
    const kept = others.flatMap((one) => wanted.get(one.channel) ?? []);
    const own = wanted.get(channel);
    if (!own) continue;
    const done = await followAmi({ build, share, own, all: kept.reduce(union, own) }, invocation);
    if (!done) continue;
    changed = true;
    const repair = `${share.amiId} in ${share.region} follows the organization for ${channel}: ${done}`;
    await putEvent(invocation.bus, driftRepaired, { image, repair });
  }
  return changed;
}

interface Shared {
  readonly build: BuildArn;
  readonly share: ShareRecord;
  /** The audience of the channel. */
  readonly own: LaunchPermission;
  /** The audience of all channels that this AMI was shared for. */
  readonly all: LaunchPermission;
}

/** @returns the changes as text; undefined where nothing changed */
async function followAmi({ build, share, own, all }: Shared, invocation: Invocation): Promise<string | undefined> {
  const { ledger } = invocation;
  const { region, amiId: artifact } = share;
  const handle = artifactOf(region, artifact, invocation);
  const present = await handle.readPermission();
  const joined = missingFrom(present, own);
  // Removes only what this share added: manual permissions stay.
  const left = intersection(missingFrom(all, present), share.added);
  if (entities(joined).length + entities(left).length === 0) return undefined;
  const given = entities(joined).length > 0 ? await proveArtifact({ build, region, artifact }, invocation) : undefined;
  // Recorded before it is shared, as for any share: undo and revoke use the record.
  const recorded = await recordAddition(ledger, build, { ...share, added: joined }, share);
  if (given) await given.addPermission(joined);
  await handle.removePermission(left);
  await replaceShare(ledger, build, recorded, { ...recorded, added: missingFrom(left, recorded.added) });
  const said = [
    entities(joined).length > 0 && `shared with ${entities(joined).join(", ")}`,
    entities(left).length > 0 && `unshared from ${entities(left).join(", ")}`,
  ];
  return said.filter(Boolean).join("; ");
}

/**
 * After a change in the organization: lets accounts that joined a share's audience read the channel's parameter, and
 * removes those that left it. RAM itself follows OUs and whole organizations.
 * @returns how many shares changed
 */
export async function followParameterShares(
  image: string,
  { channels }: Image,
  tree: OrganizationTree,
  invocation: Invocation,
): Promise<number> {
  const { ledger, settings, bus } = invocation;
  let followed = 0;
  for (const { name: channel, share } of channels) {
    if (!needsTree(share)) continue;
    const principals = entities(permissionIn(share, tree, settings));
    const pointed = await findChannel(ledger, image, channel);
    for (const region of Object.keys(parametersOf(pointed))) {
      const changed = await followPrincipals({ image, channel }, { region, principals }, invocation);
      if (changed.length === 0) continue;
      followed++;
      const parameter = channelParameter(settings.factory.name, image, channel);
      const repair = `${parameter} in ${region} follows the organization: ${changed.join("; ")}`;
      await putEvent(bus, driftRepaired, { image, repair });
    }
  }
  return followed;
}
