import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import type { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { startServer } from "../../src/server.ts";
import { BodyReader } from "../../src/wire/request-body.ts";
import { fakeAws, START } from "../wire/fake-aws.ts";
import { FACTORY } from "../wire/whole-aws.ts";
import { send } from "./a-browser.ts";

const HOUR = 3_600_000;
const MB = 2 ** 20;

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function anAws() {
  const aws = fakeAws({
    "ssm:GetParameter": () => ({}),
    "s3:PutObject": () => ({}),
    "lambda:CreateFunction": () => ({}),
  });
  const server = await startServer(aws, { port: 0 });
  onTestFinished(() => server.close());
  const port = Number(new URL(server.url).port);
  return { clock: aws.clock as VirtualClock, url: server.url, port };
}

const authorization = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=${FACTORY}/20260401/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

/** Sends bytes and leaves the connection open. What comes back is collected. */
function open(port: number, bytes: string) {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  sockets.push(socket);
  let received = "";
  socket.on("data", (part: string) => (received += part)).on("error", () => {});
  socket.write(bytes);
  return { socket, received: () => received };
}

const head = (service: string, ...headers: string[]): string =>
  ["POST / HTTP/1.1", "Host: localhost", `Authorization: ${authorization(service)}`, ...headers, "", ""].join("\r\n");

describe("a client that never ends its request", () => {
  test.each([
    ["sends no body", ""],
    ["sends a part of its body", "{"],
  ])("does not stop virtual time: it %s", async (_, part) => {
    const { clock, port } = await anAws();
    const { socket } = open(port, head("ssm", "X-Amz-Target: AmazonSSM.GetParameter", "Content-Length: 100") + part);
    await new Promise((resolve) => socket.once("connect", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = performance.now();

    await clock.runUntil(START + HOUR);

    expect(clock.now()).toBe(START + HOUR);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test("and says that its body is chunked is cut off at the limit of its service", async () => {
    const { port } = await anAws();
    const { socket, received } = open(
      port,
      head("ssm", "X-Amz-Target: AmazonSSM.GetParameter", "Transfer-Encoding: chunked"),
    );
    const chunk = `100000\r\n${"x".repeat(MB)}\r\n`;

    for (let sent = 0; sent < 40 && received() === ""; sent++) {
      await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    }

    expect(received()).toContain("HTTP/1.1 413 ");
    expect(received()).toContain("RequestEntityTooLarge");
  });
});

describe("a request that says that its body is too large", () => {
  test.each([
    ["ssm", "/", 8 * MB, 413, "RequestEntityTooLarge"],
    ["dynamodb", "/", 16 * MB, 413, "RequestEntityTooLarge"],
    ["lambda", "/2015-03-31/functions", 70_167_211, 413, "RequestEntityTooLarge"],
    ["s3", "/bucket/key", 256 * MB, 400, "EntityTooLarge"],
    ["none", "/_embedded/instances", 32 * MB, 413, "RequestEntityTooLarge"],
  ] as const)("is refused before it is read: %s at %s over %d bytes", async (service, path, limit, status, code) => {
    const { port } = await anAws();
    const said = (length: number) =>
      head(service, "Content-Type: application/json", `Content-Length: ${length}`).replace("POST /", `PUT ${path}`);
    const allowed = open(port, said(limit));
    const refused = open(port, said(limit + 1));

    await expect.poll(() => refused.received()).toContain(code);

    expect(refused.received()).toContain(`HTTP/1.1 ${status} `);
    expect(allowed.received()).toBe("");
  });
});

test("a head of more than 16 KB is refused", async () => {
  const { url } = await anAws();

  const { status } = await send(url, { headers: { "x-long": "x".repeat(17_000) } });

  expect(status).toBe(431);
});

describe("bodies that arrive at the same time", () => {
  const head = { method: "PUT", path: "/", query: new URLSearchParams(), headers: {}, body: new Uint8Array() };
  const arriving = () => new PassThrough() as unknown as IncomingMessage & PassThrough;

  test("take a limited memory together, and give it back", async () => {
    const bodies = new BodyReader(100);
    const [first, second, third] = [arriving(), arriving(), arriving()];
    const firstBody = bodies.read(first, head, 1_000);
    first.write(Buffer.alloc(90));
    await new Promise(setImmediate);

    const secondBody = bodies.read(second, head, 1_000);
    second.write(Buffer.alloc(20));
    await expect(secondBody).rejects.toThrow(expect.objectContaining({ code: "SlowDown", status: 503 }));
    first.end();
    expect((await firstBody).length).toBe(90);
    const thirdBody = bodies.read(third, head, 1_000);
    third.end(Buffer.alloc(100));

    expect((await thirdBody).length).toBe(100);
  });

  test("come as they were sent, in pieces of any size", async () => {
    const sizes = [0, 1, 2, 70_000, 3, 1, 200_000, 5];
    const sent = Buffer.from(sizes.flatMap((size, n) => Array<number>(size).fill(n)));
    const request = arriving();
    const body = new BodyReader(2 ** 30).read(request, head, 2 ** 20);

    let from = 0;
    for (const size of sizes) {
      request.write(sent.subarray(from, from + size));
      from += size;
    }
    request.end();

    expect(Buffer.from(await body).equals(sent)).toBe(true);
  });
});
