import fc from "fast-check";
import { expect, test } from "vitest";
import { answer } from "../../src/wire/answer.ts";
import type { WireRequest } from "../../src/wire/message.ts";
import { type Act, fakeAws } from "./fake-aws.ts";

const RUNS = 500;

/** One operation of each protocol, which would answer whatever reaches it. */
const TARGETS = [
  { service: "ssm", target: "AmazonSSM.GetParameters", path: "/" },
  { service: "sqs", target: "AmazonSQS.SendMessageBatch", path: "/" },
  { service: "sns", action: "Publish", path: "/" },
  { service: "ec2", action: "DescribeImages", path: "/" },
  { service: "imagebuilder", method: "PUT", path: "/CreateComponent" },
  { service: "lambda", method: "POST", path: "/2015-03-31/functions" },
  { service: "s3", method: "PUT", path: "/bucket?lifecycle" },
] as const;

const never: Act = () => {
  throw new Error("A malformed request reached its operation");
};

const aws = fakeAws({
  "ssm:GetParameters": never,
  "sqs:SendMessageBatch": never,
  "sns:Publish": never,
  "ec2:DescribeImages": never,
  "imagebuilder:CreateComponent": never,
  "lambda:CreateFunction": never,
  "s3:PutBucketLifecycleConfiguration": never,
});

/** JSON of the wrong types, broken JSON, XML and forms, and bytes of no kind. */
const garbage = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc.string({ minLength: 1 }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(`${text},`)),
  fc
    .oneof(fc.integer(), fc.boolean(), fc.array(fc.anything()))
    .map((value) => Buffer.from(JSON.stringify(value) ?? "?")),
  fc.integer({ min: 65, max: 3000 }).map((deep) => Buffer.from(`${'{"a":'.repeat(deep)}1`)),
  fc.integer({ min: 1, max: 3000 }).map((deep) => Buffer.from("<a>".repeat(deep))),
  fc
    .constantFrom("<!DOCTYPE a>", "<a>&b;</a>", "<a></b>", "<a/><b/>", "%zz=1", "Tags.member=1", "a=%")
    .map((text) => Buffer.from(text)),
);

const request = (target: (typeof TARGETS)[number], body: Uint8Array, extra: Record<string, string>): WireRequest => {
  const [path = "/", query = ""] = target.path.split("?");
  const form = "action" in target;
  return {
    method: "method" in target ? target.method : "POST",
    path,
    query: new URLSearchParams(query),
    headers: {
      ...extra,
      authorization: `AWS4-HMAC-SHA256 Credential=111122223333/20260401/eu-west-1/${target.service}/aws4_request, Signature=0`,
      ...("target" in target ? { "x-amz-target": target.target } : {}),
      ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    },
    body: form ? Buffer.concat([Buffer.from(`Action=${target.action}&MaxResults=many&Message.x&`), body]) : body,
  };
};

test(`${RUNS} requests with malformed bodies are all refused with 4xx`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...TARGETS), garbage, async (target, body) => {
      const { status } = await answer(aws, request(target, body, {}));

      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: RUNS },
  );
});

test(`${RUNS} requests with malformed heads are all refused with 4xx`, async () => {
  const word = fc.string({ maxLength: 30 });
  const scope = fc
    .tuple(word, fc.constantFrom("ssm", "ec2", "s3", "lambda", ""), word)
    .map(([key, service, end]) => `AWS4-HMAC-SHA256 Credential=${key}/20260401/eu-west-1/${service}/${end}`);
  const heads = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "HEAD", "DELETE", "FROB"),
    path: fc.oneof(
      word.map((text) => `/${text}`),
      fc.constantFrom("/%zz", "/a/%ff", "//", "/2015-03-31/functions/%"),
    ),
    query: fc.dictionary(word, word).map((fields) => new URLSearchParams(fields)),
    headers: fc.record(
      {
        authorization: fc.oneof(word, scope),
        "x-amz-target": word,
        "content-type": fc.constantFrom("application/x-www-form-urlencoded", "text/plain"),
        "content-encoding": fc.constant("aws-chunked"),
        host: word,
      },
      { requiredKeys: [] },
    ),
    body: fc.uint8Array({ maxLength: 50 }),
  });

  await fc.assert(
    fc.asyncProperty(heads, async (head) => {
      const { status } = await answer(aws, head as WireRequest);

      expect(status >= 400 && status < 500, `status ${status}`).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test("A chunked upload that ends too early is refused with IncompleteBody", async () => {
  const upload = { service: "s3", method: "PUT", path: "/bucket?lifecycle" } as const;
  const bodies = ["", "5\r\nabc", "zz\r\n", "5;chunk-signature=0\r\nabcde", "5\r\nabcde\r\n"];

  const answers = await Promise.all(
    bodies.map((body) =>
      answer(aws, request(upload as never, Buffer.from(body), { "content-encoding": "aws-chunked" })),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 400));
  expect(answers.every(({ body }) => String(body).includes("IncompleteBody"))).toBe(true);
});
