import * as z from "zod";
import { addPending, findAllStarted, findClaim } from "../../adapters/build/claims.ts";
import { nameOf, whyNotUrgent } from "../../core/approval/find-person.ts";
import { isOffDay } from "../../core/build/decide-start.ts";
import { type Reason, toReasons } from "../../core/build/reasons.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { baseTrigger, packagesTrigger, type Trigger } from "../../events/build.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { iamRequest, parseJson, respond, signerOf, withBody } from "../url-request.ts";
import type { Advance } from "./advance.ts";
import { advanceImage } from "./advance-image.ts";
import { refuseUnproven } from "./prove-trigger.ts";

const image = z.string();

const input = z.discriminatedUnion("trigger", [
  z.object({ trigger: z.literal("schedule"), image, scheduledTime: z.iso.datetime() }),
  z.object({ ...packagesTrigger.omit({ kind: true }).shape, trigger: z.literal("packages"), image }),
  z.object({ ...baseTrigger.omit({ kind: true }).shape, trigger: z.literal("base"), image }),
  z.object({ trigger: z.literal("parent"), image, parent: z.string(), channel: z.string(), parentBuild: buildArn }),
  z.object({
    trigger: z.literal("manual"),
    image,
    /** A direct Invoke has no verified caller: this name is not trusted. */
    requestedBy: z.string().min(1).max(200),
    reason: z.string().min(1).max(500).optional(),
    /** Identifies a repeated request; default: Lambda's request id. */
    request: z.string().min(1).max(100).optional(),
  }),
  /** A build of the image has ended, or time has passed: start waiting triggers, if possible. */
  z.object({ trigger: z.literal("release"), image }),
]);
type Input = z.output<typeof input>;

/** Handles events and invocations; through the function URL, requests signed by IAM principals. */
export const handler = lambda({
  input: z.union([iamRequest, input]),
  run: async (event, invocation) =>
    "requestContext" in event ? requestBuild(event, invocation) : startProven(event, invocation),
});

const asked = z.strictObject({
  image,
  note: z.string().min(1).max(200).optional(),
  reason: z.string().min(1).max(500).optional(),
  request: z.string().min(1).max(100),
  urgent: z.literal(true).optional(),
});

/** `amint build`: the requester is the IAM principal, whatever the request says. */
const requestBuild = withBody(async (event: z.output<typeof iamRequest>, body, invocation: Invocation) => {
  const { factory } = invocation.settings;
  const principal = signerOf(event, invocation.requestId);
  if (!principal) return respond(403, { text: "The request did not come through the function URL." });
  const read = asked.safeParse(parseJson(body));
  if (!read.success) return respond(400, { text: z.prettifyError(read.error) });
  const { image: name, note, reason, request, urgent } = read.data;
  if (!factory.images[name]) return respond(404, { text: `The deployed factory has no image "${name}".` });
  const refused = urgent && whyNotUrgent(factory, name, principal);
  if (refused) return respond(403, { text: refused });
  const requestedBy = nameOf(factory.people, principal);
  const more = { ...(note && { note }), ...(reason && { reason }), ...(urgent && { urgent }) };
  const trigger = { kind: "manual", requestedBy, principal, ...more } as const;
  return respond(200, await start(name, trigger, request, invocation));
});

/** Compares a trigger with its source, then processes it. */
export async function startProven(event: Input, invocation: Invocation): Promise<StartAnswer> {
  if (event.trigger !== "release") {
    const image = requireImage(invocation.settings.factory, event.image);
    const reason = await refuseUnproven(event.image, image, toTrigger(event), invocation);
    if (reason !== undefined) return { decision: "suppressed", code: "unproven", reason };
  }
  return await startBuild(event, invocation);
}

/** Stores a trigger, and starts a build if that is possible now. */
export async function startBuild(event: Input, invocation: Invocation): Promise<StartAnswer> {
  const image = requireImage(invocation.settings.factory, event.image);
  if (event.trigger === "release") return answer(await advanceImage(event.image, invocation), undefined);
  const trigger = toTrigger(event);
  if (isOffDay(image, trigger)) return { decision: "not-today" };
  return start(event.image, trigger, (event.trigger === "manual" && event.request) || invocation.requestId, invocation);
}

/** @param id the request's */
async function start(image: string, trigger: Trigger, id: string, invocation: Invocation): Promise<StartAnswer> {
  const reasons = toReasons(image, trigger, id);
  const before = await keepReasons(image, reasons, invocation);
  return before ?? answer(await advanceImage(image, invocation), reasons[0]?.token);
}

/** The result of the first trigger. */
export interface StartAnswer {
  readonly decision: "started" | "started-before" | "waits" | "suppressed" | "not-today" | "nothing-asked";
  /** The trigger's token, by which the ledger finds its build. */
  readonly token?: string;
  readonly build?: BuildArn;
  readonly code?: string;
  readonly reason?: string;
  /** When the wait ends, if known. */
  readonly until?: string;
}

/** Stores new triggers. @returns an answer where none is new and no start is left to this invocation */
async function keepReasons(
  image: string,
  asked: readonly Reason[],
  invocation: Invocation,
): Promise<StartAnswer | undefined> {
  const tokens = asked.map(({ token }) => token);
  const started = await findAllStarted(invocation.ledger, image, tokens);
  const claim = await findClaim(invocation.ledger, image);
  const fresh = asked.filter(({ token }) => !started.has(token) && !claim?.tokens.includes(token));
  const since = invocation.now.toISOString();
  const waiting = fresh.map(({ token, trigger }) => ({ token, trigger, since }));
  await addPending(invocation.ledger, image, waiting);
  if (fresh.length > 0 || claim?.owner === invocation.requestId) return undefined;
  const [token] = tokens;
  const build = (token && started.get(token)) ?? claim?.build;
  return { decision: "started-before", ...(token && { token }), ...(build && { build }) };
}

function answer({ started, never, wait }: Advance, token: string | undefined): StartAnswer {
  const asked = token !== undefined && { token };
  const refused = never.find(({ tokens }) => token === undefined || tokens.includes(token));
  if (started && (token === undefined || started.tokens.includes(token))) {
    return { decision: "started", build: started.build, ...asked };
  }
  if (refused) return { decision: "suppressed", code: refused.code, reason: refused.reason, ...asked };
  if (!wait) return started ? { decision: "started-before", ...asked } : { decision: "nothing-asked", ...asked };
  const { code, reason, until } = wait;
  return { decision: "waits", code, reason, ...(until && { until: until.toISOString() }), ...asked };
}

function toTrigger(event: Exclude<Input, { trigger: "release" }>): Trigger {
  switch (event.trigger) {
    case "schedule":
      return { kind: "schedule", scheduledTime: event.scheduledTime };
    case "packages":
      return { kind: "packages", build: event.build, advisories: event.advisories, others: event.others };
    case "base":
      return { kind: "base", name: event.name, from: event.from, to: event.to };
    case "parent":
      return { kind: "parent", parent: event.parent, channel: event.channel, parentBuild: event.parentBuild };
    case "manual": {
      const { requestedBy, reason } = event;
      return { kind: "manual", requestedBy, ...(reason && { reason }) };
    }
  }
}
