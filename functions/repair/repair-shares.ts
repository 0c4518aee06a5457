import { EC2Client } from "@aws-sdk/client-ec2";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { findShares } from "../../adapters/promotion/promotion.ts";
import { type FoundAmi, findAmis } from "../../adapters/share/ami-state.ts";
import { isAmiId, pipelineOf } from "../../core/build/build-arn.ts";
import { heldIn, parametersOf } from "../../core/channel/regions.ts";
import { channelMark, channelMarkKey } from "../../core/names.ts";
import { findShareDrift, isEmpty, isLeft } from "../../core/repair/find-drift.ts";
import { NotProven } from "../../core/share/decide-proof.ts";
import { entities, type LaunchPermission, noPermission, union } from "../../core/share/launch-permission.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type ChannelOf, inAllRegions } from "../channel/in-all-regions.ts";
import { inTurn } from "../in-turn.ts";
import { findStop } from "../promotion/find-stop.ts";
import type { ProvenArtifact } from "../share/artifact.ts";
import { artifactOf, proveArtifact } from "../share/artifact-of.ts";
import { readPermission } from "../share/read-permission.ts";
import type { RepairInvocation } from "./repair.ts";
import { type Drift, reportDrift, sayNotProven } from "./report-drift.ts";
import { type Known, type Scope, within } from "./scope.ts";

/**
 * Restores missing launch permissions and watermarks of AMIs that channels point at, and reports added permissions,
 * which stay. If all match, one call per region for the AMIs, and one per AMI for its permissions.
 * @returns how many differences were new
 */
export function repairShares(known: Known, scope: Scope, invocation: RepairInvocation): Promise<number> {
  const compared = [...known.states].flatMap(([image, { channels }]) =>
    Object.entries(channels).flatMap(([channel, pointed]) =>
      // The function that moves the channel shares the AMI.
      scope.covers({ image, channel }) && isLeft(pointed.movedAt, invocation.now)
        ? [{ image, channel, pointed, channels }]
        : [],
    ),
  );
  // Channels often point at the same build: each AMI is read once.
  const seen = { permissions: new Map(), amis: describeOnce(compared, invocation) };
  return inTurn(
    Object.fromEntries(
      compared.map((one) => [
        `${one.image} ${one.channel}`,
        () => repairChannel(one, { known, seen, scope }, invocation),
      ]),
    ),
  );
}

interface Compared extends ChannelOf {
  readonly pointed: ChannelRecord;
  /** All channels of the image. */
  readonly channels: Readonly<Record<string, ChannelRecord>>;
}

interface Seen {
  /** An AMI's launch permissions, until they change; undefined where it does not exist. */
  readonly permissions: Map<ArtifactId, Promise<LaunchPermission | undefined>>;
  /** EC2's description of a region's AMIs that channels point at. */
  readonly amis: (region: string) => Promise<ReadonlyMap<string, FoundAmi>>;
}

function describeOnce(compared: readonly Compared[], invocation: RepairInvocation): Seen["amis"] {
  const found = new Map<string, Promise<ReadonlyMap<string, FoundAmi>>>();
  return (region) => {
    const ids = compared.flatMap(({ pointed }) => parametersOf(pointed)[region] ?? []).filter(isAmiId);
    const finding = found.get(region) ?? findAmis(invocation.client(EC2Client, region), ids);
    found.set(region, finding);
    return finding;
  };
}

async function repairChannel(
  { image, channel, pointed, channels }: Compared,
  { known, seen, scope }: { readonly known: Known; readonly seen: Seen; readonly scope: Scope },
  invocation: RepairInvocation,
): Promise<number> {
  const own = await readConfigured(image, ({ name }) => name === channel, invocation);
  // Mostly the same channels in each region.
  const read = new Map<string, Promise<LaunchPermission>>();
  const configuredFor = (which: (channel: string) => boolean): Promise<LaunchPermission> => {
    const names = Object.keys(channels).filter(which);
    const key = names.join();
    const reading = read.get(key) ?? readConfigured(image, ({ name }) => names.includes(name), invocation);
    read.set(key, reading);
    return reading;
  };
  const drifts = await inAllRegions(within(scope, Object.keys(parametersOf(pointed))), async (region) => {
    const held = heldIn(pointed, region);
    if (!held) return [];
    // A container image is in a repository of its channel.
    const isShared = isAmiId(held.amiId);
    const all = await configuredFor((name) =>
      isShared ? heldIn(channels[name], region)?.build === held.build : name === channel,
    );
    return checkShare({ build: held.build, artifact: held.amiId, channel, region, own, all }, seen, invocation);
  });
  return reportDrift({ image, channel }, "shares", drifts.flat(), known, scope, invocation);
}

interface CheckedShare {
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
  readonly artifact: ArtifactId;
  /** What this channel shares with, by the present config. */
  readonly own: LaunchPermission;
  /** What all channels that have the artifact share with. */
  readonly all: LaunchPermission;
}

async function readConfigured(
  image: string,
  which: (channel: { readonly name: string }) => boolean,
  invocation: RepairInvocation,
): Promise<LaunchPermission> {
  const channels = (invocation.settings.factory.images[image]?.channels ?? []).filter(which);
  const each = await Promise.all(channels.map(({ share }) => readPermission(share, invocation)));
  return each.reduce((all, one) => union(all, one), noPermission);
}

