import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { findGate } from "../../adapters/evidence/evidence.ts";
import { startPromotion, stopPromotion } from "../../adapters/promotion/executions.ts";
import { type FailedPromotion, RESTARTED, recordFailedPromotion } from "../../adapters/promotion/failed-promotions.ts";
import { findLastState, listRunningPromotions } from "../../adapters/promotion/running-promotions.ts";
import { findUrgentRequest, recordUrgentRequest } from "../../adapters/promotion/urgent-requests.ts";
import { sayUrgency } from "../../core/advisories/urgency.ts";
import { nameOf, whyNotUrgent } from "../../core/approval/find-person.ts";
import { promotionExecutionName } from "../../core/build/build-arn.ts";
import { whyNever, whyNotPromoted } from "../../core/promotion/decide-promote.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { type iamRequest, parseJson, respond, signerOf, withBody } from "../url-request.ts";
import {
  NotPromoted,
  type PromoteInvocation,
  type PromoteRequest,
  promoteAgain,
  readPromotable,
  unknown,
} from "./promote-again.ts";

const asked = z.strictObject({
  image: z.string(),
  build: buildArn,
  reason: z.string().min(1).max(500),
  urgent: z.literal(true),
});

/** `amint promote --urgent`: the requester is the IAM principal, whatever the request says. */
export const requestUrgent = withBody(
  async (event: z.output<typeof iamRequest>, body, invocation: PromoteInvocation) => {
    const { factory } = invocation.settings;
    const principal = signerOf(event, invocation.requestId);
    if (!principal) return respond(403, { text: "The request did not come through the function URL." });
    const read = asked.safeParse(parseJson(body));
    if (!read.success) return respond(400, { text: z.prettifyError(read.error) });
    const { image, build, reason } = read.data;
    if (!factory.images[image]) return respond(404, { text: `The deployed factory has no image "${image}".` });
    const refused = whyNotUrgent(factory, image, principal);
    if (refused) return respond(403, { text: refused });
    try {
      const by = nameOf(factory.people, principal);
      return respond(200, await promoteUrgently({ image, build, by, reason }, invocation));
    } catch (failure) {
      if (failure instanceof NotPromoted) return respond(409, { text: failure.message });
      throw failure;
    }
  },
);

/** What came of the request. `since`: an earlier request counts. */
interface Urgent {
  readonly build: BuildArn;
  /** Absent where the gate has not decided yet: the promotion plans the urgent times there. */
  readonly attempt?: number;
  readonly since?: string;
}

/** The states in which nothing is being changed, and that can last for hours. */
const WAITS: ReadonlySet<string> = new Set(["Soak", "SoakOn", "RequestApproval"]);

/**
 * Makes a build urgent before its gate, while its promotion waits, or after its promotion failed. One that waits starts
 * again from the gate, and the waiting one ends; soaks and approvals that it had count. A repeated request continues
 * what an earlier one left.
 * @throws NotPromoted
 */
async function promoteUrgently(
  { image, build, by, reason }: PromoteRequest,
  invocation: PromoteInvocation,
): Promise<Urgent> {
  const { ledger, now } = invocation;
  const before = await findUrgentRequest(ledger, build);
  const since = before && { since: before.at };
  const facts = await readPromotable({ image, build }, invocation);
  if (!facts) throw new NotPromoted(build, unknown(image));
  const never = whyNever(facts);
  if (never) throw new NotPromoted(build, never);
  const { failed } = facts;
  if (before && failed?.error === RESTARTED && failed.again) {
    await restart({ image, build }, failed.again, invocation);
    return { build, attempt: failed.again.attempt, ...since };
  }
  const at = now.toISOString();
  const request = () => recordUrgentRequest(ledger, build, { by, reason, at });
  if (facts.undone) {
    const why = whyNotPromoted(facts, now);
    if (why) throw new NotPromoted(build, why);
    await request();
    const { attempt } = await promoteAgain({ image, build, by, reason }, invocation);
    return { build, attempt, ...since };
  }
  const gate = await findGate(ledger, build);
  if (gate?.urgent && !before) throw new NotPromoted(build, `it is urgent already: ${sayUrgency(gate.urgent)}`);
  if (gate?.urgent) return { build, ...since };
  if (!gate) {
    await request();
    const state = (await findRunning(build, failed, invocation))?.state;
    // The gate will read the request; while it decides, it may have read before.
    if (state === undefined || state === "CollectEvidence") return { build, ...since };
    throw new NotPromoted(build, "its gate is deciding; try again in a minute");
  }
  const running = await findRunning(build, failed, invocation);
  if (!running) throw new NotPromoted(build, whyNotPromoted(facts, now) ?? "its promotion has ended");
  if (!WAITS.has(running.state)) {
    throw new NotPromoted(build, `its promotion is at work (${running.state}); try again when it waits`);
  }
  await request();
  const again = { attempt: running.attempt + 1, by, reason, at };
  const cause = `${by} asked for it to be urgent: ${reason}`;
  await recordFailedPromotion(ledger, { image, build, error: RESTARTED, cause, at, left: [], told: true, again });
  await restart({ image, build }, again, invocation);
  return { build, attempt: again.attempt, ...since };
}

/** Starts the next attempt, then stops the one that waits: after a crash in between, a repeated request stops it. */
async function restart(
  { image, build }: Pick<PromoteRequest, "image" | "build">,
  { attempt, by, reason }: NonNullable<FailedPromotion["again"]>,
  { client, settings }: PromoteInvocation,
): Promise<void> {
  const { env, factory, place } = settings;
  await startPromotion(client(SFNClient), env.PROMOTION_ARN, { image, build }, attempt);
  const waiting = { place, factory: factory.name, build, attempt: attempt - 1 };
  await stopPromotion(client(SFNClient), waiting, { error: RESTARTED, cause: `${by}: ${reason}` });
}

/** A build's promotion, if one is under way: its attempt, and the state that it entered last. */
async function findRunning(
  build: BuildArn,
  failed: FailedPromotion | undefined,
  { client, settings }: PromoteInvocation,
): Promise<{ readonly attempt: number; readonly state: string } | undefined> {
  const attempt = failed?.again?.attempt ?? failed?.attempt ?? 1;
  const name = promotionExecutionName(build, attempt);
  const states = client(SFNClient);
  const running = (await listRunningPromotions(states, settings.env.PROMOTION_ARN)).find((one) => one.name === name);
  return running && { attempt, state: (await findLastState(states, running))?.name ?? "starting" };
}
