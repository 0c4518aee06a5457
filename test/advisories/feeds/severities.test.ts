import type { IncomingMessage } from "node:http";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { FeedLimits } from "../../../adapters/advisories/fetch-file.ts";
import { readSeverities } from "../../../adapters/advisories/osv/read-severities.ts";
import type { Update } from "../../../core/advisories/priorities.ts";

const update = (source = "openssl"): Update => ({
  ecosystem: "Ubuntu:24.04:LTS",
  source,
  installed: "1-1",
  fixed: "1-3",
});

const record = (id: string, priority: string, name = "openssl") => ({
  id: `UBUNTU-${id}`,
  severity: [{ type: "Ubuntu", score: priority }],
  affected: [
    {
      package: { ecosystem: "Ubuntu:24.04:LTS", name },
      ranges: [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "1-2" }] }],
    },
  ],
});

type Question = { package: { name: string }; version: string; page_token?: string };
type Answer = (question: Question, response: ServerResponse) => void;

/** Serves queries as OSV's API does. */
async function serve(answer: Answer): Promise<{ url: string; asked: Question[] }> {
  const asked: Question[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = (await request.toArray()).join("");
    expect(request.method).toBe("POST");
    asked.push(JSON.parse(body));
    answer(JSON.parse(body), response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/query`, asked };
}

const json =
  (value: unknown): Answer =>
  (_question, response) =>
    response.writeHead(200).end(JSON.stringify(value));

const failureOf = async (answer: Answer, limits?: Partial<FeedLimits>) =>
  (await readSeverities({ url: (await serve(answer)).url, standIn: true }, [update()], limits)).failure;

test("each update is queried by source and installed version, and all pages count", async () => {
  const { url, asked } = await serve(({ package: { name }, page_token: token }, response) => {
    const page = token
      ? { vulns: [record("CVE-2026-2", "high", name)] }
      : { vulns: [record("CVE-2026-1", "low", name)], next_page_token: "more" };
    json(page)({ package: { name }, version: "" }, response);
  });
  const updates = [update(), update("curl")];

  const { found, failure } = await readSeverities({ url, standIn: true }, updates);

  expect(failure).toBeUndefined();
  expect(updates.map((one) => found.get(one))).toEqual([
    { severity: "important", cves: ["CVE-2026-1", "CVE-2026-2"] },
    { severity: "important", cves: ["CVE-2026-1", "CVE-2026-2"] },
  ]);
  expect(asked.filter(({ package: { name } }) => name === "openssl")).toEqual([
    { package: { ecosystem: "Ubuntu:24.04:LTS", name: "openssl" }, version: "1-1" },
    { package: { ecosystem: "Ubuntu:24.04:LTS", name: "openssl" }, version: "1-1", page_token: "more" },
  ]);
});

test("the severity is unknown without an OSV record", async () => {
  const { url } = await serve(json({}));
  const updates = [update()];

  const { found, failure } = await readSeverities({ url, standIn: true }, updates);

  expect(failure).toBeUndefined();
  expect(found.get(updates[0]!)).toEqual({ severity: "unknown", cves: [] });
});

test("answers before a failure count", async () => {
  const { url } = await serve(({ package: { name } }, response) => {
    if (name === "openssl")
      json({ vulns: [record("CVE-2026-1", "high")] })({ package: { name }, version: "" }, response);
    else setTimeout(() => response.writeHead(503).end(), 100);
  });
  const updates = [update(), update("curl")];

  const { found, failure } = await readSeverities({ url, standIn: true }, updates);

  expect(failure?.code).toBe("http-status");
  expect([...found.keys()]).toEqual([updates[0]]);
});

test("an API that is down, refuses, redirects, or answers endlessly, slowly or with invalid data is named", async () => {
  const down = await readSeverities({ url: "http://127.0.0.1:1/v1/query", standIn: true }, [update()]);
  const moved = await failureOf((_question, response) => response.writeHead(307, { location: "/v2/query" }).end());
  const endless = await failureOf(json({ vulns: [], next_page_token: "more" }));

  expect(down.failure).toMatchObject({ code: "unreachable", file: "http://127.0.0.1:1/v1/query" });
  expect(moved).toMatchObject({ code: "http-status", message: expect.stringContaining("307") });
  expect(endless).toMatchObject({ code: "too-large", message: expect.stringContaining("20 pages") });
  expect(await failureOf(json({ vulns: "x".repeat(1_000) }), { answer: 100 })).toMatchObject({ code: "too-large" });
  expect(await failureOf(() => {}, { time: 300 })).toMatchObject({ code: "too-slow" });
  expect(await failureOf((_question, response) => response.writeHead(200).end("<html>"))).toMatchObject({
    code: "malformed",
    message: expect.stringContaining("not JSON"),
  });
  expect(await failureOf(json({ vulns: [{ affected: [] }] }))).toMatchObject({
    code: "malformed",
    message: expect.stringContaining("vulns.0.id"),
  });
});

test("a request on a connection that the server closed is sent again on a new one", async () => {
  const answered = new WeakSet<object>();
  const { url, asked } = await serve(({ page_token: token }, response) => {
    const { socket } = response;
    // As a server does whose connections were idle for too long, while the page before was parsed.
    if (!socket || answered.has(socket)) return void socket?.destroy();
    answered.add(socket);
    json({ vulns: [record("CVE-2026-1", "high")], ...(!token && { next_page_token: "more" }) })(asked[0]!, response);
  });
  const updates = [update()];

  const { found, failure } = await readSeverities({ url, standIn: true }, updates);

  expect(failure).toBeUndefined();
  expect(found.get(updates[0]!)).toMatchObject({ severity: "important" });
  expect(asked).toHaveLength(3);
});

test("a server that also closes new connections is unreachable", async () => {
  const failure = await failureOf((_question, response) => response.socket?.destroy());

  expect(failure).toMatchObject({ code: "unreachable" });
});
