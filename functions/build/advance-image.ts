import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SSMClient } from "@aws-sdk/client-ssm";
import { parentAmiOf } from "../../adapters/advisories/parent-amis.ts";
import { completeStart, readBuild, recordStart } from "../../adapters/build/builds.ts";
import * as activity from "../../adapters/build/claims.ts";
import { readRecipe, startPipeline } from "../../adapters/build/image-builder.ts";
import { type ImageState, readImageState } from "../../adapters/build/image-state.ts";
import { putEvent } from "../../adapters/bus.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { read } from "../../adapters/ledger/wanted.ts";
import { baseName, isParameter } from "../../core/advisories/bases.ts";
import { patternOf } from "../../core/advisories/newest-ami.ts";
import {
  decideStart,
  imageFingerprint,
  type StartDecision,
  type StartSituation,
} from "../../core/build/decide-start.ts";
import { combinedToken, mergeTriggers, type Reason } from "../../core/build/reasons.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { parentParameter, pipelineArn } from "../../core/names.ts";
import { activeBlackout } from "../../core/schedule/blackout.ts";
import { buildStarted } from "../../events/build.ts";
import type { BaseId, BuildArn } from "../../events/ids.ts";
import { readBase } from "../advisories/read-base.ts";
import type { Step } from "../step.ts";
import type { Advance } from "./advance.ts";
import { tellNever, tellWait } from "./tell-suppressed.ts";

/** Longer than a function of ours lives and Lambda retries it (three times a minute, with pauses of three): it is dead. */
const ABANDONED_MS = 10 * 60_000;

/** How often another may be faster before the event is left to Lambda's retry. */
const MOST_TRIES = 5;

/**
 * Does for an image what its waiting reasons want, and its claim: goes on with a start that died half-way, starts a
 * build, or tells why not. Run twice, or by many at once, it does the same as run once: reasons are kept before anything
 * is decided over them, a start is a claim that only one can hold, and whoever holds it looks again whether a reason of
 * its has become a build meanwhile.
 * @throws StartContended where others are faster again and again
 */
export async function advanceImage(name: string, step: Step): Promise<Advance> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const done = await advanceOnce(name, step);
    if (done !== "again") return done;
  }
  throw new StartContended(name);
}

async function advanceOnce(name: string, step: Step): Promise<Advance | "again"> {
  const { ledger } = step;
  const state = await readImageState(ledger, name, ["activity", "builds"]);
  const { claim } = state;
  if (claim && isOursToFinish(claim, step)) {
    return await finish(name, claim, [], step);
  }
  const reasons = state.pending.filter(({ token }) => !claim?.tokens.includes(token));
  if (reasons.length === 0) return { never: [] };
  const image = requireImage(step.settings.factory, name);
  const config = await fingerprint(name, image, step);
  const { parentBuild, parentBehind } = await readParent(name, image, step);
  const blackout = activeBlackout(step.settings.factory.blackouts, name, step.now);
  const known = { image, reasons, config, parentBuild, parentBehind, blackout };
  const decision = decideStart({ ...state, ...known, now: step.now });
  step.log.info("start decided", { image: name, reasons: reasons.length, verdict: decision.verdict });
  const never = await tellNever(name, decision.never, step);
  return await carryOut(name, decision, { config, parentBuild, never }, state, step);
}

async function carryOut(
  name: string,
  { verdict, reasons }: StartDecision,
  { never, ...known }: { config: string; parentBuild: BuildArn | undefined; never: Advance["never"] },
  { pending }: Pick<ImageState, "pending">,
  step: Step,
): Promise<Advance | "again"> {
  switch (verdict.kind) {
    case "nothing":
      return { never };
    case "wait": {
      const waiting = new Set(reasons.map(({ token }) => token));
      await tellWait(
        name,
        pending.filter(({ token }) => waiting.has(token)),
        verdict,
        step,
      );
      return { never, wait: verdict };
    }
    case "start": {
      const claim = await newClaim(name, reasons, known, step);
      if (!(await activity.claimImage(step.ledger, name, claim))) return "again";
      return await finish(name, claim, never, step);
    }
  }
}

async function finish(
  name: string,
  claim: activity.Claim,
  never: Advance["never"],
  step: Step,
): Promise<Advance | "again"> {
  const build = await carryOutClaim(name, claim, step);
  return build ? { started: { build, tokens: claim.tokens }, never } : "again";
}

/** A start of our own that a retry goes on with, or anybody's who died before it became a build. */
const isOursToFinish = ({ owner, build, since }: activity.Claim, { requestId, now }: Step): boolean =>
  owner === requestId || (!build && now.getTime() - Date.parse(since) > ABANDONED_MS);

/**
 * Parent and AMI are read before the start: what changes until Image Builder reads them looks newer than what is
 * recorded, and leads to one more build. The other way round a change would be missed.
 */
