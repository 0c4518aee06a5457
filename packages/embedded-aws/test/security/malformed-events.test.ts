import fc from "fast-check";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { recordAws, recordsOf } from "../../src/admin/records.ts";
import { startServer } from "../../src/server.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { ACCOUNT, newEvents, REGION } from "../events/new-events.ts";
import { send } from "./a-browser.ts";

afterEach(() => vi.restoreAllMocks());

const entry = (Detail: string) => ({ Source: "attacker", DetailType: "any", Detail });

/** An AWS whose rule looks into every event, with a queue as its target. */
async function anAws() {
  const events = newEvents();
  await events.sqs("CreateQueue", { QueueName: "target" });
  await events.events("PutRule", { Name: "all", EventPattern: JSON.stringify({ detail: { a: { b: ["x"] } } }) });
  await events.events("PutRule", { Name: "every", EventPattern: JSON.stringify({ source: ["attacker"] }) });
  const Arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:target`;
  for (const Rule of ["all", "every"]) await events.events("PutTargets", { Rule, Targets: [{ Id: "1", Arn }] });
  return events;
}

test("an event's dotted name does not reach what all objects inherit", async () => {
  const { events } = await anAws();
  onTestFinished(() => void Reflect.deleteProperty(Object.prototype, "polluted"));

  await events("PutEvents", {
    Entries: [
      entry('{"__proto__.polluted":1}'),
      entry('{"a":{"__proto__.polluted":1}}'),
      entry('{"constructor.prototype.polluted":1,"x.y":2}'),
    ],
  });

  expect({}).not.toHaveProperty("polluted");
});

test.each([
  ["objects", '{"a":', "1", "}"],
  ["lists", '{"a":[', "1", "]}"],
])("%s that nest too deep for a stack are malformed", async (_, open, middle, close) => {
  const { events } = await anAws();
  const nested = (depth: number) => open.repeat(depth) + middle + close.repeat(depth);

  const { Entries } = await events<{ Entries: { ErrorCode?: string }[] }>("PutEvents", {
    Entries: [entry(nested(100_000)), entry(nested(20_000)), entry(nested(400))],
  });

  expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual(["MalformedDetail", "MalformedDetail", undefined]);
});

test("a watcher that throws fails neither PutEvents nor the watchers after it", async () => {
  const { aws, events } = await anAws();
  const complaints = vi.spyOn(console, "error").mockReturnValue();
  const heard: unknown[] = [];
  watchBus(aws, ACCOUNT, REGION, "default", ({ detail }) => void (detail.build as string).length);
  watchBus(aws, ACCOUNT, REGION, "default", ({ detail }) => heard.push(detail));

  const { FailedEntryCount } = await events("PutEvents", { Entries: [entry("{}"), entry('{"build":"a"}')] });

  expect(FailedEntryCount).toBe(0);
  expect(heard).toEqual([{}, { build: "a" }]);
  expect(complaints).toHaveBeenCalledOnce();
});

test("the log of events takes a limited memory, however large they are", async () => {
  const { aws, events } = await anAws();
  recordAws(aws);
  const large = entry(JSON.stringify({ text: "x".repeat(900_000) }));

  for (let n = 0; n < 100; n++) await events("PutEvents", { Entries: [large] });

  const kept = recordsOf(aws).events.after(0);
  expect(kept.length).toBeLessThan(75);
  expect(kept.at(-1)?.number).toBe(100);
});

test("events of any form are taken or refused with 4xx, and what waits for them is delivered", async () => {
  const { aws, clock } = await anAws();
  const complaints = vi.spyOn(console, "error");
  const server = await startServer(aws, { port: 0 });
  onTestFinished(() => server.close());
  const odd = fc.oneof(fc.json(), fc.string(), fc.constantFrom(null, true, 1, -1e300, {}, [], [null]));
  const entries = fc.record(
    {
      Source: fc.oneof(odd, fc.constant("attacker")),
      DetailType: fc.oneof(odd, fc.constant("any")),
      Detail: fc.oneof(
        odd,
        fc.jsonValue({ maxDepth: 8 }).map((value) => JSON.stringify({ a: { b: value } })),
      ),
      Time: fc.oneof(odd, fc.constantFrom(1e300, -1, "NaN", 8.64e15, 8.64e12)),
      Resources: fc.oneof(odd, fc.array(fc.string())),
      EventBusName: fc.oneof(odd, fc.constant("default")),
    },
    { requiredKeys: [] },
  );
  const authorization = `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260401/${REGION}/events/aws4_request, Signature=0`;

  await fc.assert(
    fc.asyncProperty(fc.array(entries, { maxLength: 3 }), async (Entries) => {
      const { status } = await send(server.url, {
        method: "POST",
        headers: { authorization, "x-amz-target": "AWSEvents.PutEvents", "content-type": "application/x-amz-json-1.1" },
        body: JSON.stringify({ Entries }),
      });
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
  await clock.runUntil(clock.now() + 60_000);

  expect(complaints).not.toHaveBeenCalled();
});
