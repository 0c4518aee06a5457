import { internalFailure, setInterference } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { recordStart } from "../../adapters/build/builds.ts";
import { parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import { findParked } from "../../local/consumers/subscriber.ts";
import { ledgerOf } from "../world/ledger.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { envelope, feed, feedTitle, startTold } from "./told.ts";

test("SNS gets a notice once even if Slack fails; what Slack refuses in the end is parked, not lost", async () => {
  const told = await startTold();
  told.slack.limit({ requests: 1000, retryAfterSeconds: 3600 });

  await told.send("notify", envelope("feed.failed", feed));
  await told.pass(HOUR);

  expect(told.slack.messages).toEqual([]);
  expect(await told.subjects()).toEqual([feedTitle]);
  expect(await findParked(told.options)).toEqual([{ queue: `amint-${factory.name}-notify-dead-letters`, messages: 1 }]);
});

test("Slack gets a notice once even if SNS fails, and SNS as soon as it works again", { tags: "deep" }, async () => {
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

test("release notes that cannot be kept hold up no notice; the event is parked without a second one", async () => {
  const told = await startTold();
  const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1");
  const started = {
    startedAt: "2026-04-01T08:00:00.000Z",
    triggers: [{ kind: "manual" as const, requestedBy: "ada" }],
  };
  const ledger = ledgerOf(told.options, "amint-acme-ledger");
  await recordStart(ledger, { image: "al2023-base", build, ...started });
  setInterference(told.booted.aws, {
    async operation({ service, operation, errors }, carryOut) {
      if (service !== "s3" || operation !== "PutObject") return await carryOut();
      throw internalFailure({ errors });
    },
    deliveries: () => [0],
    latency: () => 0,
    lifetime: () => undefined,
  });

  await told.send("notify", envelope("channel.moved", { image: "al2023-base", channel: "stable", build, regions: {} }));
  await told.pass(HOUR);

  expect(await told.subjects()).toEqual(["al2023-base: channel stable moved to build 1.0.0/1"]);
  expect(told.slack.messages).toHaveLength(1);
  // The hourly run parks an event itself: Image Builder does not know the build.
  expect(await findParked(told.options)).toContainEqual({
    queue: `amint-${factory.name}-notify-dead-letters`,
    messages: 1,
  });
});
