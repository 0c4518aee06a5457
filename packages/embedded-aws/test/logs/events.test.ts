import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { DAY, HOUR, logsAws, START } from "./logs.ts";

const logGroupName = "/app/web";
const logStreamName = "s";
const stream = { logGroupName, logStreamName };

async function filled(lines: readonly string[]) {
  const logs = logsAws();
  await logs.group(logGroupName);
  await logs.put(logGroupName, lines);
  const get = async (input: object) => await logs.client.getLogEvents({ ...stream, ...input });
  const messages = async (input: object) => (await get(input)).events?.map(({ message }) => message);
  return { ...logs, get, messages };
}

test("events come back with their time and that of their ingestion", async () => {
  const { get } = await filled(["one", "two"]);

  expect((await get({})).events).toEqual([
    { timestamp: START - 1_000, message: "one", ingestionTime: START },
    { timestamp: START, message: "two", ingestionTime: START },
  ]);
});

test("without startFromHead the newest page comes, and tokens lead back and forth to the same ends", async () => {
  const { get } = await filled(["1", "2", "3", "4", "5"]);
  const texts = ({ events = [] }: Awaited<ReturnType<typeof get>>) => events.map(({ message }) => message).join("");

  const newest = await get({ limit: 2 });
  const older = await get({ limit: 2, nextToken: newest.nextBackwardToken });
  const oldest = await get({ limit: 2, nextToken: older.nextBackwardToken });
  const before = await get({ limit: 2, nextToken: oldest.nextBackwardToken });
  const forward = await get({ limit: 10, nextToken: oldest.nextForwardToken, startFromHead: true });
  const beyond = await get({ nextToken: forward.nextForwardToken, startFromHead: true });

  expect([newest, older, oldest, before, forward, beyond].map(texts)).toEqual(["45", "23", "1", "", "2345", ""]);
  expect(before.nextBackwardToken).toBe(oldest.nextBackwardToken);
  expect(beyond.nextForwardToken).toBe(forward.nextForwardToken);
  await expectRefusal(get({ nextToken: "none" }), "InvalidParameterException", "The specified nextToken is invalid.");
});

test("a reader that waits at the end sees what is put afterwards", async () => {
  const { get, put, clock } = await filled(["1"]);
  const { nextForwardToken: nextToken } = await get({ startFromHead: true });

  await clock.runUntil(START + 1_000);
  await put(logGroupName, ["2"]);

  expect((await get({ nextToken, startFromHead: true })).events).toMatchObject([{ message: "2" }]);
});

test("a time span begins with its start and ends before its end", async () => {
  const { messages } = await filled(["1", "2", "3"]);

  expect(await messages({ startTime: START - 1_000, endTime: START })).toEqual(["2"]);
});

test("a batch must be in the order of time, of at most 1 MB, within 24 hours", async () => {
  const { client, group } = logsAws();
  await group(logGroupName);
  const put = (...logEvents: { timestamp: number; message: string }[]) => client.putLogEvents({ ...stream, logEvents });
  const refusals = [
    [
      [
        { timestamp: START, message: "b" },
        { timestamp: START - 1, message: "a" },
      ],
      "Log events in a single PutLogEvents request must be in chronological order.",
    ],
    [
      [{ timestamp: START, message: "x".repeat(1_048_551) }],
      "Upload too large: 1048577 bytes exceeds limit of 1048576",
    ],
    [
      [
        { timestamp: START - DAY - 1, message: "a" },
        { timestamp: START, message: "b" },
      ],
      "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    ],
  ] as const;

  for (const [events, message] of refusals) {
    await expectRefusal(put(...events), "InvalidParameterException", message);
  }
  await put({ timestamp: START, message: "x".repeat(1_048_550) });
});

test("what is too old, expired or too new is left out and said; sequence tokens are ignored", async () => {
  const { client, group } = logsAws();
  await group(logGroupName);
  await client.putRetentionPolicy({ logGroupName, retentionInDays: 7 });
  const at = (timestamp: number) => ({ timestamp, message: String(timestamp) });
  const logEvents = [at(START - 15 * DAY), at(START - 8 * DAY), at(START), at(START + HOUR), at(START + 3 * HOUR)];

  const answer = await client.putLogEvents({ ...stream, logEvents, sequenceToken: "anything" });

  expect(answer.rejectedLogEventsInfo).toEqual({
    tooOldLogEventEndIndex: 1,
    expiredLogEventEndIndex: 2,
    tooNewLogEventStartIndex: 4,
  });
  const { events } = await client.getLogEvents(stream);
  expect(events?.map(({ timestamp }) => timestamp)).toEqual([START, START + HOUR]);
});

test("the metrics of events in the embedded metric format are recorded", async () => {
  const { call, group, put } = logsAws();
  await group(logGroupName);
  const metrics = [{ Namespace: "Shop", Dimensions: [["page"]], Metrics: [{ Name: "Views" }] }];

  await put(logGroupName, [
    JSON.stringify({ _aws: { Timestamp: START, CloudWatchMetrics: metrics }, page: "a", Views: 3 }),
  ]);

  const found = await call<{ Metrics: object[] }>("monitoring", "ListMetrics", { Namespace: "Shop" });
  expect(found.Metrics).toMatchObject([{ MetricName: "Views", Dimensions: [{ Name: "page", Value: "a" }] }]);
});

test("a group keeps its newest 10,000 events at least, and no more than twice as many", async () => {
  const { client, group } = logsAws();
  await group(logGroupName);
  for (let batch = 0; batch < 3; batch++) {
    const logEvents = Array.from({ length: 9_000 }, (_, n) => ({ timestamp: START, message: `${batch}-${n}` }));
    await client.putLogEvents({ ...stream, logEvents });
  }

  const newest = await client.getLogEvents(stream);
  const all: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
    all.push(...events.map(({ message = "" }) => message));
  }

  expect(newest.events).toHaveLength(10_000);
  expect(all.length).toBeGreaterThanOrEqual(10_000);
  expect(all.length).toBeLessThanOrEqual(20_000);
  expect(all.at(-1)).toBe("2-8999");
});

test("a search goes through all streams by time, page by page, in either direction", async () => {
  const { client, group, put, call, clock } = logsAws();
  await group(logGroupName);
  await call("logs", "CreateLogStream", { logGroupName, logStreamName: "t" });
  for (const [n, name] of ["s", "t", "s", "t", "s"].entries()) {
    await clock.runUntil(START + n * 1_000);
    await put(logGroupName, [`${name}${n}`], name);
  }

  const pages: string[][] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client, pageSize: 2 }, { logGroupName })) {
    pages.push(events.map(({ message = "" }) => message));
  }
  const search = async (input: object) =>
    (await client.filterLogEvents({ logGroupName, ...input })).events?.map(({ message }) => message);

  expect(pages).toEqual([["s0", "t1"], ["s2", "t3"], ["s4"]]);
  expect(await search({ startFromHead: false, limit: 2 })).toEqual(["s4", "t3"]);
  expect(await search({ logStreamNamePrefix: "t" })).toEqual(["t1", "t3"]);
  expect(await search({ logStreamNames: ["s"], startTime: START + 2_000, endTime: START + 4_000 })).toEqual([
    "s2",
    "s4",
  ]);
  await expectRefusal(search({ nextToken: "none" }), "InvalidParameterException");
});

test("live tail says that it is not built", async () => {
  const { client, group } = logsAws();
  await group(logGroupName);

  const tail = client.startLiveTail({ logGroupIdentifiers: [logGroupName] });

  await expectRefusal(tail, "NotImplemented", containing("StartLiveTail"));
});
