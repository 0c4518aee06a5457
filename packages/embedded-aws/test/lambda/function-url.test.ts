import { request as httpRequest } from "node:http";
import { HttpRequest } from "@smithy/core/transport";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { PUBLIC, startAws } from "./function-url-aws.ts";
import { newLambda, REGION, START } from "./new-lambda.ts";

const eventOf = async (answer: Response) => (await answer.json()) as LambdaFunctionURLEvent;

test("a request comes to the function in payload format 2.0", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);
  const id = /_url\/(\w+)\//.exec(url)?.[1];
  const host = `${id}.lambda-url.${REGION}.on.aws`;

  const event = await eventOf(
    await fetch(`${url}a%20b/c?name=one&name=t%2Bwo&empty=`, {
      method: "POST",
      headers: { "content-type": "application/json", "X-Mixed": "Case", cookie: "a=1; b=2", "user-agent": "test" },
      body: '{"é":1}',
    }),
  );

  expect(event).toEqual({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/a%20b/c",
    rawQueryString: "name=one&name=t%2Bwo&empty=",
    cookies: ["a=1", "b=2"],
    headers: expect.objectContaining({
      "content-type": "application/json",
      "content-length": "8",
      "x-mixed": "Case",
      "x-forwarded-proto": "https",
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      host,
    }),
    queryStringParameters: { name: "one,t+wo", empty: "" },
    requestContext: {
      accountId: "anonymous",
      apiId: id,
      domainName: host,
      domainPrefix: id,
      http: { method: "POST", path: "/a%20b/c", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      routeKey: "$default",
      stage: "$default",
      time: "01/Apr/2026:08:00:00 +0000",
      timeEpoch: START,
    },
    body: '{"é":1}',
    isBase64Encoded: false,
  });
  expect(event.headers).not.toHaveProperty("cookie");
  expect(event.headers).not.toHaveProperty("connection");
});

test.each([
  ["text/plain; charset=utf-8", false],
  ["application/vnd.api+json", false],
  ["application/x-www-form-urlencoded", true],
  ["application/octet-stream", true],
])("a body of %s comes as base64: %s", async (type, encoded) => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);

  const event = await eventOf(
    await fetch(url, { method: "POST", headers: { "content-type": type }, body: Buffer.from("a=%C3%A9&b=1") }),
  );

  expect(event.isBase64Encoded).toBe(encoded);
  expect(Buffer.from(event.body ?? "", encoded ? "base64" : "utf8").toString()).toBe("a=%C3%A9&b=1");
});

test("AWS's host name does, too", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);
  const host = `${/_url\/(\w+)\//.exec(url)?.[1]}.lambda-url.${REGION}.on.aws`;

  const event = await new Promise<LambdaFunctionURLEvent>((resolve, reject) => {
    const asked = httpRequest(`${aws.server.url}/deep/path?q=1`, { headers: { host } }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve(JSON.parse(text)));
    });
    asked.on("error", reject).end();
  });

  expect(event).toMatchObject({ rawPath: "/deep/path", rawQueryString: "q=1", requestContext: { domainName: host } });
});

test("in process and without a server it is reached by that host name", async () => {
  const lambda = newLambda();
  const { name: FunctionName } = lambda.deploy("function-url.echo");
  const { FunctionUrl } = await lambda.call<{ FunctionUrl: string }>("CreateFunctionUrlConfig", {
    FunctionName,
    AuthType: "NONE",
  });
  for (const one of PUBLIC) await lambda.call("AddPermission", { FunctionName, ...one });

  const { response } = await inProcessHandler(lambda.aws).handle(
    new HttpRequest({ method: "GET", hostname: new URL(FunctionUrl).hostname, path: "/x", query: { a: ["1", "2"] } }),
  );
  const event = JSON.parse(Buffer.concat(await response.body.toArray()).toString());
  await closeLambda(lambda.aws);

  expect(response.statusCode).toBe(200);
  expect(event).toMatchObject({ rawPath: "/x", rawQueryString: "a=1&a=2", queryStringParameters: { a: "1,2" } });
});

const ask = async (url: string, wanted: unknown) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(wanted) });

