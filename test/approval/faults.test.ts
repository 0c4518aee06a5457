// @module-tag deep
import { setTimeout as sleep } from "node:timers/promises";
import { injectFaults, random } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { listOpenApprovals } from "../../adapters/approval/approvals.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { DAY, HOUR } from "../world/time.ts";
import { channel, image, slackUser, startWaiting, stranger, type WaitingFactory } from "./waiting-factory.ts";

const { runs, seed: first } = sizeOf({ quick: 1, deep: 50 });
const seeds = Array.from({ length: runs }, (_, index) => first + index);

const MOST_TRIES = 20;
const MANY = 6;

/** Functions die half-way, events are lost and repeated; here and there a call fails before or after its effect. */
const troubles = (seed: number) => ({
  seed,
  throttled: 0.02,
  failedBefore: 0.01,
  failedAfter: 0.02,
  duplicated: { rate: 0.3, upToMs: HOUR },
  lost: 0.2,
  killed: 0.25,
});

/** Time passes while a caller waits for an answer: throttled requests are retried. */
async function meanwhile<T>({ clock }: WaitingFactory, work: Promise<T>): Promise<T> {
  let done = false;
  const end = work.finally(() => {
    done = true;
  });
  while (!done) {
    await sleep(1);
    await clock.runUntil(clock.now() + 50);
  }
  return await end;
}

test.each(seeds)(
  "after crashes and lost events (seed %i), the channel has the build if and only if it was approved",
  async (seed) => {
    const waiting = await startWaiting("ada");
    const { slack, ledger, booted } = waiting;
    const dice = random(seed);
    const pick = <T>(some: readonly T[]): T => some[Math.floor(dice() * some.length)] as T;
    const message = await waiting.post();
    const calmDown = injectFaults(booted.aws, troubles(seed));

    for (let clicks = 0; clicks < MANY; clicks++) {
      const user = pick([slackUser("ada"), slackUser("grace"), stranger]);
      const button = pick(["approve", "approve", "approve", "reject"]);
      // Slack shows an error, and the approver clicks once more.
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const { status } = await meanwhile(waiting, slack.press(message, button, user));
        if (status === 200) break;
      }
      await waiting.pass(dice() * HOUR);
    }
    calmDown();
    await waiting.pass(5 * DAY);

    const approval = await waiting.approval();
    const answers = await waiting.answers();
    const told = ["granted", "denied", "expired"].filter((verdict) => waiting.said(`approval.${verdict}`).length > 0);
    const { status } = await waiting.promotion();
    expect(answers.length).toBeGreaterThanOrEqual(MANY);
    expect(answers.filter(({ judgement }) => !judgement)).toEqual([]);
    expect(await listOpenApprovals(ledger)).toEqual([]);
    expect(told).toEqual([approval?.decided?.verdict]);
    const entered = (await findChannel(ledger, image, channel))?.build === waiting.build;
    expect(entered).toBe(approval?.decided?.verdict === "granted" && status === "SUCCEEDED");
  },
);
