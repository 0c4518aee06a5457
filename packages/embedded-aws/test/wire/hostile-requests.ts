import { authorization, type Message } from "./malformed-messages.ts";
import type { Answer, ServerProcess } from "./malformed-server.ts";
import type { Draw } from "./value-of-shape.ts";

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
export const HOSTILE: Readonly<Record<string, Attack>> = {
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
