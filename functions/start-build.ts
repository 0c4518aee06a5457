import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import * as z from "zod";
import { putEvent } from "../adapters/bus.ts";
import { startPipeline } from "../adapters/image-builder.ts";
import * as activity from "../adapters/ledger/activity.ts";
import { recordStart } from "../adapters/ledger/builds.ts";
import { findChannel } from "../adapters/ledger/channels.ts";
import { decideStart } from "../core/decide-start.ts";
import { pipelineArn } from "../core/names.ts";
import { requireImage } from "../core/require-image.ts";
import { combinedToken, triggerToken } from "../core/trigger-token.ts";
import { buildStarted } from "../events/build-started.ts";
import { type BuildArn, buildArn } from "../events/ids.ts";
import type { Trigger } from "../events/trigger.ts";
import { triggerSuppressed } from "../events/trigger-suppressed.ts";
import { lambda } from "./lib/lambda.ts";
import type { Step } from "./lib/step.ts";

const input = z.discriminatedUnion("trigger", [
  z.object({ trigger: z.literal("schedule"), image: z.string(), scheduledTime: z.iso.datetime() }),
  z.object({ trigger: z.literal("manual"), image: z.string(), requestedBy: z.string().min(1) }),
  z.object({
    trigger: z.literal("parent"),
    image: z.string(),
    parent: z.string(),
    channel: z.string(),
    parentBuild: buildArn,
  }),
  /** The image's build has ended: start what came meanwhile. */
  z.object({ trigger: z.literal("release"), image: z.string() }),
]);

const clients = () => ({ imageBuilder: new ImagebuilderClient({}) });
type StartStep = Step<never, ReturnType<typeof clients>>;

export const handler = lambda({
  input,
  clients,
  async run(event, step) {
    const { image } = event;
    requireImage(step.settings.factory, image);
    if (event.trigger === "release") return await startAll(image, await activity.findPending(step.ledger, image), step);
    const trigger = toTrigger(event);
    const token = triggerToken(image, trigger, step.requestId);
    const build = await activity.findStarted(step.ledger, image, token);
    if (build) return { decision: "started-before", build };
    return await startAll(image, [{ token, trigger, since: step.now.toISOString() }], step);
  },
});

/** Decides over all triggers together, and carries the decision out. */
async function startAll(image: string, asked: activity.PendingTrigger[], step: StartStep): Promise<StartResult> {
  if (asked.length === 0) return { decision: "nothing-asked" };
  const token = combinedToken(asked.map((one) => one.token));
  const triggers = asked.map(({ trigger }) => trigger);
  const claim = await activity.findClaim(step.ledger, image);
  const parentBuild = await findParentBuild(image, step);
  const decision = decideStart({
    image: requireImage(step.settings.factory, image),
    triggers,
    building: claim !== undefined && claim.token !== token,
    parentBuild,
  });
  step.log.info("start decided", { image, decision, triggers });
  switch (decision.kind) {
    case "start":
      return await start(image, { token, asked, parentBuild }, step);
    case "coalesce":
      return await wait(image, asked, step);
    case "suppress":
      await putEvent(step.bus, triggerSuppressed, { image, triggers, reason: decision.reason });
      await activity.removePending(step.ledger, image, tokensOf(asked));
      return { decision: "suppressed" };
    case "not-today":
      return { decision: "not-today" };
  }
}

interface StartResult {
  readonly decision: string;
  readonly build?: BuildArn;
}

/** Claim, start, record: each can be done again, so a retry after a crash goes on where the first try stopped. */
async function start(
  image: string,
  { token, asked, parentBuild }: { token: string; asked: activity.PendingTrigger[]; parentBuild: BuildArn | undefined },
  step: StartStep,
): Promise<StartResult> {
  const { ledger, settings } = step;
  const triggers = asked.map(({ trigger }) => trigger);
  const startedAt = step.now.toISOString();
  if (!(await activity.claimImage(ledger, image, { token, triggers, since: startedAt }))) {
    return await wait(image, asked, step);
  }
  const pipeline = pipelineArn(settings.place, settings.factory.name, image);
  const build = await startPipeline(step.clients.imageBuilder, pipeline, token);
  await recordStart(ledger, { image, build, triggers, startedAt, ...(parentBuild && { parentBuild }) });
  await activity.recordClaimedBuild(ledger, image, token, build);
  // Said before its triggers are done with: a retry of those would start nothing, and say nothing.
  await putEvent(step.bus, buildStarted, { image, build, triggers, ...(parentBuild && { parentBuild }) });
  for (const one of asked) await activity.recordStarted(ledger, image, one.token, build);
  await activity.removePending(ledger, image, tokensOf(asked));
  return { decision: "started", build };
}

/** Leaves the triggers for when the running build has ended; if it ended just now, starts them after all. */
async function wait(image: string, asked: activity.PendingTrigger[], step: StartStep): Promise<StartResult> {
  for (const one of asked) await activity.addPending(step.ledger, image, one);
  if (await activity.findClaim(step.ledger, image)) return { decision: "coalesced" };
  return await startAll(image, await activity.findPending(step.ledger, image), step);
}

async function findParentBuild(image: string, { settings, ledger }: StartStep): Promise<BuildArn | undefined> {
  const { parent } = requireImage(settings.factory, image);
  return "image" in parent ? (await findChannel(ledger, parent.image, parent.channel))?.build : undefined;
}

function toTrigger(event: Exclude<z.output<typeof input>, { trigger: "release" }>): Trigger {
  switch (event.trigger) {
    case "schedule":
      return { kind: "schedule", scheduledTime: event.scheduledTime };
    case "manual":
      return { kind: "manual", requestedBy: event.requestedBy };
    case "parent":
      return { kind: "parent", parent: event.parent, channel: event.channel, parentBuild: event.parentBuild };
  }
}

const tokensOf = (asked: readonly activity.PendingTrigger[]): string[] => asked.map(({ token }) => token);
