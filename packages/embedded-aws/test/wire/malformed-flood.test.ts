import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sizeOf } from "../../../../test/whole/deep/size.ts";
import { PROTOCOL } from "../../src/wire/choose-protocol.ts";
import { FAULTS, type Malformed } from "./malformed-faults.ts";
import { authorization, type Message } from "./malformed-messages.ts";
import { type Answer, type ServerProcess, startProcess } from "./malformed-server.ts";
import { builtOperations, type Target } from "./malformed-targets.ts";
import { type Draw, drawFrom } from "./value-of-shape.ts";

/** An attacker's request, and the allowed response. */
interface Hostile {
  readonly what: string;
  /** 0: no response. */
  readonly statuses: readonly number[];
  send(server: ServerProcess): Promise<Answer>;
}

type Attack = (service: string, draw: Draw) => Hostile;

const pick = <T>(draw: Draw, all: readonly T[]): T => all[draw(all.length)] as T;

const refused = [403];

const asking = (service: string, headers: Record<string, string>): Message => ({
  method: "POST",
  path: "/",
  query: [],
  headers: { authorization: authorization(service), "x-amz-target": "Any.ListTags", ...headers },
  body: Buffer.from("{}"),
});

const head = (service: string, ...headers: readonly string[]): string =>
  ["POST / HTTP/1.1", "Host: localhost", `Authorization: ${authorization(service)}`, ...headers, "", ""].join("\r\n");

const HOSTS = ["evil.example", "127.0.0.1.evil.example", "[::2]", "10.0.0.1", "x.s3.evil.example", "a b"];

const ORIGINS = ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost", ""];

const SITES = ["cross-site", "same-site", "same-origin", "unheard-of"];

/** JSON texts for `Detail`, and values in its place. */
const DETAILS: readonly ((draw: Draw) => unknown)[] = [
  () => "{",
  () => "",
  () => null,
  () => 7,
  () => ["{}"],
  (draw) => '{"a":'.repeat(draw(50_000)),
  (draw) => `${'{"a":'.repeat(draw(50_000))}1${"}".repeat(draw(50_000))}`,
  (draw) => `{"a":${"[".repeat(draw(900))}${"]".repeat(draw(900))}}`,
  (draw) => `{"${"a.".repeat(draw(50_000))}b":1}`,
  () => '{"__proto__.polluted":1,"constructor.prototype.polluted":1}',
  (draw) => JSON.stringify({ text: "\u0000\u001b]8;;\u0007\u202e".repeat(draw(1_000)) }),
  (draw) => JSON.stringify({ build: draw(2), image: { toString: 1 }, withdrawn: {}, accounts: "none" }),
  (draw) => JSON.stringify({ number: -1e308 * draw(10) }),
];

const TIMES = [undefined, undefined, undefined, 1_775_030_400, 1e300, -1e300, 0.5, "NaN", "2026-04-01", {}];

