import { SSMClient } from "@aws-sdk/client-ssm";
import { type ChannelRecord, changeRegions, findChannel } from "../../adapters/channel/channels.ts";
import { publishArtifact, readParameter, removeParameter } from "../../adapters/channel/parameters.ts";
import { heldIn } from "../../core/channel/held-regions.ts";
import { regionsOfChannel } from "../../core/channel/regions.ts";
import { channelParameter } from "../../core/names.ts";
import { NotProven, type Proven } from "../../core/share/decide-proof.ts";
import { isContainerImageId } from "../../events/ids.ts";
import { findStop } from "../promotion/find-stop.ts";
import { prover } from "../share/prove-artifact.ts";
import type { Step } from "../step.ts";
import { pointTag, readSaid, removeTag, takeTagged } from "./channel-tag.ts";
import { type ChannelOf, inAllRegions } from "./in-all-regions.ts";
import { parentParameterIn, parentParameterValue } from "./parent-parameter.ts";

const TRIES = 5;

/**
 * Which regions must be reached: all; all that have the build; or these. Where another one fails, the log tells, and
 * `reconcile` looks again.
 */
export type Insisting = "all" | "not-behind" | readonly string[];

const mustReach = (insisting: Insisting, region: string, pointed: ChannelRecord | undefined): boolean =>
  insisting === "all" || (insisting === "not-behind" ? !pointed?.behind?.[region] : insisting.includes(region));

/**
 * Makes the parameters of all regions say what the ledger says, at once. Whoever else moves the channel at that moment
 * may have its parameters overtaken by these, or these by its own; so the ledger is asked again afterwards, by both.
 * What a region kept of a build that was revoked or taken back, it keeps no longer. The parameter that children's recipes
 * start from moves along.
 * @returns where the channel points
 * @throws NotProven where AWS does not confirm an artifact as the build's; no region changes then
 * @throws ChannelContested where it was moved each time anew
 */
export async function publishChannel(
  at: ChannelOf,
  step: Step,
  insisting: Insisting = "all",
): Promise<ChannelRecord | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const pointed = await findChannel(step.ledger, at.image, at.channel);
    const regions = pointed && (await withoutWithdrawn(pointed, step));
    if (regions && !(await changeRegions(step.ledger, { ...at, now: step.now }, pointed, regions))) continue;
    // What was changed is read anew.
    const now = regions ? await readAndPublish(at, step, "all") : await publishOnce(at, pointed, step, insisting);
    if (now !== "moved") return now;
  }
  throw new ChannelContested(at.image, at.channel);
}

/** The same, by somebody who may not change the ledger. */
export async function publishAsIs(at: ChannelOf, step: Step, insisting: Insisting): Promise<ChannelRecord | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const now = await readAndPublish(at, step, insisting);
    if (now !== "moved") return now;
  }
  throw new ChannelContested(at.image, at.channel);
}

const readAndPublish = async (at: ChannelOf, step: Step, insisting: Insisting) =>
  publishOnce(at, await findChannel(step.ledger, at.image, at.channel), step, insisting);

/** @param pointed as it was read since the last act; a move since then is seen when all is published */
async function publishOnce(
  at: ChannelOf,
  pointed: ChannelRecord | undefined,
  step: Step,
  insisting: Insisting,
): Promise<ChannelRecord | undefined | "moved"> {
  const { ledger, client } = step;
  const parameter = channelParameter(step.settings.factory.name, at.image, at.channel);
  const claims = await proveAll(regionsFor(at, pointed, step), pointed, step);
  const refused = claims.find(({ failure }) => failure instanceof NotProven);
  if (refused) {
    // The channel may have moved off a build that was disabled in the meantime.
    if (!sameRecord(await findChannel(ledger, at.image, at.channel), pointed)) return "moved";
    throw refused.failure;
  }
  await inAllRegions(claims, async ({ region, ami, failure: unknown }) => {
    try {
      if (unknown) throw unknown;
      // The tag first: whoever reads the parameter finds what it names.
      if (ami) await pointTag(at, ami, step);
      else await removeTag(at, region, step);
      if (ami) await publishPatiently(client(SSMClient, region), parameter, ami, step.wait);
      else await removeForGood(client(SSMClient, region), parameter, step.wait);
      const parent = await parentParameterValue(at, { region, artifact: ami }, step);
      if (parent) await publishPatiently(client(SSMClient, region), parent.name, parent.value, step.wait, "Standard");
    } catch (failure) {
      if (mustReach(insisting, region, pointed)) throw failure;
      step.log.warn("a region was not reached, and had nothing to change", { ...at, region, failure: String(failure) });
    }
  });
  const now = await findChannel(ledger, at.image, at.channel);
  if (sameRecord(now, pointed)) return now;
  if (pointed) await takeBackWithdrawn(at, pointed, step);
  return "moved";
}

