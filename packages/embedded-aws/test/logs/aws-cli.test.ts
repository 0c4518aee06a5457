// @module-tag deep
// @module-tag needs/aws-cli
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { programs, runAs } from "../wire/installed.ts";
import { ACCOUNT, logsAws, START } from "./logs.ts";

const PROGRAMS = programs("aws");

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
  test("tails a group, filtered", { timeout: 120_000, tags: "needs/aws-cli-2" }, async () => {
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
});
