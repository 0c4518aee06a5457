// @module-tag deep
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { listOpenApprovals, recordDecision, recordSlackAnswer } from "../../adapters/approval/approvals.ts";
import { set } from "../../adapters/ledger/table.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { resolveApproval } from "../../functions/approval/settle-approval.ts";
import type { Step } from "../../functions/step.ts";
import { ledgerOf } from "../world/ledger.ts";
import { HOUR } from "../world/time.ts";
import { channel, slackUser, startWaiting, type WaitingFactory } from "./waiting-factory.ts";

/** Arguments of `resolve-approval`, as one of several concurrent runs. */
function stepOf(waiting: WaitingFactory, requestId: string, pause?: number): Step {
  const { options, ledger } = waiting;
  const { documents } = ledgerOf(options);
  let updates = 0;
  documents.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        // From its second update on it is slower than the others.
        if (pause && commandName?.startsWith("Update") && updates++ > 0) await sleep(pause);
        return await next(args);
      },
    { step: "initialize" },
  );
  return waiting.step({ ledger: { ...ledger, documents }, requestId });
}

async function answerOf(waiting: WaitingFactory, name: string, verdict: "approved" | "rejected") {
  const { build, clock, ledger } = waiting;
  const at = new Date(clock.now()).toISOString();
  const identity = { slack: slackUser(name).id };
  await recordSlackAnswer(ledger, { build, channel }, { id: `${name} ${verdict}`, identity, verdict, at });
}

test("two answers that are evaluated concurrently both count", async () => {
  const waiting = await startWaiting("another requester");
  const { build, ledger } = waiting;
  // As a config with the two-person rule asks.
  await set(ledger, keyOf("approval", { build, channel }), { required: 2 });
  for (const name of ["ada", "grace"]) await answerOf(waiting, name, "approved");

  // One judges the first answer, the other one the second, and neither has both.
  await Promise.all(
    [stepOf(waiting, "slow", 200), stepOf(waiting, "fast")].map((step) => resolveApproval({ build, channel }, step)),
  );
  await waiting.pass(HOUR);

  expect(waiting.said("approval.granted")).toMatchObject([{ answers: [{ person: "ada" }, { person: "grace" }] }]);
  expect(await listOpenApprovals(ledger)).toEqual([]);
});

test("the first decision stays when another one is made at the same moment", async () => {
  const waiting = await startWaiting("another requester");
  const { build, ledger } = waiting;
  await answerOf(waiting, "ada", "approved");
  await resolveApproval({ build, channel }, stepOf(waiting, "first"));

  const other = { verdict: "denied", at: new Date(waiting.clock.now()).toISOString(), owner: "second" } as const;
  const taken = await recordDecision(ledger, { build, channel }, other);

  expect(taken).toBe(false);
  expect(await waiting.approval()).toMatchObject({ decided: { verdict: "granted", owner: "first" } });
});
