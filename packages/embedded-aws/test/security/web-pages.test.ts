import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { PUBLIC, startAws } from "../lambda/function-url-aws.ts";
import { policy } from "../policy.ts";
import { FACTORY, wholeAws } from "../wire/whole-aws.ts";
import { formOf, presigned, type Received, type Sent, send } from "./a-browser.ts";

const EVIL = "http://evil.example";

const aws = wholeAws();
let server: RunningServer;
beforeAll(async () => {
  server = await startServer(aws, { port: 0 });
});
afterAll(() => server.close());

/** The names of the factory account's roles. */
async function roles(): Promise<string[]> {
  const caller = { principal: accountPrincipal(FACTORY), region: "us-east-1" };
  const listed = await aws.call<{ Roles: { RoleName: string }[] }>("iam", "ListRoles", {}, caller);
  return listed.Roles.map(({ RoleName }) => RoleName);
}

const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "666666666666" } };
const createRole = {
  path: `/?${presigned(FACTORY, "iam")}`,
  ...formOf({
    Action: "CreateRole",
    Version: "2010-05-08",
    RoleName: "mallory",
    AssumeRolePolicyDocument: policy(trust),
  }),
};

/** What browsers add to a page's requests (Fetch standard, "Origin header"; Fetch Metadata, "Sec-Fetch-Site"). */
const pages: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a page of another site": { origin: EVIL, "sec-fetch-site": "cross-site" },
  "a page of an old browser": { origin: EVIL },
  "a sandboxed frame": { origin: "null", "sec-fetch-site": "cross-site" },
  "an image on a page": { "sec-fetch-site": "cross-site" },
  "another port of this machine": { origin: "http://127.0.0.1:8080", "sec-fetch-site": "same-site" },
  "a function's page on this server": { "sec-fetch-site": "same-origin" },
};

describe.each(Object.entries(pages))("%s", (_, headers) => {
  const sendAs = (sent: Sent) => send(server.url, { ...sent, headers: { ...sent.headers, ...headers } });

  test("creates no role that another account assumes with a form", async () => {
    const refused = await sendAs(createRole);

    expect(refused.status).toBe(403);
    expect(refused.body).toContain("The embedded AWS accepts no requests from web pages");
    expect(await roles()).toEqual([]);
  });

  test("runs no code by CreateFunction, whose JSON is sent as plain text", async () => {
    const path = `/2015-03-31/functions?${presigned(FACTORY, "lambda", "eu-west-1")}`;

    const refused = await sendAs({ method: "POST", path, headers: { "content-type": "text/plain" }, body: "{}" });

    expect(refused.status).toBe(403);
  });

  test.each(["/_embedded/calls", "/prod-eu-west-1-starport-layer-bucket/x", "/"])(
    "reads nothing at %s",
    async (path) => {
      const refused = await sendAs({ path });

      expect(refused.status).toBe(403);
      expect(refused.body).toContain("The embedded AWS accepts no requests from web pages");
    },
  );

  test("is refused with 403 where AWS's JSON protocols have 400 for it", async () => {
    const refused = await sendAs({ method: "POST", headers: { "x-amz-target": "AmazonSSM.GetParameter" }, body: "{}" });

    expect(refused.status).toBe(403);
  });

  test("gets no permission by a preflight", async () => {
    const preflight = { "access-control-request-method": "PUT", "access-control-request-headers": "authorization" };

    const refused = await sendAs({ method: "OPTIONS", path: "/", headers: preflight });

    expect(refused.status).toBe(403);
    expect(Object.keys(refused.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });
});

describe("a page whose host name was rebound to 127.0.0.1", () => {
  test.each([
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "[::2]",
    "169.254.169.254",
    "x.s3.evil.example",
    "x.lambda-url.eu-west-1.on.aws.evil.example",
    "s3.amazonaws.com.evil.example",
  ])("%s creates no role that another account assumes", async (host) => {
    const refused = await send(server.url, { ...createRole, headers: { ...createRole.headers, host } });

    expect(refused.status).toBe(403);
    expect(refused.body).toContain("localhost");
    expect(await roles()).toEqual([]);
  });
});

describe("a program of this machine", () => {
  test.each([
    "127.0.0.1:4566",
    "localhost:4566",
    "LOCALHOST",
    "aws.localhost:4566",
    "[::1]:4566",
    "bucket.s3.eu-west-1.amazonaws.com",
  ])("is served when it says host %s", async (host) => {
    const { status } = await send(server.url, {
      path: `/?Action=GetCallerIdentity&Version=2011-06-15&${presigned(FACTORY, "sts")}`,
      headers: { host },
    });

    expect(status).toBe(200);
  });

  test("may open an address of the server in a browser's address bar", async () => {
    const { status } = await send(server.url, { path: "/_embedded/clock", headers: { "sec-fetch-site": "none" } });

    expect(status).toBe(200);
  });
});

const cors = { AllowOrigins: ["https://a.example"], AllowMethods: ["*"] };

test("a page of another site drives no function whose CORS configuration does not name it", async () => {
  const aws = await startAws();
  const open = await aws.serve("echo", "NONE", PUBLIC, { Cors: cors });
  const from = (headers: Record<string, string>): Promise<Received> =>
    send(open, { method: "POST", path: new URL(open).pathname, headers });

  const named = await from({ origin: "https://a.example", "sec-fetch-site": "cross-site" });
  const own = await from({ origin: aws.server.url, "sec-fetch-site": "same-origin" });
  const other = await from({ origin: "https://b.example", "sec-fetch-site": "cross-site" });
  const image = await from({ "sec-fetch-site": "cross-site" });

  expect([named.status, own.status, other.status, image.status]).toEqual([200, 200, 403, 403]);
});

test("a page of another site drives no function without a CORS configuration", async () => {
  const aws = await startAws();
  const url = await aws.serve("echo", "NONE", PUBLIC);

  const refused = await send(url, {
    method: "POST",
    path: new URL(url).pathname,
    headers: { origin: "https://a.example", "sec-fetch-site": "cross-site" },
  });

  expect(refused.status).toBe(403);
});
