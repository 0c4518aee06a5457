import { EventBridge } from "@aws-sdk/client-eventbridge";
import { SSM } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptDeployments } from "../../src/admin/deploy.ts";
import { REMEMBERED, recordAws, recordsOf } from "../../src/admin/records.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { smallBlueprint } from "../deploy/small-blueprint.ts";
import { FACTORY, START, wholeAws } from "../wire/whole-aws.ts";

const program = new URL("../deploy/program", import.meta.url).pathname;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describe("the admin door", () => {
  const aws = wholeAws();
  let server: RunningServer;
  const options = () => ({
    region: "eu-west-1",
    endpoint: server.url,
    credentials: { accessKeyId: FACTORY, secretAccessKey: "any" },
  });
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${server.url}/_embedded/${path}`, init);
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  };
  const post = (path: string, body: unknown) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer secret" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  beforeAll(async () => {
    acceptDeployments(aws, "secret");
    server = await startServer(aws, { port: 0 });
  });
  afterAll(() => server.close());

  test("lists calls with caller, region and outcome", async () => {
    const ssm = new SSM(options());

    await ssm.putParameter({ Name: "/a", Type: "String", Value: "1" });
    await ssm.getParameter({ Name: "/missing" }).catch(() => {});
    const all = await ask("calls?service=ssm");
    const failed = await ask(`calls?failed=true&caller=${FACTORY}&last=1`);

    const common = { caller: `arn:aws:iam::${FACTORY}:root`, account: FACTORY, region: "eu-west-1" };
    expect(all.body.calls).toMatchObject([
      { service: "ssm", operation: "PutParameter", outcome: "OK", ...common },
      { service: "ssm", operation: "GetParameter", outcome: "ParameterNotFound", ...common },
    ]);
    expect(failed.body.calls).toMatchObject([{ operation: "GetParameter" }]);
  });

  test("lists events of every bus, even if no rule matches, and later ones on the next request", async () => {
    const events = new EventBridge(options());
    const put = (DetailType: string) =>
      events.putEvents({ Entries: [{ Source: "shop", DetailType, Detail: '{"n":1}' }] });

    await put("order placed");
    const first = (await ask("events?source=shop")).body.events as { number: number }[];
    await put("order paid");
    const second = await ask(`events?source=shop&after=${first[0]?.number}`);

    expect(first).toMatchObject([
      { bus: "default", account: FACTORY, region: "eu-west-1", time: new Date(START).toISOString() },
    ]);
    expect(second.body.events).toMatchObject([{ event: { "detail-type": "order paid", detail: { n: 1 } } }]);
  });

  test("deploys a blueprint, lists each step, and updates the deployment to another one", async () => {
    const body = { blueprint: smallBlueprint(), root: program, secrets: { Token: "t" } };
    const changed = { ...body, blueprint: smallBlueprint({ Letters: { messageRetentionSeconds: 60 } }) };
    const refused = { ...body, blueprint: smallBlueprint({ Rule: { eventPattern: { source: "acme" } } }) };

    const first = await post("deploy", body);
    const again = await post("deploy", body);
    const second = await post("deploy", changed);
    const third = await post("deploy", refused);

    const resources = body.blueprint.resources.length;
    expect(first).toMatchObject({ status: 200, body: { account: FACTORY, resources } });
    expect(first.body.steps).toHaveLength(resources);
    expect(again.body.steps).toEqual([]);
    expect(second.body.steps).toEqual([{ type: "aws:sqs/queue:Queue", name: "Letters", action: "update" }]);
    expect(third).toMatchObject({ status: 409, body: { error: { code: "NotDeployed" } } });
    expect(third.body.error).toMatchObject({ message: expect.stringContaining("InvalidEventPatternException") });
  });

  test("lets virtual time pass", async () => {
    const moved = await post("clock", { until: "2026-04-02T00:00:00Z" });

    expect(moved.body).toEqual({ now: "2026-04-02T00:00:00.000Z", kind: "virtual", following: false });
    expect((await ask("clock")).body).toEqual(moved.body);
  });

  test.each([
    ["calls?colour=blue", 400, /has no parameter colour; valid: after, last, service/],
    ["calls?last=many", 400, /last must be a whole number, not "many"/],
    ["executions?name=missing", 404, /Execution missing does not exist/],
    ["elsewhere", 404, /Known paths: .*\/_embedded\/events/],
    ["constructor", 404, /does not exist/],
    ["deploy", 405, /answers POST, not GET/],
  ])("refuses GET %s", async (path, status, message) => {
    const refused = await ask(path);

    expect(refused.status).toBe(status);
    expect(refused.body.error).toMatchObject({ message: expect.stringMatching(message) });
  });

  test.each([
    ["clock", "{", /not valid JSON/],
    ["clock", [], /must be a JSON object/],
    ["clock", { until: "soon" }, /until must be a time such as/],
    ["instances", { account: "1", region: "r", instances: [{ colour: 1 }] }, /Unrecognized key: "colour"/],
    ["deploy", { blueprint: {} }, /blueprint must be an object with account/],
    ["deploy", { blueprint: smallBlueprint(), root: "here" }, /absolute path of the program/],
    ["deploy", { blueprint: smallBlueprint(), root: "/", secrets: { a: 1 } }, /string values/],
  ] as const)("refuses POST %s with a body that it cannot take: %#", async (path, body, message) => {
    const refused = await post(path, body);

    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({ message: expect.stringMatching(message) });
  });

  test("is shut to web pages, which can reach 127.0.0.1, too", async () => {
    const body = JSON.stringify({ until: "2026-05-01T00:00:00Z" });

    const form = await ask("clock", { method: "POST", headers: { "content-type": "text/plain" }, body });
    const page = await ask("events", { headers: { origin: "https://example.com" } });

    expect(form.status).toBe(415);
    expect(page.status).toBe(403);
  });
});

test("the records forget the oldest calls instead of growing", async () => {
  const aws = wholeAws();
  const caller = { principal: accountPrincipal(FACTORY), region: "eu-west-1" };
  recordAws(aws);
  recordAws(aws);

  for (let n = 0; n < REMEMBERED + 5; n++) await aws.call("sts", "GetCallerIdentity", {}, caller);
  const calls = recordsOf(aws).calls.after(0);

  expect(calls).toHaveLength(REMEMBERED);
  expect([calls[0]?.number, calls.at(-1)?.number]).toEqual([6, REMEMBERED + 5]);
});
