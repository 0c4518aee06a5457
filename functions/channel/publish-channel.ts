import { SSMClient } from "@aws-sdk/client-ssm";
import { type ChannelRecord, changeRegions, findChannel } from "../../adapters/channel/channels.ts";
import { publishArtifact, readParameter, removeParameter } from "../../adapters/channel/parameters.ts";
import { heldIn, regionsOfChannel } from "../../core/channel/regions.ts";
import { channelParameter } from "../../core/names.ts";
import { NotProven, type Proven } from "../../core/share/decide-proof.ts";
import { isContainerImageId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { findStop } from "../promotion/find-stop.ts";
import { prover } from "../share/prove-artifact.ts";
import { pointTag, readSaid, removeTag, takeTagged } from "./channel-tag.ts";
import { type ChannelOf, inAllRegions } from "./in-all-regions.ts";
import { parentParameterIn, parentParameterValue } from "./parent-parameter.ts";

const TRIES = 5;

/**
 * The regions that must be reached: all; all that have the build; or these. A failure in another region is logged, and
 * `reconcile` retries it.
 */
export type Insisting = "all" | "not-behind" | readonly string[];

const mustReach = (insisting: Insisting, region: string, pointed: ChannelRecord | undefined): boolean =>
  insisting === "all" || (insisting === "not-behind" ? !pointed?.behind?.[region] : insisting.includes(region));

/**
 * Sets the parameters of all regions, at once, to what the ledger says, and with them the parent parameter of child
 * recipes. A concurrent move can overwrite these values or be overwritten, so both sides read the ledger again
 * afterwards. Regions that are behind drop builds that were revoked or undone.
 * @param justRead the channel, if it was read or written a moment ago
 * @returns the channel's current record
 * @throws NotProven where AWS does not confirm an artifact as the build's; then no region changes
 * @throws ChannelContested where the channel moved during each try
 */
export async function publishChannel(
  at: ChannelOf,
  invocation: Invocation,
  insisting: Insisting = "all",
  justRead?: ChannelRecord,
): Promise<ChannelRecord | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const known = tries === 0 ? justRead : undefined;
    const pointed = known ?? (await findChannel(invocation.ledger, at.image, at.channel));
    const regions = pointed && (await withoutStopped(pointed, invocation));
    if (regions && !(await changeRegions(invocation.ledger, { ...at, now: invocation.now }, pointed, regions)))
      continue;
    // Read the changed record again.
    const now = regions
      ? await readAndPublish(at, invocation, "all")
      : await publishOnce(at, pointed, invocation, insisting);
    if (now !== "moved") return now;
  }
  throw new ChannelContested(at.image, at.channel);
}

/** The same for functions that may not change the ledger. */
export async function publishAsIs(
  at: ChannelOf,
  invocation: Invocation,
  insisting: Insisting,
): Promise<ChannelRecord | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const now = await readAndPublish(at, invocation, insisting);
    if (now !== "moved") return now;
  }
  throw new ChannelContested(at.image, at.channel);
}

const readAndPublish = async (at: ChannelOf, invocation: Invocation, insisting: Insisting) =>
  publishOnce(at, await findChannel(invocation.ledger, at.image, at.channel), invocation, insisting);

/** @param pointed the channel as read earlier; a later move is noticed after publishing */
async function publishOnce(
  at: ChannelOf,
  pointed: ChannelRecord | undefined,
  invocation: Invocation,
  insisting: Insisting,
): Promise<ChannelRecord | undefined | "moved"> {
  const { ledger, client } = invocation;
  const parameter = channelParameter(invocation.settings.factory.name, at.image, at.channel);
  const claims = await proveAll(regionsFor(at, pointed, invocation), pointed, invocation);
  const refused = claims.find(({ failure }) => failure instanceof NotProven);
  if (refused) {
    // The channel may have moved off a build that was disabled in the meantime.
    if (!sameRecord(await findChannel(ledger, at.image, at.channel), pointed)) return "moved";
    throw refused.failure;
  }
  await inAllRegions(claims, async ({ region, ami, failure: unknown }) => {
    try {
      if (unknown) throw unknown;
      // Tag before parameter: a reader of the parameter must find the image.
      if (ami) await pointTag(at, ami, invocation);
      else await removeTag(at, region, invocation);
      if (ami) await publishPatiently(client(SSMClient, region), parameter, ami, invocation.wait);
      else await removeForGood(client(SSMClient, region), parameter, invocation.wait);
      const parent = await parentParameterValue(at, { region, artifact: ami }, invocation);
      if (parent)
        await publishPatiently(client(SSMClient, region), parent.name, parent.value, invocation.wait, "Standard");
    } catch (failure) {
      if (mustReach(insisting, region, pointed)) throw failure;
      invocation.log.warn("region not reached; it had no change to make", { ...at, region, failure: String(failure) });
    }
  });
  const now = await findChannel(ledger, at.image, at.channel);
  if (sameRecord(now, pointed)) return now;
  if (pointed) await removeStopped(at, pointed, invocation);
  return "moved";
}

