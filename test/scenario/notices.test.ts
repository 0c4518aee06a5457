import { expect, test } from "vitest";
import { HOUR, startFactory } from "../cli/running-factory.ts";

test("people are told why the build was made that a channel points at now", async () => {
  const factory = await startFactory();

  await factory.send("start-build", { trigger: "manual", image: "al2023-base", requestedBy: "ada", reason: "agents" });
  await factory.clock.runUntil(factory.clock.now() + 2 * HOUR);

  const [message] = factory.slack.messages;
  expect(message?.text).toContain("candidate is now");
  expect(JSON.stringify(message?.blocks)).toContain("Built because ada asked for it: agents");
});

test("people are told of feeds that fail, of what is stuck and of bases that were replaced", async () => {
  const factory = await startFactory();
  const image = "al2023-base";
  const envelope = (detailType: string, detail: object) => ({
    id: detailType,
    time: "2026-04-01T08:00:00Z",
    account: "111122223333",
    region: "eu-west-1",
    resources: [],
    source: "amint",
    "detail-type": detailType,
    detail,
  });
  const trigger = { kind: "schedule", scheduledTime: "2026-04-15T01:00:00Z" };
  const base = { image, parameter: "/aws/service/x", from: "ami-0123456789abcdef0", to: "ami-0123456789abcdef1" };

  const feed = { feed: "https://cdn.example.com/repomd.xml", images: [image], code: "timeout", reason: "no answer" };
  await factory.send("notify", envelope("feed.failed", feed));
  const stuck = { image, triggers: [trigger], decision: "waits", code: "breaker", reason: "the last 3 builds failed" };
  await factory.send("notify", envelope("trigger.suppressed", stuck));
  await factory.send("notify", envelope("base.updated", base));
  await factory.clock.runUntil(factory.clock.now() + HOUR / 60);

  expect(factory.slack.messages.map(({ text }) => text).toSorted()).toEqual([
    "al2023-base is not rebuilt by itself any more, too many builds failed",
    "al2023-base: a feed of advisories cannot be read",
    "al2023-base: the AMI it starts from was replaced",
  ]);
});
