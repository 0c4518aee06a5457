import { internalFailure, setInterference } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { findParked } from "../../cli/try/subscriber.ts";
import factory from "../../factory.config.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { envelope, feed, feedTitle, startTold } from "./told.ts";

test("SNS is told once whatever becomes of Slack; what Slack does not take at last is parked, not lost", async () => {
  const told = await startTold();
  told.slack.limit({ requests: 1000, retryAfterSeconds: 3600 });

  await told.send("notify", envelope("feed.failed", feed));
  await told.pass(HOUR);

  expect(told.slack.messages).toEqual([]);
  expect(await told.subjects()).toEqual([feedTitle]);
  expect(await findParked(told.options)).toEqual([{ queue: `amint-${factory.name}-notify-dead-letters`, messages: 1 }]);
});

test("Slack is told once whatever becomes of SNS, and SNS as soon as it works again", { tags: "deep" }, async () => {
  const told = await startTold();
  let refused = 0;
  setInterference(told.booted.aws, {
    async operation({ service, operation, errors }, carryOut) {
      if (service !== "sns" || operation !== "Publish" || told.clock.now() > begun + MINUTE) return await carryOut();
      refused++;
      throw internalFailure({ errors });
    },
    deliveries: () => [0],
    latency: () => 0,
    lifetime: () => undefined,
  });
  const begun = told.clock.now();

  await told.send("notify", envelope("feed.failed", feed));
  await told.pass(MINUTE / 2);
  const meanwhile = [told.slack.messages.map(({ text }) => text), await told.subjects()];
  await told.pass(10 * MINUTE);

  expect(refused).toBeGreaterThan(0);
  expect(meanwhile).toEqual([[feedTitle], []]);
  expect(told.slack.messages.map(({ text }) => text)).toEqual([feedTitle]);
  expect(await told.subjects()).toEqual([feedTitle]);
});