interface Claim {
  readonly region: string;
  /** The new value of the region's parameter; undefined: none. */
  readonly ami?: Proven | undefined;
  /** Why the value is unknown. */
  readonly failure?: unknown;
}

/** Proves every region's artifact before any region changes. */
const proveAll = (
  regions: readonly string[],
  pointed: ChannelRecord | undefined,
  invocation: Invocation,
): Promise<Claim[]> => {
  const prove = prover(invocation);
  return Promise.all(
    regions.map(async (region) => {
      const held = heldIn(pointed, region);
      try {
        return { region, ami: held && (await prove({ build: held.build, region, artifact: held.amiId })) };
      } catch (failure) {
        return { region, failure };
      }
    }),
  );
};

/** The tag was set after the image had been removed from the channel's repository, so the image is there again. */
async function removeStopped(at: ChannelOf, pointed: ChannelRecord, invocation: Invocation): Promise<void> {
  if (!Object.values(pointed.amis).some(isContainerImageId) || !(await findStop(invocation.ledger, pointed.build)))
    return;
  await inAllRegions(Object.keys(pointed.amis), (region) => takeTagged(at, pointed.amis[region], invocation));
}

const sameRecord = (one: ChannelRecord | undefined, other: ChannelRecord | undefined): boolean =>
  one?.build === other?.build && one?.movedAt === other?.movedAt && one?.changedAt === other?.changedAt;

/** The regions that the channel is published in or has left a value in; all regions while it is empty. */
function regionsFor({ image, channel }: ChannelOf, pointed: ChannelRecord | undefined, { settings }: Invocation) {
  const { factory } = settings;
  if (!pointed) return factory.regions;
  const config = factory.images[image];
  const own = config?.channels.find(({ name }) => name === channel);
  const configured = config && own ? regionsOfChannel(factory, config, own) : [];
  return [...new Set([...configured, ...Object.keys(pointed.amis), ...Object.keys(pointed.behind ?? {})])];
}

/** Drops revoked and undone builds from regions that are behind; undefined where there are none. */
async function withoutStopped(
  { amis, behind = {} }: ChannelRecord,
  { ledger }: Invocation,
): Promise<Pick<ChannelRecord, "amis" | "behind"> | undefined> {
  let found = false;
  const left = { ...behind };
  for (const [region, { build, why }] of Object.entries(behind)) {
    if (!build || !(await findStop(ledger, build))) continue;
    left[region] = { why };
    found = true;
  }
  return found ? { amis, behind: left } : undefined;
}

const PUTS = 10;

const BETWEEN_MS = 2_000;

/** SSM rejects a value while it validates the previous one (Systems Manager user guide, "aws:ec2:image"). */
async function publishPatiently(
  client: SSMClient,
  parameter: string,
  ami: Proven,
  wait: Invocation["wait"],
  tier?: "Standard",
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await publishArtifact(client, parameter, ami, tier);
    } catch (error) {
      if (tries === PUTS || !(error instanceof Error && error.name === "TooManyUpdates")) throw error;
      await wait(BETWEEN_MS);
    }
  }
}

const LOOKS = 3;

/** A value that SSM was still validating when the parameter was deleted creates it again, so look again. */
async function removeForGood(client: SSMClient, parameter: string, wait: Invocation["wait"]): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    await removeParameter(client, parameter);
    await wait(BETWEEN_MS);
    if (looks > 0 && (await readParameter(client, parameter)) === undefined) return;
  }
}

interface AtOdds {
  readonly region: string;
  /** The channel's parameter, or the parent parameter of child recipes. */
  readonly parameter: string;
  readonly says: string | undefined;
}

/**
 * The regions where a parameter or tag differs from the ledger, with the present value.
 * @param skip called for a region that cannot be read; without it, such a region is an error
 */
export async function findAtOdds(
  at: ChannelOf,
  { amis }: Pick<ChannelRecord, "amis">,
  invocation: Invocation,
  skip?: (region: string, failure: unknown) => void,
): Promise<AtOdds[]> {
  const parameter = channelParameter(invocation.settings.factory.name, at.image, at.channel);
  const found = await inAllRegions(Object.keys(amis), async (region) => {
    try {
      const says = await readSaid(at, { region, parameter, wanted: amis[region] }, invocation);
      const parent = says === amis[region] ? parentParameterIn(at, region, invocation) : undefined;
      if (!parent) return [{ region, parameter, says }];
      const ofParent = await readParameter(invocation.client(SSMClient, region), parent.name);
      return [{ region, parameter: parent.name, says: ofParent }];
    } catch (failure) {
      if (!skip) throw failure;
      skip(region, failure);
      return [];
    }
  });
  return found.flat().filter(({ region, says }) => says !== amis[region]);
}

/** Another function moved the channel at the same moment; a retry decides again. */
export class ChannelContested extends Error {
  override readonly name = "ChannelContested";

  constructor(image: string, channel: string, by?: string) {
    super(
      `The channel ${channel} of ${image} was moved at the same moment by ${by ?? "another request"}; a retry decides again.`,
    );
  }
}