test("what a function answers with a status is the answer", async () => {
  const aws = await startAws();
  const url = await aws.serve("answering", "NONE", PUBLIC);

  const full = await ask(url, {
    statusCode: 201,
    headers: { "Content-Type": "text/html", "X-Own": 7, "Content-Length": "99999" },
    cookies: ["a=1; Secure", "b=2"],
    body: Buffer.from("<p>é</p>").toString("base64"),
    isBase64Encoded: true,
  });
  const bare = await ask(url, { statusCode: 204 });

  expect(full.status).toBe(201);
  expect(full.headers.get("content-type")).toBe("text/html");
  expect(full.headers.get("x-own")).toBe("7");
  expect(full.headers.getSetCookie()).toEqual(["a=1; Secure", "b=2"]);
  expect(await full.text()).toBe("<p>é</p>");
  expect(bare.status).toBe(204);
});

test.each([
  [{ message: "hello" }, '{"message":"hello"}'],
  ["hello", '"hello"'],
  [null, "null"],
  [[1], "[1]"],
])("what it answers without one is the JSON of a 200: %o", async (result, body) => {
  const aws = await startAws();
  const url = await aws.serve("answering", "NONE", PUBLIC);

  const answer = await ask(url, result);

  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await answer.text()).toBe(body);
});

test.each([
  { statusCode: "many" },
  { statusCode: 99 },
  { statusCode: 200, body: { not: "text" } },
  { statusCode: 200, headers: { "bad name": "x" } },
  { statusCode: 200, headers: { name: "line\nbreak" } },
  { statusCode: 200, cookies: "a=1" },
])("an invalid HTTP response is a bad gateway: %o", async (result) => {
  const aws = await startAws();
  const url = await aws.serve("answering", "NONE", PUBLIC);

  const answer = await ask(url, result);

  expect([answer.status, await answer.text()]).toEqual([502, "Internal Server Error"]);
});

test("a failure is a bad gateway that does not say why", async () => {
  const aws = await startAws();
  const url = await aws.serve("failing", "NONE", PUBLIC);

  const answer = await fetch(url);

  expect([answer.status, await answer.text()]).toEqual([502, "Internal Server Error"]);
});

test("a function whose concurrency is used up answers 429, and a body that is too large 413", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);
  const large = await fetch(url, { method: "POST", body: Buffer.alloc(6_291_457, "x") });
  await aws.call("PutFunctionConcurrency", { FunctionName: "function-url-echo", ReservedConcurrentExecutions: 0 });

  const throttled = await fetch(url);

  expect([large.status, throttled.status]).toEqual([413, 429]);
  expect(throttled.headers.get("x-amzn-errortype")).toBe("TooManyRequestsException");
});

test("a function's own waits pass in virtual time while a client waits for its answer", async () => {
  const aws = await startAws();
  const url = await aws.serve("slow", "NONE", PUBLIC);
  await fetch(`${url}?ms=0`);
  const stop = aws.clock.race();
  const begun = performance.now();

  const answer = await fetch(`${url}?ms=50000`);
  stop();

  expect(await answer.text()).toBe("50000");
  expect(performance.now() - begun).toBeLessThan(20_000);
});

test("a browser's preflight is answered without the function, and only allowed origins get CORS headers", async () => {
  const aws = await startAws();
  const cors = { AllowOrigins: ["https://a.example"], AllowMethods: ["POST"], AllowHeaders: ["x-own"], MaxAge: 60 };
  const url = await aws.serve("failing", "NONE", PUBLIC, { Cors: cors });
  const preflight = (origin: string) =>
    fetch(url, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });

  const letIn = await preflight("https://a.example");
  const keptOut = await preflight("https://b.example");
  const real = await fetch(url, { headers: { origin: "https://a.example" } });

  expect(Object.fromEntries(letIn.headers)).toMatchObject({
    "access-control-allow-origin": "https://a.example",
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "x-own",
    "access-control-max-age": "60",
  });
  // AWS answers 200 to both; a browser makes no difference.
  expect([letIn.status, keptOut.status, real.status]).toEqual([200, 403, 502]);
  expect(keptOut.headers.get("access-control-allow-origin")).toBeNull();
  expect(real.headers.get("access-control-allow-origin")).toBe("https://a.example");
});

test("what Slack sends arrives byte for byte", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);
  const payload = { type: "block_actions", user: { id: "U1" }, message: { text: "é?" } };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const signed = { "x-slack-signature": `v0=${"ab".repeat(32)}`, "x-slack-request-timestamp": "1775030400" };

  const event = await eventOf(
    await fetch(`${url}slack`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...signed },
      body,
    }),
  );

  expect(event.rawPath).toBe("/slack");
  expect(Buffer.from(event.body ?? "", "base64").toString()).toBe(body);
  expect(event.headers).toMatchObject(signed);
});
