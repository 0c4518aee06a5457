import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SSMClient } from "@aws-sdk/client-ssm";
import { parentAmiOf } from "../../adapters/advisories/parent-amis.ts";
import { urgentAdvisoriesOf } from "../../adapters/advisories/urgent-advisories.ts";
import { completeStart, readBuild, recordStart } from "../../adapters/build/builds.ts";
import * as activity from "../../adapters/build/claims.ts";
import { readRecipe, startPipeline } from "../../adapters/build/image-builder.ts";
import { type ImageState, readImageState } from "../../adapters/build/image-state.ts";
import { putEvent } from "../../adapters/bus.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { read } from "../../adapters/ledger/reads.ts";
import { baseName, isParameter } from "../../core/advisories/bases.ts";
import { patternOf } from "../../core/advisories/newest-ami.ts";
import { decideUrgency } from "../../core/advisories/urgency.ts";
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
import type { Invocation } from "../invocation.ts";
import type { Advance } from "./advance.ts";
import { publishNever, publishWait } from "./publish-ignored.ts";

/**
 * Longer than one of our functions runs with Lambda's retries (three runs of a minute, with pauses of three minutes).
 */
const ABANDONED_MS = 10 * 60_000;

/** How many lost races before the event is left to Lambda's retry. */
const MOST_TRIES = 5;

/**
 * Processes an image's waiting triggers and its claim: resumes an unfinished start, starts a build, or reports why not.
 * Safe to repeat and to run concurrently: triggers are stored before any decision, a start needs a claim that only one
 * invocation can hold, and its holder checks again whether one of its triggers has already become a build.
 * @throws StartContended after repeated lost races
 */
export async function advanceImage(name: string, invocation: Invocation): Promise<Advance> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const done = await advanceOnce(name, invocation);
    if (done !== "again") return done;
  }
  throw new StartContended(name);
}

async function advanceOnce(name: string, invocation: Invocation): Promise<Advance | "again"> {
  const { ledger } = invocation;
  const state = await readImageState(ledger, name, ["activity", "builds"]);
  const { claim } = state;
  if (claim && isOursToFinish(claim, invocation)) {
    return await finish(name, claim, [], invocation);
  }
  const reasons = state.pending.filter(({ token }) => !claim?.tokens.includes(token));
  if (reasons.length === 0) return { never: [] };
  const image = requireImage(invocation.settings.factory, name);
  const config = await fingerprint(name, image, invocation);
  const { parentBuild, parentBehind } = await readParent(name, image, invocation);
  const blackout = activeBlackout(invocation.settings.factory.blackouts, name, invocation.now);
  const urgent = image.urgent !== undefined && (await isAnyUrgent(name, reasons, invocation));
  const known = { image, reasons, config, parentBuild, parentBehind, blackout, urgent };
  const decision = decideStart({ ...state, ...known, now: invocation.now });
  invocation.log.info("start decided", { image: name, reasons: reasons.length, verdict: decision.verdict });
  const never = await publishNever(name, decision.never, invocation);
  return await carryOut(name, decision, { config, parentBuild, never }, state, invocation);
}

async function carryOut(
  name: string,
  { verdict, reasons }: StartDecision,
  { never, ...known }: { config: string; parentBuild: BuildArn | undefined; never: Advance["never"] },
  { pending }: Pick<ImageState, "pending">,
  invocation: Invocation,
): Promise<Advance | "again"> {
  switch (verdict.kind) {
    case "nothing":
      return { never };
    case "wait": {
      const waiting = new Set(reasons.map(({ token }) => token));
      await publishWait(
        name,
        pending.filter(({ token }) => waiting.has(token)),
        verdict,
        invocation,
      );
      return { never, wait: verdict };
    }
    case "start": {
      const claim = await newClaim(name, reasons, known, invocation);
      if (!(await activity.claimImage(invocation.ledger, name, claim))) return "again";
      return await finish(name, claim, never, invocation);
    }
  }
}

async function finish(
  name: string,
  claim: activity.Claim,
  never: Advance["never"],
  invocation: Invocation,
): Promise<Advance | "again"> {
  const build = await carryOutClaim(name, claim, invocation);
  return build ? { started: { build, tokens: claim.tokens }, never } : "again";
}

/** A start of this invocation's earlier try, or an abandoned one that did not become a build. */
const isOursToFinish = ({ owner, build, since }: activity.Claim, { requestId, now }: Invocation): boolean =>
  owner === requestId || (!build && now.getTime() - Date.parse(since) > ABANDONED_MS);