/** By the hostile part; none is malformed HTTP. */
const HOSTILE: Readonly<Record<string, Attack>> = {
  "wrong host": (service, draw) => {
    const host = pick(draw, HOSTS);
    return { what: host, statuses: refused, send: (server) => server.send(asking(service, { host })) };
  },
  "web page": (service, draw) => {
    const headers = draw(2) === 0 ? { origin: pick(draw, ORIGINS) } : { "sec-fetch-site": pick(draw, SITES) };
    const what = JSON.stringify(headers);
    return { what, statuses: refused, send: (server) => server.send(asking(service, headers)) };
  },
  "body that never ends": (service, draw) => {
    const length = pick(draw, ["Content-Length: 1000", "Transfer-Encoding: chunked"]);
    const part = pick(draw, ["", "{", "1"]);
    const what = `${length}, then "${part}"`;
    return { what, statuses: [0], send: (server) => server.sendUnfinished(head(service, length) + part) };
  },
  "head that never ends": (service, draw) => {
    const whole = head(service);
    const bytes = whole.slice(0, 1 + draw(whole.length - 4));
    return { what: `${bytes.length} bytes`, statuses: [0], send: (server) => server.sendUnfinished(bytes) };
  },
  "body too large": (service, draw) => {
    const length = pick(draw, [268_435_457, 2 ** 40, Number.MAX_SAFE_INTEGER]);
    const bytes = head(service, `Content-Length: ${length}`);
    return { what: String(length), statuses: [400, 413], send: (server) => server.sendBytes(bytes) };
  },
  "malformed event": (_service, draw) => {
    const entries = Array.from({ length: 1 + draw(3) }, () => ({
      Source: pick(draw, ["attacker", "attacker", "attacker", "aws.ec2", "", 7]),
      DetailType: pick(draw, ["build.revoked", "promotion.failed", "__proto__", "", []]),
      Detail: pick(draw, DETAILS)(draw),
      Time: pick(draw, TIMES),
      Resources: pick(draw, [undefined, undefined, [], ["arn"], "arn", [{}]]),
    }));
    const target = { "x-amz-target": "AWSEvents.PutEvents", "content-type": "application/x-amz-json-1.1" };
    const message = { ...asking("events", target), body: Buffer.from(JSON.stringify({ Entries: entries })) };
    return {
      what: JSON.stringify(entries).slice(0, 100),
      statuses: [200, 400],
      send: (server) => server.send(message),
    };
  },
};

