// @module-tag deep
// @module-tag needs/aws-cli
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { programs, runAs } from "../wire/installed.ts";
import { ACCOUNT, logsAws, START } from "./logs.ts";

const PROGRAMS = programs("aws");
const SLOW = { timeout: 120_000 };

describe.each(PROGRAMS.map((program, at) => ({ program, title: `AWS CLI ${at + 1}` })))("$title", ({ program }) => {
  let logs: ReturnType<typeof logsAws>;
  let server: RunningServer;
  let stop: () => void;
  beforeAll(async () => {
    logs = logsAws();
    server = await startServer(logs.aws, { port: 0 });
    await logs.group("/app/web");
    await logs.put("/app/web", [
      '{"level":"INFO","message":"shared"}',
      '{"level":"ERROR","message":"access denied"}',
      "REPORT: all is well",
    ]);
    stop = logs.clock.race();
  });
  afterAll(async () => {
    stop();
    await server.close();
  });

  // The first version that reads AWS_ENDPOINT_URL came in 2023; Debian's is older.
  const aws = (...command: string[]) => runAs(program, ["--endpoint-url", server.url, ...command], server.url, ACCOUNT);
  const json = async (...command: string[]) => {
    const { code, stdout, stderr } = await aws("--output", "json", ...command);
    expect({ code, stderr }, command.join(" ")).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };

  test("tails a group, filtered", { ...SLOW, tags: "needs/aws-cli-2" }, async () => {
    const since = new Date(START - 60_000).toISOString();

    const all = await aws("logs", "tail", "/app/web", "--since", since);
    if ((await aws("--version")).stdout.startsWith("aws-cli/1.")) {
      expect(all.stderr).toMatch(/invalid choice/i);
      return;
    }
    const errors = await aws("logs", "tail", "/app/web", "--since", since, "--filter-pattern", "{ $.level = ERROR }");

    expect([all.stderr, errors.stderr]).toEqual(["", ""]);
    expect(all.stdout.trim().split("\n")).toHaveLength(3);
    expect(errors.stdout).toMatch(/^2026-04-01T07:59:59\S* s \{"level":"ERROR","message":"access denied"\}\n$/);
  });

  test("filters and gets events", SLOW, async () => {
    const found = await json("logs", "filter-log-events", "--log-group-name", "/app/web", "--filter-pattern=-ERROR");
    const got = await json(
      "logs",
      "get-log-events",
      "--log-group-name",
      "/app/web",
      "--log-stream-name",
      "s",
      "--limit",
      "1",
    );

    expect(found.events.map(({ message }: { message: string }) => message)).toEqual([
      '{"level":"INFO","message":"shared"}',
      "REPORT: all is well",
    ]);
    expect(got.events).toMatchObject([{ message: "REPORT: all is well", timestamp: START }]);
  });

  test("queries with Logs Insights", SLOW, async () => {
    const span = ["--start-time", String(START / 1_000 - 60), "--end-time", String(START / 1_000 + 60)];
    const query = "fields @message | filter level = 'ERROR'";

    const { queryId } = await json(
      "logs",
      "start-query",
      "--log-group-name",
      "/app/web",
      ...span,
      "--query-string",
      query,
    );
    const { status, results } = await json("logs", "get-query-results", "--query-id", queryId);

    expect(status).toBe("Complete");
    expect(results[0][0]).toEqual({ field: "@message", value: '{"level":"ERROR","message":"access denied"}' });
  });
});