interface Claim {
  readonly region: string;
  /** What the region's parameter is to say; undefined: nothing. */
  readonly ami?: Proven | undefined;
  /** Why that is not known. */
  readonly failure?: unknown;
}

/** Proves every region's artifact before any region changes. */
const proveAll = (regions: readonly string[], pointed: ChannelRecord | undefined, step: Step): Promise<Claim[]> => {
  const prove = prover(step);
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

/** Tagged after it had been taken from the channel's repository, an image lies in it again. */
async function takeBackWithdrawn(at: ChannelOf, pointed: ChannelRecord, step: Step): Promise<void> {
  if (!Object.values(pointed.amis).some(isContainerImageId) || !(await findStop(step.ledger, pointed.build))) return;
  await inAllRegions(Object.keys(pointed.amis), (region) => takeTagged(at, pointed.amis[region], step));
}

const sameRecord = (one: ChannelRecord | undefined, other: ChannelRecord | undefined): boolean =>
  one?.build === other?.build && one?.movedAt === other?.movedAt && one?.changedAt === other?.changedAt;

/** Those that the channel is published in, or has left something in; all where it points at nothing. */
function regionsFor({ image, channel }: ChannelOf, pointed: ChannelRecord | undefined, { settings }: Step) {
  const { factory } = settings;
  if (!pointed) return factory.regions;
  const config = factory.images[image];
  const own = config?.channels.find(({ name }) => name === channel);
  const configured = config && own ? regionsOfChannel(factory, config, own) : [];
  return [...new Set([...configured, ...Object.keys(pointed.amis), ...Object.keys(pointed.behind ?? {})])];
}

/** What regions have, without what they kept of builds that nobody may have any more; undefined where there is none. */
async function withoutWithdrawn(
  { amis, behind = {} }: ChannelRecord,
  { ledger }: Step,
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

/** SSM refuses a value while it still checks the one before (Systems Manager user guide, "aws:ec2:image"). */
async function publishPatiently(
  client: SSMClient,
  parameter: string,
  ami: Proven,
  wait: Step["wait"],
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

/** A value that SSM still checked when the parameter was removed makes it anew: so it is looked for again. */
async function removeForGood(client: SSMClient, parameter: string, wait: Step["wait"]): Promise<void> {
  for (let looks = 0; looks < LOOKS; looks++) {
    await removeParameter(client, parameter);
    await wait(BETWEEN_MS);
    if (looks > 0 && (await readParameter(client, parameter)) === undefined) return;
  }
}

interface AtOdds {
  readonly region: string;
  /** The channel's, or the one that its children's recipes start from. */
  readonly parameter: string;
  readonly says: string | undefined;
}

/**
 * The regions in which a parameter, or the tag, does not say (yet) what the ledger says, with what it says.
 * @param skip told of a region that cannot be asked; left out, that fails all
 */
export async function findAtOdds(
  at: ChannelOf,
  { amis }: Pick<ChannelRecord, "amis">,
  step: Step,
  skip?: (region: string, failure: unknown) => void,
): Promise<AtOdds[]> {
  const parameter = channelParameter(step.settings.factory.name, at.image, at.channel);
  const found = await inAllRegions(Object.keys(amis), async (region) => {
    try {
      const says = await readSaid(at, { region, parameter, wanted: amis[region] }, step);
      const parent = says === amis[region] ? parentParameterIn(at, region, step) : undefined;
      if (!parent) return [{ region, parameter, says }];
      const ofParent = await readParameter(step.client(SSMClient, region), parent.name);
      return [{ region, parameter: parent.name, says: ofParent }];
    } catch (failure) {
      if (!skip) throw failure;
      skip(region, failure);
      return [];
    }
  });
  return found.flat().filter(({ region, says }) => says !== amis[region]);
}

/** Somebody else moved the channel in this very moment; who asks again decides anew. */
export class ChannelContested extends Error {
  override readonly name = "ChannelContested";

  constructor(image: string, channel: string, by?: string) {
    super(`The channel ${channel} of ${image} was moved by ${by ?? "somebody else"} at the same moment.`);
  }
}
