import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { allServices } from "../../../local/services/all.ts";
import { answer } from "../../../local/wire/answer.ts";
import type { WireRequest } from "../../../local/wire/message.ts";
import { serviceModel } from "../../../local/wire/service-model.ts";
import { requiredMembers } from "../../../local/wire/shape.ts";
import { FACTORY, wholeAws } from "./whole-aws.ts";

/** `AMINT_FUZZ=10000 npm test` asks as often as issue 3 wants it; fewer by default, for speed. */
const RUNS = Number(process.env.AMINT_FUZZ ?? 2_000);
/** What may be left standing after a thousand requests, in bytes: caches, not requests. */
const GROWTH = 24 * 2 ** 20;

/** How each built operation is reached: the request that only lacks its body. */
interface Target {
  readonly service: string;
  readonly operation: string;
  readonly protocol: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** Nothing must be said: what is said beside it, AWS ignores. */
  readonly needsNothing: boolean;
}

const targets: Target[] = [];
for (const [name, load] of Object.entries(allServices)) {
  const service = await load();
  const model = await serviceModel(service);
  for (const operation of Object.keys(service.operations)) {
    const known = model.operations.get(operation);
    // A path with labels: what stands for a label is drawn anew in each request.
    const path = known?.route?.path.source
      .replace(/\\\//g, "/")
      .replace(/[$^]|\(.*?\)/g, (part) => (part.length > 1 ? "*" : ""));
    targets.push({
      service: name,
      operation,
      protocol: model.protocol,
      method: known?.route?.method ?? "POST",
      path: `${known?.route?.onBucket ? "/gone" : ""}${path ?? "/"}`,
      query: known?.route?.query ?? [],
      needsNothing: !known || requiredMembers(known.input).length === 0,
    });
  }
}

/** Text that is in nobody's language: no JSON, XML or form that an operation would take. */
const garbage = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.string({ minLength: 1, maxLength: 300 }).map((text) => Buffer.from(text)),
  fc.json({ maxDepth: 4 }).map((text) => Buffer.from(`${text},`)),
  fc.array(fc.anything({ maxDepth: 2 }), { maxLength: 4 }).map((value) => Buffer.from(JSON.stringify(value) ?? "?")),
  fc.integer({ min: 65, max: 5_000 }).map((deep) => Buffer.from(`${'{"a":'.repeat(deep)}1`)),
  fc.integer({ min: 1, max: 5_000 }).map((deep) => Buffer.from("<a>".repeat(deep))),
  fc
    .constantFrom(
      "<!DOCTYPE a>",
      "<a>&b;</a>",
      "<a></b>",
      "<a/><b/>",
      "%zz=1",
      "Tags.member=1",
      "a=%",
      "\u0000",
      "{",
      "[",
    )
    .map((text) => Buffer.from(text)),
);
const label = fc.oneof(
  fc.constantFrom("%zz", "%ff", "..", "arn", ""),
  fc.string({ maxLength: 20 }).map((text) => encodeURIComponent(text.replace(/[^ -~]/g, "?"))),
);
const wrong = fc.record({ target: fc.constantFrom(...targets), body: garbage, label, broken: fc.boolean() });

/** Forms are never empty of nonsense: a field that no input of AWS has in this shape. */
function request({
  target,
  body,
  label: part,
  broken,
}: typeof wrong extends fc.Arbitrary<infer T> ? T : never): WireRequest {
  const { service, operation, protocol, method, path } = target;
  const form = protocol === "awsQuery" || protocol === "ec2Query";
  const scope = `Credential=${broken ? part : FACTORY}/20260401/eu-west-1/${service}/aws4_request`;
  return {
    method,
    path: path.replaceAll("*", () => part),
    query: new URLSearchParams(target.query.map(([name, value]): [string, string] => [name, value])),
    headers: {
      authorization: `AWS4-HMAC-SHA256 ${scope}, Signature=0`,
      ...(protocol.startsWith("awsJson") && { "x-amz-target": `Any.${operation}` }),
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
      ...(broken && { "content-encoding": "aws-chunked" }),
    },
    body: form ? Buffer.concat([Buffer.from(`Action=${operation}&Message.x&.=1&Filter.x.y=1&`), body]) : body,
  };
}

async function heapAfterRest(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await setImmediate();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

test(`${RUNS} malformed requests to all ${targets.length} operations are refused with 4xx, and leave nothing behind`, {
  timeout: 300_000,
}, async () => {
  const aws = wholeAws();
  const statuses = new Map<number, number>();
  const flood = (numRuns: number, seed: number) =>
    fc.assert(
      fc.asyncProperty(wrong, async (drawn) => {
        const { status, body } = await answer(aws, request(drawn));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);

        const told = `${drawn.target.service}:${drawn.target.operation} ${status} ${String(body).slice(0, 200)}`;
        // A path that lost its label can mean an operation that is not built.
        const refused = (status >= 400 && status < 500) || String(body).includes("NotImplemented");
        expect(refused || (status < 300 && drawn.target.needsNothing), told).toBe(true);
      }),
      { numRuns, seed },
    );
  // What is compiled at an operation's first request stays.
  await flood(RUNS / 2, 1);
  const before = await heapAfterRest();

  await flood(RUNS / 2, 2);
  const grown = (await heapAfterRest()) - before;

  console.log(
    `malformed requests: ${[...statuses].map(([status, count]) => `${count} × ${status}`).join(", ")}; heap ${(grown / 2 ** 20).toFixed(1)} MB`,
  );
  expect(grown).toBeLessThan(GROWTH * Math.max(1, RUNS / 2_000));
});
