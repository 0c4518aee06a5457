import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { amintHere, configOf, projectWith, sound, withoutAws } from "../factory/bad-input/here.ts";

const asFactory = { ...withoutAws, AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "any" };

/** A loopback server that records requests, and answers with an STS error. */
async function recordingServer() {
  const requests: { readonly path: string; readonly authorization: string }[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? "", authorization: request.headers.authorization ?? "" });
    response.writeHead(403, { "content-type": "text/xml" });
    response.end("<ErrorResponse><Error><Code>AccessDenied</Code><Message>recorded</Message></Error></ErrorResponse>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

test.each([
  [["--json", "triggers", "al2023-base"]],
  [["triggers", "--json", "al2023-base"]],
  [["triggers", "al2023-base", "--json"]],
])("a global option works at any place: %j", async (argv) => {
  const { code, stdout, stderr } = await amintHere(argv);

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ factory: "acme", images: [{ image: "al2023-base" }] });
});

test.each([["--config"], ["AMINT_CONFIG"]])(
  "%s names another config, for every command that reads one",
  async (how) => {
    const folder = await projectWith({ "other.config.ts": configOf({ ...sound, name: "other" }) });
    const file = `${folder}other.config.ts`;
    const env = how === "--config" ? withoutAws : { ...withoutAws, AMINT_CONFIG: file };
    const given = how === "--config" ? ["--config", file] : [];

    const triggers = await amintHere([...given, "triggers", "--json"], env);
    const setup = await amintHere(["org", "setup", "--account", "111122223333", "--json", ...given], env);

    expect(JSON.parse(triggers.stdout)).toMatchObject({ factory: "other" });
    expect(setup.stdout).toContain("amint-other-");
  },
);

test("a config that does not exist is named", async () => {
  const { code, stderr } = await amintHere(["triggers", "--config", "missing.config.ts"]);

  expect(stderr).toMatch(/^amint: .*missing\.config\.ts/);
  expect(code).toBe(1);
});

test.each([["--endpoint"], ["AWS_ENDPOINT_URL"]])(
  "%s is where AWS is called, with the factory's account as test credentials",
  async (how) => {
    const { url, requests } = await recordingServer();
    const env = how === "--endpoint" ? withoutAws : { ...withoutAws, AWS_ENDPOINT_URL: url };
    const given = how === "--endpoint" ? ["--endpoint", url] : [];

    const { code, stderr } = await amintHere(["preflight", ...given], env);

    expect(code).toBe(1);
    expect(stderr).toContain("recorded");
    expect(requests.length).toBeGreaterThan(0);
    for (const { authorization } of requests) expect(authorization).toContain("Credential=111122223333/");
  },
);

test("test credentials are not used for other addresses, nor in place of given ones", async () => {
  const { url, requests } = await recordingServer();

  const elsewhere = await amintHere(["preflight", "--endpoint", "http://192.0.2.1:9"]);
  await amintHere(["preflight", "--endpoint", url], { ...asFactory, AWS_ACCESS_KEY_ID: "200000000001" });

  expect(elsewhere.stderr).toMatch(/^amint: No AWS credentials: /);
  expect(requests[0]?.authorization).toContain("Credential=200000000001/");
});

test("--profile chooses the credentials", async () => {
  const { url, requests } = await recordingServer();
  const folder = await projectWith({
    credentials: "[ci]\naws_access_key_id = 300000000001\naws_secret_access_key = any\n",
  });
  const env = { ...withoutAws, AWS_SHARED_CREDENTIALS_FILE: `${folder}credentials` };

  await amintHere(["preflight", "--endpoint", url, "--profile", "ci"], env);

  expect(requests[0]?.authorization).toContain("Credential=300000000001/");
});

test("global options have no effect after the command", async () => {
  await amintHere(["triggers", "--config", "missing.config.ts", "--no-color", "--profile", "ci"]);

  const { AMINT_CONFIG, AWS_PROFILE } = process.env;
  expect({ AMINT_CONFIG, AWS_PROFILE }).toEqual({});
});

test.each([
  [
    ["local", "start", "--json"],
    "local start: --json does not apply: the command runs until Ctrl-C and prints no data",
  ],
  [["completion", "bash", "--json"], "completion: --json does not apply: the command prints a script"],
  [
    ["local", "start", "--endpoint", "http://127.0.0.1:9"],
    "local start: --endpoint does not apply: the command starts an embedded AWS; --port sets its port",
  ],
  [["triggers", "--region", "eu-west-1"], "triggers: --region does not apply: the output is not listed by region"],
  [
    ["fleet", "--region", "eu-west-9"],
    'fleet: --region: the factory acme has no region "eu-west-9"; it has eu-west-1, us-east-1',
  ],
])("%j is refused with a reason", async (argv, reason) => {
  const { code, stdout, stderr } = await amintHere(argv);

  if (argv.includes("--json")) expect(JSON.parse(stderr)).toMatchObject({ error: { message: reason, exitCode: 64 } });
  else expect(stderr.split("\n")[0]).toBe(`amint: ${reason}`);
  expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
});

test("an endpoint that is not a URL is refused, and the environment variable is named", async () => {
  const option = await amintHere(["channels", "al2023-base", "--endpoint", "localhost:4566"]);
  const variable = await amintHere(["channels", "al2023-base"], { ...withoutAws, AWS_ENDPOINT_URL: "4566" });

  expect(option.stderr).toMatch(/option '--endpoint <url>' argument 'localhost:4566' is invalid\. Use a URL such as/);
  expect(variable.stderr).toMatch(/option '--endpoint <url>' value '4566' from env 'AWS_ENDPOINT_URL' is invalid\./);
  expect([option.code, variable.code]).toEqual([64, 64]);
});

test("--version prints the package's version", async () => {
  expect(await amintHere(["--version"])).toEqual({ code: 0, stderr: "", stdout: "0.1.0\n" });
});