async function newClaim(
  name: string,
  reasons: readonly Reason[],
  { config, parentBuild }: { config: string; parentBuild: BuildArn | undefined },
  step: Step,
): Promise<activity.Claim> {
  const { settings, requestId, now } = step;
  const base = await findBase(requireImage(settings.factory, name), step);
  const tokens = reasons.map(({ token }) => token);
  return {
    token: combinedToken(tokens),
    tokens,
    triggers: mergeTriggers(reasons.map(({ trigger }) => trigger)),
    owner: requestId,
    since: now.toISOString(),
    config,
    ...(parentBuild && { parentBuild }),
    ...(base && { base }),
  };
}

/** A registry that does not answer keeps nobody from building: the build's base is unknown then. */
async function findBase({ parent, triggers }: Image, { client, log }: Step): Promise<BaseId | undefined> {
  const name = baseName(parent);
  if (name === undefined || !(isParameter(name) || triggers.base)) return undefined;
  try {
    return await readBase(client(SSMClient), name);
  } catch (failure) {
    if (isParameter(name)) throw failure;
    log.warn("the build's base is not known", { name, failure: String(failure) });
    return undefined;
  }
}

async function fingerprint(name: string, image: Image, { settings, client }: Step): Promise<string> {
  const pipeline = pipelineArn(settings.place, settings.factory.name, name);
  return imageFingerprint(image, await readRecipe(client(ImagebuilderClient), pipeline));
}

/**
 * Where the parent's channel points, and the parameter that the recipe starts from where that does not say so: a moment
 * after a move, or after a deployment that made it. A parameter of an owner's newest AMI is behind after a deployment of
 * another pattern, until it was resolved for that.
 */
async function readParent(
  name: string,
  image: Image,
  { ledger, settings, client }: Step,
): Promise<Pick<StartSituation, "parentBuild" | "parentBehind">> {
  const { kind, parent } = image;
  if ("ami" in parent) {
    const resolved = (await read(ledger, parentAmiOf(name)))?.resolved;
    const isBehind = resolved && resolved.pattern !== patternOf({ ...parent.ami, architecture: image.architecture });
    return { parentBuild: undefined, ...(isBehind && { parentBehind: parent.ssm }) };
  }
  if (!("image" in parent)) return { parentBuild: undefined };
  const pointed = await findChannel(ledger, parent.image, parent.channel);
  if (!pointed || kind !== "ami") return { parentBuild: pointed?.build };
  const { factory } = settings;
  const parameter = parentParameter(factory.name, parent.image, parent.channel);
  const says = await readParameter(client(SSMClient), parameter);
  const isBehind = says !== pointed.amis[factory.buildRegion];
  return { parentBuild: pointed.build, ...(isBehind && { parentBehind: parameter }) };
}

/** Others started builds of this image whenever this one was about to. */
class StartContended extends Error {
  override readonly name = "StartContended";

  constructor(image: string) {
    super(`Others were faster with ${image} ${MOST_TRIES} times; its reasons are kept, and a retry takes them up.`);
  }
}

/**
 * Makes a claim a build. Each part can be done again, so whoever finds the claim half-way goes on with it.
 * @returns undefined where there is more to look at: the claim was not needed, or its build has ended already
 */
async function carryOutClaim(image: string, claim: activity.Claim, step: Step): Promise<BuildArn | undefined> {
  const { ledger, settings, bus } = step;
  const { token, tokens, triggers, config, parentBuild, base, since } = claim;
  if (!claim.build && (await forgetStarted(image, tokens, step))) {
    await activity.dropClaim(ledger, image, token);
    return undefined;
  }
  const pipeline = pipelineArn(settings.place, settings.factory.name, image);
  const build = claim.build ?? (await startPipeline(step.client(ImagebuilderClient), pipeline, token));
  const start = {
    image,
    build,
    triggers,
    startedAt: since,
    config,
    ...(parentBuild && { parentBuild }),
    ...(base && { base }),
  };
  // An event may have been faster than we, and the build recorded as one that somebody started beside the factory.
  if (!(await recordStart(ledger, start))) await completeStart(ledger, start);
  if (!(await activity.recordClaimedBuild(ledger, image, token, build))) return undefined;
  // Said before its reasons are done with: a retry of those would start nothing, and say nothing.
  await putEvent(bus, buildStarted, { image, build, triggers, ...(parentBuild && { parentBuild }) });
  for (const one of tokens) await activity.recordStarted(ledger, image, one, build);
  await activity.removePending(ledger, image, tokens);
  const { settled } = await readBuild(ledger, image, build);
  if (!settled) return build;
  await activity.releaseImage(ledger, image, build);
  return undefined;
}

/**
 * Takes reasons that have started a build already off the list of those that wait: they were read before whoever started
 * it was done with them. Once the claim is held, no other reason can become a build but by us.
 * @returns whether there was such a reason
 */
async function forgetStarted(image: string, tokens: readonly string[], { ledger }: Step): Promise<boolean> {
  const started = await activity.findAllStarted(ledger, image, tokens);
  await activity.removePending(ledger, image, [...started.keys()]);
  return started.size > 0;
}
