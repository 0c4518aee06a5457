import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { tracing } from "../../functions/monitoring/tracing.ts";

/** X-Ray's daemon, as far as it listens. */
let daemon: Socket;
let documents: Record<string, unknown>[];
let service: Server;

beforeEach(async () => {
  documents = [];
  daemon = createSocket("udp4").bind(0, "127.0.0.1");
  daemon.on("message", (message) => {
    const [header = "", document = ""] = message.toString().split("\n");
    expect(JSON.parse(header)).toEqual({ format: "json", version: 1 });
    documents.push(JSON.parse(document));
  });
  service = createServer((_, response) => response.writeHead(429).end()).listen(0, "127.0.0.1");
  await Promise.all([once(daemon, "listening"), once(service, "listening")]);
  vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv(
    "_X_AMZN_TRACE_ID",
    "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1;Lineage=1",
  );
  vi.stubEnv("_HANDLER", "functions/move-channel.handler");
  vi.stubEnv("POWERTOOLS_SERVICE_NAME", "move-channel");
});
afterEach(() => {
  daemon.close();
  service.close();
  vi.unstubAllEnvs();
});

const invoke = (body: () => Promise<unknown>) => middy().use(tracing()).handler(body)({}, {} as Context);

const callService = async () => {
  const { port } = service.address() as AddressInfo;
  const call = request({ port, host: "127.0.0.1", path: "/parameters?token=secret", method: "POST" }).end();
  const [response] = await once(call, "response");
  response.resume();
  await once(response, "end");
};

describe("a traced invocation", () => {
  it("reaches X-Ray's daemon with its service, and each of its requests as a subsegment", async () => {
    await invoke(callService);
    await vi.waitFor(() => expect(documents).toHaveLength(2));

    const [call, invocation] = documents;
    expect(invocation).toMatchObject({
      type: "subsegment",
      name: "## functions/move-channel.handler",
      trace_id: "1-581cf771-a006649127e371903a2de979",
      parent_id: "70de5b6f19ff9a0a",
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      annotations: { ColdStart: true, Service: "move-channel" },
    });
    expect(call).toMatchObject({
      parent_id: invocation?.id,
      namespace: "remote",
      http: { request: { method: "POST", url: "http://127.0.0.1/parameters" }, response: { status: 429 } },
      throttle: true,
      fault: false,
    });
    expect(JSON.stringify(documents)).not.toContain("secret");
    expect(Number(invocation?.end_time)).toBeGreaterThanOrEqual(Number(call?.end_time));
  });

  it("names the error that it fails with", async () => {
    const failure = Object.assign(new Error("the parameter is locked"), { name: "ParameterLocked" });

    await expect(invoke(() => Promise.reject(failure))).rejects.toBe(failure);

    await vi.waitFor(() => expect(documents).toHaveLength(1));
    expect(documents[0]).toMatchObject({
      fault: true,
      annotations: { ColdStart: false },
      cause: { exceptions: [{ type: "ParameterLocked", message: "the parameter is locked" }] },
    });
  });

  it.each([
    [
      "is not sampled",
      "_X_AMZN_TRACE_ID",
      "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=0",
    ],
    ["has no trace", "_X_AMZN_TRACE_ID", undefined],
    ["has no daemon beside it", "AWS_XRAY_DAEMON_ADDRESS", undefined],
  ])("is silent where it %s", async (_, variable, value) => {
    vi.stubEnv(variable, value);
    await invoke(callService);
    vi.unstubAllEnvs();
    vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", `127.0.0.1:${daemon.address().port}`);
    vi.stubEnv("_X_AMZN_TRACE_ID", "Root=1-581cf771-a006649127e371903a2de979;Parent=70de5b6f19ff9a0a;Sampled=1");
    await invoke(async () => "the next one, to have something to wait for");
    await vi.waitFor(() => expect(documents).not.toEqual([]));

    expect(documents).toMatchObject([{ parent_id: "70de5b6f19ff9a0a", annotations: { ColdStart: false } }]);
  });
});
