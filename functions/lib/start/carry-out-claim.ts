import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { putEvent } from "../../../adapters/bus.ts";
import * as activity from "../../../adapters/ledger/activity.ts";
import { completeStart, readBuild, recordStart } from "../../../adapters/ledger/builds.ts";
import { startPipeline } from "../../../adapters/pipeline.ts";
import { pipelineArn } from "../../../core/names.ts";
import { buildStarted } from "../../../events/build-started.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

/**
 * Makes a claim a build. Each part can be done again, so whoever finds the claim half-way goes on with it.
 * @returns undefined where there is more to look at: the claim was not needed, or its build has ended already
 */
export async function carryOutClaim(image: string, claim: activity.Claim, step: Step): Promise<BuildArn | undefined> {
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
