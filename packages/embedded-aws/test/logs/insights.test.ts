import { expect, test } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { HOUR, logsAws, START } from "./logs.ts";

const LINES = [
  '{"level":"INFO","service":"share","took":{"ms":10}}',
  '{"level":"ERROR","service":"share","took":{"ms":30},"message":"access denied"}',
  '{"level":"ERROR","service":"gate","took":{"ms":20}}',
  "plain text that timed out",
];
const logGroupName = "/app/web";
const span = { startTime: START / 1_000 - 60, endTime: START / 1_000 + 60 };

async function filled() {
  const logs = logsAws();
  await logs.group(logGroupName);
  await logs.put(logGroupName, LINES);
  const start = (queryString: string, more: object = {}) =>
    logs.client.startQuery({ logGroupName, ...span, queryString, ...more });
  const results = async (queryId: string | undefined) => {
    const answer = await logs.client.getQueryResults({ queryId });
    return {
      ...answer,
      rows: answer.results?.map((row) =>
        Object.fromEntries(row.filter(({ field }) => field !== "@ptr").map(({ field, value }) => [field, value])),
      ),
    };
  };
  const query = async (text: string) => {
    const { queryId } = await start(text);
    await logs.clock.runUntil(logs.clock.now() + 1_000);
    return (await results(queryId)).rows;
  };
  return { ...logs, start, results, query };
}

test("a query runs for a while, and then has its results and statistics", async () => {
  const { start, results, clock } = await filled();

  const { queryId } = await start("fields @timestamp, @message | limit 1");
  const running = await results(queryId);
  await clock.runUntil(START + 1_000);
  const complete = await results(queryId);

  expect([running.status, running.rows]).toEqual(["Running", []]);
  expect(complete).toMatchObject({
    status: "Complete",
    rows: [{ "@timestamp": "2026-04-01 08:00:00.000", "@message": LINES[3] }],
    statistics: { recordsMatched: 4, recordsScanned: 4, logGroupsScanned: 1 },
  });
  expect(complete.results?.[0]?.at(-1)?.field).toBe("@ptr");
});

test.each([
  ['fields service | filter level = "ERROR"', [{ service: "gate" }, { service: "share" }]],
  ["fields took.ms as ms | filter level = 'ERROR' and service = \"share\"", [{ ms: "30" }]],
  ["filter @message like 'timed' | fields @message", [{ "@message": LINES[3] }]],
  ["filter @message like /time(d|s) OUT/", []],
  ["filter @message like /(?i)TIME(d|s) OUT/ | fields @logStream", [{ "@logStream": "s" }]],
  ["filter @message =~ /denied$/ or took.ms < 15 | sort took.ms | fields service", [{ service: "share" }]],
  ["filter not ispresent(level) | fields @message", [{ "@message": LINES[3] }]],
  ["filter ispresent(level) and @message not like /share/ | fields service", [{ service: "gate" }]],
  ["fields took.ms | sort took.ms desc | limit 2", [{ "took.ms": "30" }, { "took.ms": "20" }]],
  [
    "# all\nstats count(*) by level | sort level desc",
    [{ level: "INFO", "count(*)": "1" }, { level: "ERROR", "count(*)": "2" }, { "count(*)": "1" }],
  ],
  ["stats count(*) as lines, avg(took.ms), max(took.ms) as most", [{ lines: "4", "avg(took.ms)": "20", most: "30" }]],
  [
    "stats count(level) by bin(1m) | sort bin(1m)",
    [
      { "bin(1m)": "2026-04-01 07:59:00.000", "count(level)": "3" },
      { "bin(1m)": "2026-04-01 08:00:00.000", "count(level)": "0" },
    ],
  ],
  ["filter level = 'none' | stats count(*)", [{ "count(*)": "0" }]],
])("%s", async (text, rows) => {
  const { query } = await filled();

  expect(await query(text)).toEqual(rows);
});

test.each([
  ["parse @message '*' as a", "the command parse is not built"],
  ["fields strlen(@message)", "the function strlen is not built"],
  ["stats pct(took.ms, 99)", "the function pct is not built"],
  ["filter level in ['ERROR']", /not built|unexpected symbol/],
  ["fields @message |", "unexpected end of query"],
  ["filter level ==", "unexpected symbol found = at line 1 and position 14"],
  ["fields @message | limit many", "unexpected symbol found many at line 1 and position 24"],
])("the query %s is refused as malformed, with what is wrong or not built", async (text, message) => {
  const { start } = await filled();

  await expect(start(text)).rejects.toMatchObject({
    name: "MalformedQueryException",
    message: expect.stringMatching(message instanceof RegExp ? message : new RegExp(message)),
    queryCompileError: { location: { startCharOffset: expect.any(Number) } },
  });
});

test("lines of functions have their request, type and duration as fields", async () => {
  const { client, clock, group, put, results } = await filled();
  const function_ = "/aws/lambda/share";
  const id = "8f507cfc-1234-4697-b07a-ac58fc914c95";
  await group(function_);
  await put(function_, [
    `START RequestId: ${id} Version: $LATEST\n`,
    `REPORT RequestId: ${id}\tDuration: 12.5 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\n`,
  ]);

  const queryString = "filter @type = 'REPORT' | fields @requestId, @duration, @memorySize";
  const { queryId } = await client.startQuery({ logGroupNames: [function_], ...span, queryString });
  await clock.runUntil(START + 1_000);

  const { rows } = await results(queryId);
  expect(rows).toEqual([{ "@requestId": id, "@duration": "12.5", "@memorySize": "128000000" }]);
});

test("queries are listed by group and status, and stopped while they run", async () => {
  const { client, clock, start, results } = await filled();
  const first = await start("fields @message");
  await clock.runUntil(START + HOUR);
  const second = await start("stats count(*)");

  const { queries } = await client.describeQueries({ logGroupName });
  const stopped = await client.stopQuery({ queryId: second.queryId });

  expect(queries?.map(({ queryId, status }) => [queryId, status])).toEqual([
    [second.queryId, "Running"],
    [first.queryId, "Complete"],
  ]);
  expect([stopped.success, (await results(second.queryId)).status]).toEqual([true, "Cancelled"]);
  await expectRefusal(client.stopQuery({ queryId: first.queryId }), "InvalidParameterException");
});

test("a query needs an existing group, and a time that is not before its creation", async () => {
  const { start } = await filled();

  await expectRefusal(start("fields @message", { logGroupName: "/none" }), "ResourceNotFoundException");
  await expectRefusal(
    start("fields @message", { startTime: 1, endTime: 2 }),
    "MalformedQueryException",
    containing("before the log groups creation time"),
  );
  await expectRefusal(start("fields @message", { logGroupNames: [logGroupName] }), "InvalidParameterException");
});