/**
 * Parent and AMI are read before the start. A change before Image Builder reads them then looks newer than recorded and
 * causes one more build; in the other order it would be missed.
 */
async function newClaim(
  name: string,
  reasons: readonly Reason[],
  { config, parentBuild }: { config: string; parentBuild: BuildArn | undefined },
  invocation: Invocation,
): Promise<activity.Claim> {
  const { settings, requestId, now } = invocation;
  const base = await findBase(requireImage(settings.factory, name), invocation);
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

/** A registry that does not answer does not block a build: the build's base is then unknown. */
async function findBase({ parent, triggers }: Image, { client, log }: Invocation): Promise<BaseId | undefined> {
  const name = baseName(parent);
  if (name === undefined || !(isParameter(name) || triggers.base)) return undefined;
  try {
    return await readBase(client(SSMClient), name);
  } catch (failure) {
    if (isParameter(name)) throw failure;
    log.warn("base of the build unknown", { name, failure: String(failure) });
    return undefined;
  }
}

/** Whether one of the reasons is an advisory that is urgent for the image now. */
async function isAnyUrgent(name: string, reasons: readonly Reason[], { ledger }: Invocation): Promise<boolean> {
  const triggers = reasons.map(({ trigger }) => trigger);
  if (!triggers.some(({ kind }) => kind === "packages")) return false;
  const urgent = await read(ledger, urgentAdvisoriesOf(name));
  return decideUrgency({ triggers, urgent, parent: undefined }) !== undefined;
}

async function fingerprint(name: string, image: Image, { settings, client }: Invocation): Promise<string> {
  const pipeline = pipelineArn(settings.place, settings.factory.name, name);
  return imageFingerprint(image, await readRecipe(client(ImagebuilderClient), pipeline));
}

/**
 * The parent channel's build, and the recipe's parameter if it differs, as just after a move or a deployment that
 * created it. For a parent by owner and name, the parameter is behind after a deployment with another pattern until it
 * is resolved again.
 */
async function readParent(
  name: string,
  image: Image,
  { ledger, settings, client }: Invocation,
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

/** Other invocations started builds of this image during each try. */
class StartContended extends Error {
  override readonly name = "StartContended";

  constructor(image: string) {
    super(
      `Other invocations started builds of ${image} ${MOST_TRIES} times in a row; its triggers are stored, and a retry processes them.`,
    );
  }
}

/**
 * Turns a claim into a build. Each part can be repeated, so any invocation can resume a claim.
 * @returns undefined where more work remains: the claim was not needed, or its build has already ended
 */
async function carryOutClaim(
  image: string,
  claim: activity.Claim,
  invocation: Invocation,
): Promise<BuildArn | undefined> {
  const { ledger, settings, bus } = invocation;
  const { token, tokens, triggers, config, parentBuild, base, since } = claim;
  if (!claim.build && (await forgetStarted(image, tokens, invocation))) {
    await activity.dropClaim(ledger, image, token);
    return undefined;
  }
  const pipeline = pipelineArn(settings.place, settings.factory.name, image);
  const build = claim.build ?? (await startPipeline(invocation.client(ImagebuilderClient), pipeline, token));
  const start = {
    image,
    build,
    triggers,
    startedAt: since,
    config,
    ...(parentBuild && { parentBuild }),
    ...(base && { base }),
  };
  // The build's event may have arrived first, and the build was recorded as started outside the factory.
  if (!(await recordStart(ledger, start))) await completeStart(ledger, start);
  if (!(await activity.recordClaimedBuild(ledger, image, token, build))) return undefined;
  // Published before the triggers are removed: a retry without them would start and publish nothing.
  await putEvent(bus, buildStarted, { image, build, triggers, ...(parentBuild && { parentBuild }) });
  for (const one of tokens) await activity.recordStarted(ledger, image, one, build);
  await activity.removePending(ledger, image, tokens);
  const { settled } = await readBuild(ledger, image, build);
  if (!settled) return build;
  await activity.releaseImage(ledger, image, build);
  return undefined;
}

/**
 * Removes triggers that have already started a build: they were read before the invocation that started it removed
 * them. With the claim held, only this invocation can turn triggers into a build.
 * @returns whether there were any
 */
async function forgetStarted(image: string, tokens: readonly string[], { ledger }: Invocation): Promise<boolean> {
  const started = await activity.findAllStarted(ledger, image, tokens);
  await activity.removePending(ledger, image, [...started.keys()]);
  return started.size > 0;
}