/** Bytes that no HTTP client sends, each for a separate socket. The writing end is closed after them. */
const BROKEN_FRAMING: Readonly<Record<string, (service: string) => string>> = {
  "length is not a number": (service) => post(service, ["Content-Length: many"], "{}"),
  "length is negative": (service) => post(service, ["Content-Length: -5"], "{}"),
  "two lengths": (service) => post(service, ["Content-Length: 2", "Content-Length: 3"], "{}"),
  "length and chunks": (service) => post(service, ["Content-Length: 2", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
  "body is too short": (service) => post(service, ["Content-Length: 100"], "{}"),
  "chunk has no size": (service) => post(service, ["Transfer-Encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"),
  "chunk is too short": (service) => post(service, ["Transfer-Encoding: chunked"], "ff\r\n{}"),
  "no host": (service) => `POST / HTTP/1.1\r\nAuthorization: ${authorization(service)}\r\nContent-Length: 0\r\n\r\n`,
  "no such version": () => "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
  "no such method": () => "FROBNICATE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "no HTTP": () => "\u0016\u0003\u0001\u0000\u0005hello\r\n\r\n",
  "header without a colon": (service) => post(service, ["Nonsense", "Content-Length: 0"], ""),
  "header with a zero byte": (service) => post(service, ["X-A: a\u0000b", "Content-Length: 0"], ""),
  "headers too long": (service) => post(service, [`X-A: ${"a".repeat(20_000)}`, "Content-Length: 0"], ""),
  "head is cut off": () => "POST / HTTP/1.1\r\nHost: loc",
};

const post = (service: string, headers: readonly string[], body: string): string =>
  [
    "POST / HTTP/1.1",
    "Host: localhost",
    `Authorization: ${authorization(service)}`,
    "X-Amz-Target: Any.ListTags",
    ...headers,
    "",
    body,
  ].join("\r\n");

const { runs: RUNS, seed: SEED } = sizeOf({ quick: 1_000, deep: 100_000 });
/** Caches are warm by then: most operations were asked. */
const WARM = Math.min(2_000, RUNS / 2);
/**
 * The log of calls, which is full after 10,000 requests of about 0.7 KB, and the events that were taken: some 500 in
 * 100,000 requests, the largest with 100 KB. In bytes.
 */
const GROWTH = 16 * 2 ** 20;

const BATCH = 500;
const AT_ONCE = 4;

const targets = await builtOperations();
const framings = Object.entries(BROKEN_FRAMING);

const NAMES = [...Object.keys(FAULTS), "framing", ...Object.keys(HOSTILE)];

interface Sent extends Omit<Malformed, "message"> {
  readonly name: string;
  /** Default: any 4xx, because AWS documents no single status for it. */
  readonly statuses?: readonly number[];
  readonly target: Target;
  send(server: ServerProcess): Promise<Answer>;
}

const byProtocol = Object.values(Object.groupBy(targets, ({ protocol }) => protocol));

/** Every protocol as often as every other, and of its faults each that an operation can have. */
const requests: fc.Arbitrary<Sent> = fc
  .record({
    target: fc.constantFrom(...byProtocol).chain((some) => fc.constantFrom(...some)),
    name: fc.constantFrom(...NAMES),
    seed: fc.integer(),
  })
  .map(({ target, name, seed }): Sent | undefined => {
    if (name === "framing") {
      const [what, bytes] = framings[Math.abs(seed) % framings.length] ?? ["", () => ""];
      return { name, target, what, codes: [], send: (server) => server.sendBytes(bytes(target.service)) };
    }
    const hostile = HOSTILE[name]?.(target.service, drawFrom(seed));
    if (hostile) return { name, target, codes: [], ...hostile };
    const made = FAULTS[name]?.(target, drawFrom(seed));
    return made && { name, target, what: made.what, codes: made.codes, send: (server) => server.send(made.message) };
  })
  .filter((made) => made !== undefined);

let server: ServerProcess;
beforeAll(async () => {
  server = await startProcess();
});
afterAll(() => server?.close());

const counts = new Map<string, Map<number, number>>();
const protocols = new Map<string, number>();
const findings: string[] = [];

async function ask({ name, target, what, codes, statuses, send }: Sent): Promise<void> {
  const { status, errorType = "", body } = await send(server);
  const byStatus = counts.get(name) ?? new Map<number, number>();
  counts.set(name, byStatus.set(status, (byStatus.get(status) ?? 0) + 1));
  protocols.set(target.protocol, (protocols.get(target.protocol) ?? 0) + 1);
  // What answers to HEAD has no body.
  const told = codes.length === 0 || body === "" || codes.some((code) => `${errorType} ${body}`.includes(code));
  if ((statuses?.includes(status) ?? (status >= 400 && status < 500)) && told) return;
  const asked = `${name} (${what}) to ${target.service}:${target.operation.name}`;
  findings.push(`${asked} got ${status} ${errorType} ${body.slice(0, 300)}`);
}

async function flood(numRuns: number, seed: number): Promise<void> {
  for (let left = numRuns, batch = 0; left > 0; left -= BATCH, batch++) {
    const drawn = fc.sample(requests, { numRuns: Math.min(BATCH, left), seed: seed * 1_000_003 + batch });
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => askEach(drawn.filter((_, n) => n % AT_ONCE === at))));
  }
}

async function askEach(all: readonly Sent[]): Promise<void> {
  for (const one of all) await ask(one);
}

test("malformed requests of every protocol are answered with 4xx only, by a process that lives on and does not grow", {
  timeout: 600_000,
}, async () => {
  await flood(WARM, SEED);
  const before = await server.memory();
  await flood(RUNS - WARM, SEED + 1);
  const after = await server.memory();

  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const table = [...counts].map(([name, found]) => `${name}: ${[...found].map((one) => one.join(" × ")).join(", ")}`);
  console.log(
    `malformed requests, seed ${SEED}: ${table.join("; ")}. ${[...protocols].flat().join(" ")}. Heap ${megabytes(before.heapUsed)} at ${WARM}, ` +
      `${megabytes(after.heapUsed)} at ${RUNS}; resident ${megabytes(before.rss)}, ${megabytes(after.rss)}`,
  );
  expect(findings.slice(0, 20)).toEqual([]);
  expect(server.ended()).toBeUndefined();
  expect(server.complaints()).toBe("");
  expect([...counts.keys()].sort()).toEqual(NAMES.toSorted());
  expect([...protocols.keys()].sort()).toEqual(Object.keys(PROTOCOL).sort());
  expect(after.heapUsed - before.heapUsed).toBeLessThan(GROWTH);
});
