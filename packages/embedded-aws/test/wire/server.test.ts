import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterEach, expect, onTestFinished, test } from "vitest";
import type { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { endpointOf } from "../../src/engine/embedded-aws.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { withBucket } from "../s3/s3-client.ts";
import { fakeAws, START } from "./fake-aws.ts";

const running: RunningServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

const start = async (...[aws, options]: Parameters<typeof startServer>) => {
  const server = await startServer(aws, options);
  running.push(server);
  return server;
};

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=111122223333/20260401/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

test("A server says where it listens, to its caller and to the services", async () => {
  const aws = fakeAws({});

  const server = await start(aws, { port: 0 });

  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(endpointOf(aws)).toBe(server.url);
});

test("A port in use is refused by its number", async () => {
  const first = await start(fakeAws({}), { port: 0 });
  const port = Number(new URL(first.url).port);

  await expect(startServer(fakeAws({}), { port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
});

test("A closed server leaves its port, even with clients connected", async () => {
  const server = await startServer(fakeAws({}), { port: 0 });
  await fetch(server.url);

  await server.close();

  const again = await start(fakeAws({}), { port: Number(new URL(server.url).port) });
  expect(again.url).toBe(server.url);
});

test("Answers carry the factory's time, and a request id", async () => {
  const server = await start(fakeAws({}), { port: 0 });

  const { headers } = await fetch(server.url);

  expect(Date.parse(headers.get("date") ?? "")).toBe(START);
  expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
});

test("An unsigned request fails because its token is missing", async () => {
  const server = await start(fakeAws({}), { port: 0 });

  const json = await fetch(server.url, { method: "POST", headers: { "x-amz-target": "AmazonSSM.GetParameter" } });
  const query = await fetch(server.url, { method: "POST", body: new URLSearchParams({ Action: "Publish" }) });

  expect([json.status, query.status]).toEqual([403, 403]);
  expect(await json.text()).toContain('"__type":"MissingAuthenticationToken"');
  expect(await query.text()).toContain("<Code>MissingAuthenticationToken</Code>");
});

test("An unknown service is NotImplemented, and named", async () => {
  const server = await start(fakeAws({}), { port: 0 });

  const answer = await fetch(server.url, {
    method: "POST",
    headers: { ...signed("textract"), "x-amz-target": "Textract.Analyze" },
  });

  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("textract is not built in the embedded AWS");
});

test.each([
  ["AWS4-HMAC-SHA256 Signature=0", /'Credential' parameter/],
  [
    "AWS4-HMAC-SHA256 Credential=111122223333/20260401/eu-west-1/ssm, Signature=0",
    /exactly 5 slash-delimited elements/,
  ],
])("A credential that is not of AWS's form is an incomplete signature: %s", async (authorization, message) => {
  const server = await start(fakeAws({}), { port: 0 });

  const answer = await fetch(server.url, {
    method: "POST",
    headers: { authorization, "x-amz-target": "AmazonSSM.GetParameter" },
  });

  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    __type: "IncompleteSignatureException",
    message: expect.stringMatching(message),
  });
});

test("S3 blames the method, the body, the field or the path, each by its own code", async () => {
  const server = await start(fakeAws({ "s3:ListObjectsV2": () => ({}), "s3:PutBucketTagging": () => ({}) }), {
    port: 0,
  });
  const ask = async (method: string, path: string, body?: string) => {
    const answer = await fetch(server.url + path, { method, headers: signed("s3"), ...(body && { body }) });
    return [answer.status, /<Code>(.*)<\/Code>/.exec(await answer.text())?.[1]];
  };

  const answers = [
    await ask("POST", "/bucket/key"),
    await ask("PUT", "/bucket?tagging", "<Other><TagSet/></Other>"),
    await ask("PUT", "/bucket?tagging"),
    await ask("GET", "/bucket?list-type=2&max-keys=many"),
    await ask("GET", "/%ff?list-type=2"),
  ];

  expect(answers).toEqual([
    [405, "MethodNotAllowed"],
    [400, "MalformedXML"],
    [400, "MissingRequestBodyError"],
    [400, "InvalidArgument"],
    [400, "InvalidURI"],
  ]);
});

test("The call log contains requests that never became a call, with what is known of them", async () => {
  const aws = fakeAws({ "ssm:GetParameter": () => ({}) });
  const server = await start(aws, { port: 0 });
  const post = (headers: Record<string, string>, body = "{}") => fetch(server.url, { method: "POST", headers, body });

  await post({ ...signed("ssm"), "x-amz-target": "AmazonSSM.GetParameter" }, '{"Name":');
  await post({ ...signed("ssm"), "x-amz-target": "AmazonSSM.DescribeMoon" });
  await post({ "x-amz-target": "AmazonSSM.GetParameter" });
  await fetch(`${server.url}/no/such?path`, { headers: signed("imagebuilder") });
  await post({ ...signed("ssm"), "x-amz-target": "AmazonSSM.GetParameter" }, "{}");
  const listed = await fetch(`${server.url}/_embedded/calls?failed=true`);

  const known = { caller: "arn:aws:iam::111122223333:root", account: "111122223333", region: "eu-west-1" };
  const unknown = { service: "-", caller: "-", account: "-", region: "-" };
  const { calls } = (await listed.json()) as { calls: unknown[] };
  expect(calls).toMatchObject([
    { service: "ssm", operation: "GetParameter", outcome: "SerializationException", ...known },
    { service: "ssm", operation: "DescribeMoon", outcome: "NotImplemented", ...known },
    { operation: "AmazonSSM.GetParameter", outcome: "MissingAuthenticationToken", ...unknown },
    { service: "imagebuilder", operation: "GET /no/such", outcome: "UnknownOperationException", ...known },
    { service: "ssm", operation: "GetParameter", outcome: "ValidationException", ...known },
  ]);
});

test("An old client's query reaches a service that speaks JSON today", async () => {
  const asked: unknown[] = [];
  const aws = fakeAws({
    "sqs:GetQueueAttributes": (input) => {
      asked.push(input);
      return { Attributes: { QueueArn: "arn", DelaySeconds: "0" } };
    },
  });
  const server = await start(aws, { port: 0 });
  const body = new URLSearchParams({
    Action: "GetQueueAttributes",
    Version: "2012-11-05",
    QueueUrl: `${server.url}/111122223333/parked`,
    "AttributeName.1": "QueueArn",
    "AttributeName.2": "DelaySeconds",
  });

  const answer = await fetch(`${server.url}/111122223333/parked`, { method: "POST", headers: signed("sqs"), body });

  expect(asked).toEqual([
    { QueueUrl: `${server.url}/111122223333/parked`, AttributeNames: ["QueueArn", "DelaySeconds"] },
  ]);
  expect(await answer.text()).toContain(
    "<GetQueueAttributesResult><Attribute><Name>QueueArn</Name><Value>arn</Value></Attribute><Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute></GetQueueAttributesResult>",
  );
});

test("A presigned URL is a signed request", async () => {
  const aws = fakeAws({
    "s3:GetObject": (_input, { account, region }) => ({ Body: Buffer.from(`${account} ${region}`) }),
  });
  const server = await start(aws, { port: 0 });
  const credential = encodeURIComponent("111122223333/20260401/eu-west-1/s3/aws4_request");

  const answer = await fetch(
    `${server.url}/evidence/report.json?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}`,
  );

  expect(await answer.text()).toBe("111122223333 eu-west-1");
});

test("Virtual time stands still while a request is worked on", async () => {
  let finish = () => {};
  const aws = fakeAws({ "ssm:GetParameter": () => new Promise<object>((resolve) => (finish = () => resolve({}))) });
  const clock = aws.clock as VirtualClock;
  const server = await start(aws, { port: 0 });
  let rang = false;
  clock.after(1000, () => {
    rang = true;
  });
  const asked = fetch(server.url, {
    method: "POST",
    headers: { ...signed("ssm"), "x-amz-target": "AmazonSSM.GetParameter" },
    body: '{"Name":"/p"}',
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const month = clock.runUntil(START + 2000);
  await new Promise((resolve) => setTimeout(resolve, 20));

  const rangTooEarly = rang;
  finish();
  await Promise.all([asked, month]);

  expect(rangTooEarly).toBe(false);
  expect(rang).toBe(true);
});

test("Time passes for an operation that waits for it", async () => {
  const aws = fakeAws({ "sqs:ReceiveMessage": async (_input, call) => call.aws.clock.sleep(20_000) });
  const clock = aws.clock as VirtualClock;
  const server = await start(aws, { port: 0 });

  const asked = fetch(server.url, {
    method: "POST",
    headers: { ...signed("sqs"), "x-amz-target": "AmazonSQS.ReceiveMessage" },
    body: '{"QueueUrl":"q"}',
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await clock.runUntil(START + 30_000);

  expect((await asked).status).toBe(200);
});

test("A presigned URL gives the object until it expires, by AWS's clock", async () => {
  const { aws, client } = await withBucket();
  await client.putObject({ Bucket: "evidence", Key: "a", Body: "bytes" });
  const server = await startServer(aws, { port: 0 });
  onTestFinished(() => server.close());
  const command = new GetObjectCommand({ Bucket: "evidence", Key: "a" });
  const local = (url: string) => {
    const { hostname, pathname, search } = new URL(url);
    return `${server.url}/${hostname.split(".")[0]}${pathname}${search}`;
  };
  const linkOf = async (minutesAgo: number) =>
    local(await getSignedUrl(client, command, { expiresIn: 3600, signingDate: new Date(START - minutesAgo * 60_000) }));

  const inTime = await fetch(await linkOf(59));
  const late = await fetch(await linkOf(61));

  expect(await inTime.text()).toBe("bytes");
  expect(late.status).toBe(403);
  expect(await late.text()).toContain("Request has expired");
});
