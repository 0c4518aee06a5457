import { afterEach, expect, test } from "vitest";
import type { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { endpointOf } from "../../../local/endpoint.ts";
import { type RunningServer, startServer } from "../../../local/server.ts";
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

  const second = startServer(fakeAws({}), { port });

  await expect(second).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
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

test("An unsigned request is told that its token is missing", async () => {
  const server = await start(fakeAws({}), { port: 0 });

  const json = await fetch(server.url, { method: "POST", headers: { "x-amz-target": "AmazonSSM.GetParameter" } });
  const query = await fetch(server.url, { method: "POST", body: new URLSearchParams({ Action: "Publish" }) });

  expect([json.status, query.status]).toEqual([403, 403]);
  expect(await json.text()).toContain('"__type":"MissingAuthenticationToken"');
  expect(await query.text()).toContain("<Code>MissingAuthenticationToken</Code>");
});

test("A service that is not there is NotImplemented, naming it", async () => {
  const server = await start(fakeAws({}), { port: 0 });

  const answer = await fetch(server.url, {
    method: "POST",
    headers: { ...signed("textract"), "x-amz-target": "Textract.Analyze" },
  });

  expect(answer.status).toBe(501);
  expect(await answer.text()).toContain("textract is not built in the embedded AWS");
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