async function checkShare(one: CheckedShare, seen: Seen, invocation: RepairInvocation): Promise<Drift[]> {
  const { build, channel, region, artifact, own, all } = one;
  const handle = artifactOf(region, artifact, invocation);
  // It is encrypted, so it cannot be public: only accounts, OUs and organizations are possible.
  const looking = seen.permissions.get(artifact) ?? handle.readPermission().catch(unlessNotOurs);
  seen.permissions.set(artifact, looking);
  const actual = await looking;
  const ami = isAmiId(artifact) ? (await seen.amis(region)).get(artifact) : undefined;
  const unmarked =
    ami?.watermarks.includes(channelMarkKey(invocation.settings.place.account, pipelineOf(build), channel)) === false;
  if (actual && isSame(actual, all) && !unmarked) return [];
  const shares = (await findShares(invocation.ledger, build)).filter((share) => share.region === region);
  const given = shares.map(({ added }) => added).reduce((all, added) => union(all, added), noPermission);
  const { removed, added } = findShareDrift(actual ?? noPermission, given, { own, all });
  if (actual && isEmpty(removed) && isEmpty(added) && !unmarked) return [];
  if (await isStopped(build, invocation)) return [];
  const state = ami?.state ?? (await handle.findState());
  if (state !== "available") {
    const found = `${artifact} in ${region} is ${state ?? "missing"}, but the channel points at it: it cannot be launched`;
    const done = "Not changed. Move the channel with `amint rollback`, or start a build.";
    return [{ what: `shares ${region} state`, found, done, repaired: false }];
  }
  const drifts: Drift[] = [];
  if (!isEmpty(removed) || unmarked) {
    drifts.push(...(await repairAgain(one, { removed, unmarked }, invocation)));
    seen.permissions.delete(artifact);
  }
  if (!isEmpty(added)) {
    drifts.push({
      what: `shares ${region} added`,
      found: `${artifact} in ${region} can be launched by ${entities(added).join(", ")}, but the factory did not share it with them`,
      done: "Not changed. Remove the permission if it is not needed.",
      repaired: false,
    });
  }
  return drifts;
}

const isSame = (one: LaunchPermission, other: LaunchPermission): boolean =>
  entities(one).toSorted().join() === entities(other).toSorted().join();

/** A revocation or undo unshares it on purpose. */
const isStopped = async (build: BuildArn, { ledger }: RepairInvocation): Promise<boolean> =>
  (await findStop(ledger, build)) !== undefined;

interface Missing {
  readonly removed: LaunchPermission;
  readonly unmarked: boolean;
}

/** Shares and marks only what AWS confirms as the build's. */
async function repairAgain(
  one: CheckedShare,
  { removed, unmarked }: Missing,
  invocation: RepairInvocation,
): Promise<Drift[]> {
  try {
    const handle = await proveArtifact(one, invocation);
    return [
      ...(isEmpty(removed) ? [] : [await giveAgain(one, handle, removed, invocation)]),
      ...(unmarked ? [await markAgain(one, handle, invocation)] : []),
    ];
  } catch (error) {
    if (!(error instanceof NotProven)) throw error;
    const { artifact, region, build } = one;
    const found = `the ledger names ${artifact} in ${region} as an artifact of ${build}`;
    return [{ what: `shares ${region} proof`, found, done: sayNotProven(error), repaired: false }];
  }
}

/** Only recorded permissions, so that they can be undone later. */
async function giveAgain(
  one: CheckedShare,
  handle: ProvenArtifact,
  removed: LaunchPermission,
  invocation: RepairInvocation,
) {
  const { build, region, artifact } = one;
  await handle.addPermission(removed);
  // Checked again afterwards: it may have been revoked at this moment.
  const stopped = await isStopped(build, invocation);
  if (stopped) await handle.removePermission(removed);
  const found = `${artifact} in ${region} was no longer shared with ${entities(removed).join(", ")}`;
  return {
    what: `shares ${region} removed`,
    found,
    done: stopped ? "It was revoked or undone meanwhile." : "It was shared again.",
    repaired: true,
  };
}

/** The organization's Allowed AMIs recognize a channel's AMIs by the watermark. */
async function markAgain(one: CheckedShare, handle: ProvenArtifact, invocation: RepairInvocation): Promise<Drift> {
  const { build, channel, region, artifact } = one;
  await handle.mark(build, channel);
  // Checked again afterwards, as for permissions.
  const stopped = await isStopped(build, invocation);
  if (stopped) await handle.unmark(build, channel);
  return {
    what: `shares ${region} mark`,
    found: `${artifact} in ${region} did not have the watermark ${channelMark(pipelineOf(build), channel)}`,
    done: stopped ? "It was revoked or undone meanwhile." : "It was marked again.",
    repaired: true,
  };
}

/** EC2's errors for an AMI that does not exist or belongs to another account (EC2 API reference, "Error codes"). */
function unlessNotOurs(error: unknown): undefined {
  if (error instanceof Error && /^(InvalidAMIID\.(NotFound|Unavailable)|AuthFailure)$/.test(error.name))
    return undefined;
  throw error;
}
