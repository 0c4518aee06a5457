import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, onTestFinished, test } from "vitest";
import { explainFailure, toMessage } from "../../../cli/command/explain-failure.ts";
import { patient } from "../../../cli/command/open-ledger.ts";
import { checkout, start } from "../../world/running-factory.ts";
import { amintHere, configOf, like, linesOf, projectWith, sound, withoutAws } from "./here.ts";

/**
 * What goes wrong in the first hour. `machine.test.ts` has what machines lack, and
 * `commands.test.ts` and `config.test.ts` what a command line or a config can get wrong.
 */

const CLI = join(checkout, "cli/command/amint.mjs");
const FIX = "  fix: ";
const asFactory = { ...withoutAws, AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "any" };

const run = (args: readonly string[], env: NodeJS.ProcessEnv = { ...process.env, ...withoutAws }) =>
  start(process.execPath, args, env);

describe("a config", () => {
  const awaits = "correct the top-level `await` in it or in its imports";

  test.each<[string, string, string, string]>([
    [
      "that throws",
      'function f() {\n  throw new Error("VPC_ID is not set");\n}\nf();\n',
      ":2:9: VPC_ID is not set",
      "correct it there",
    ],
    ["that throws a text", 'throw "no VPC";\n', ": it throws 'no VPC'", "throw an Error, which has its place"],
    ["that never resolves", "await new Promise(() => {});\n", ": it never finishes loading", awaits],
    [
      "that exports a promise",
      "export default Promise.resolve({});\n",
      ": its default export is a promise",
      "write `export default await ...`",
    ],
    [
      "that exports a number",
      "export default 42;\n",
      ": its default export is not a factory",
      "write `export default defineFactory({ ... })`",
    ],
    [
      "that imports a missing package",
      'import "no-such-package";\n',
      ": Cannot find package 'no-such-package' imported from FILE",
      "correct it there",
    ],
    [
      "that rejects a promise without awaiting it",
      'Promise.reject(new Error("too late"));\nawait new Promise((done) => setTimeout(done, 50));\n',
      ":1:16: too late",
      "correct it there",
    ],
    [
      "that throws, and keeps a timer",
      'setInterval(() => {}, 1000);\nthrow new Error("no VPC");\n',
      ":2:7: no VPC",
      "correct it there",
    ],
  ])("%s is named with its place and fix", async (_, text, says, fix) => {
    const file = `${await projectWith({ "factory.config.ts": text })}factory.config.ts`;

    const { code, stdout, stderr } = await run([CLI, "triggers", "--config", file]).ended;

    expect(linesOf(stderr)).toEqual([`amint: ${file}${says.replace("FILE", file)}`, `${FIX}${fix}`]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test.each<[string, (folder: string) => string, (path: string) => string[]]>([
    [
      "that is a folder",
      (folder) => folder,
      (path) => [`amint: ${path.slice(0, -1)}: it is a folder`, `${FIX}name the file in it`],
    ],
    [
      "in a folder that does not exist",
      (folder) => `${folder}none/factory.config.ts`,
      (path) => [
        `amint: ${path} does not exist. Change to a factory's folder, name its config with --config, or run \`npm create amint\`.`,
      ],
    ],
  ])("%s is named", async (_, toPath, says) => {
    const path = toPath(await projectWith({}));

    const { code, stderr } = await amintHere(["triggers", "--config", path]);

    expect(linesOf(stderr)).toEqual(says(path));
    expect(code).toBe(1);
  });

  test("with a value of the wrong type is explained by path, found and expected", async () => {
    const file = `${await projectWith({ "factory.config.ts": configOf({ ...sound, regions: "eu-west-1" }) })}factory.config.ts`;

    const { code, stderr } = await amintHere(["triggers", "--config", file]);

    expect(linesOf(stderr)).toEqual([
      "amint: factory.config.ts is not valid:",
      '  - regions: expected a list of region, at least 1 item, found "eu-west-1"',
    ]);
    expect(code).toBe(1);
  });

  test("that is fine, with a blueprint.json that a full disk cut off: the command that writes it again is named", async () => {
    const folder = await projectWith({ "factory.config.ts": configOf(sound), "blueprint.json": '{"factory":' });

    const { code, stderr } = await amintHere(["channels", "base", "--config", `${folder}factory.config.ts`]);

    expect(linesOf(stderr)).toEqual([
      "amint: blueprint.json cannot be read: Unexpected end of JSON input.",
      `${FIX}\`npx amint blueprint\` writes it`,
    ]);
    expect(code).toBe(1);
  });
});

describe("an AWS", () => {
  const awsError = (code: string, message: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  const another = "sign in again, such as with `aws sso login`, or choose another AWS_PROFILE";
  const setClock = "set the clock, such as with `timedatectl set-ntp true`";
  const denied = "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: iam:ListRoles on resource: *";
  const skewed = "The difference between the request time and the current time is too large.";
  const late = "Signature expired: 20260401T000000Z is now earlier than 20260401T010000Z (20260401T010500Z - 5 min.)";
  const embedded =
    "name the address of an embedded AWS with --endpoint or AWS_ENDPOINT_URL; `amint local start` starts one";
  const html = "<!doctype html><title>Sign in to the network</title>";

  test.each<[string, number, string, string, string | RegExp, string]>([
    [
      "that refuses an expired token",
      403,
      "text/xml",
      awsError("ExpiredToken", "The token is expired"),
      "AWS refuses the credentials: ExpiredToken: The token is expired",
      another,
    ],
    [
      "that refuses an unknown key",
      403,
      "text/xml",
      awsError("InvalidClientTokenId", "The token is invalid."),
      "AWS refuses the credentials: InvalidClientTokenId: The token is invalid.",
      another,
    ],
    [
      "that denies access",
      403,
      "text/xml",
      awsError("AccessDenied", denied),
      `AWS denies access: AccessDenied: ${denied}`,
      "allow the action in the policy of these credentials, or choose others with AWS_PROFILE or --profile",
    ],
    [
      "whose time differs",
      403,
      "text/xml",
      awsError("RequestTimeTooSkewed", skewed),
      new RegExp(`^amint: AWS refuses this machine's time, \\S+Z: RequestTimeTooSkewed: ${skewed}$`),
      setClock,
    ],
    [
      "that finds a signature too old",
      403,
      "text/xml",
      awsError("SignatureDoesNotMatch", late),
      /^amint: AWS refuses this machine's time, \S+Z: SignatureDoesNotMatch: Signature expired: /,
      setClock,
    ],
    ["behind a sign-in page", 200, "text/html", html, "URL is not AWS: it answered HTTP 200, text/html", embedded],
    [
      "behind a proxy that is down",
      502,
      "text/html",
      html,
      "URL is not AWS: it answered HTTP 502, text/html",
      embedded,
    ],
  ])("%s is explained", async (_, status, type, body, says, fix) => {
    const server = createServer((_request, response) => response.writeHead(status, { "content-type": type }).end(body));
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close().closeAllConnections());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const { code, stdout, stderr } = await amintHere(["preflight", "--endpoint", url], asFactory);

    const first = typeof says === "string" ? `amint: ${says.replace("URL", url)}` : says;
    expect(linesOf(stderr)).toEqual(like([first, `${FIX}${fix}`]));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("that never answers is given up after a limit", async () => {
    const server = createServer(() => undefined);
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close().closeAllConnections());
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { requestHandler, ...options } = patient("eu-west-1");
    const credentials = { accessKeyId: "111122223333", secretAccessKey: "any" };
    const impatient = { ...requestHandler, requestTimeout: 50 };
    const sts = new STSClient({ ...options, maxAttempts: 1, endpoint, credentials, requestHandler: impatient });

    const failure = await sts.send(new GetCallerIdentityCommand({})).catch((error: unknown) => error);

    const explained = explainFailure(failure, { AWS_ENDPOINT_URL: endpoint });
    expect(requestHandler.requestTimeout).toBeLessThanOrEqual(10_000);
    expect(explained && toMessage(explained)).toBe(
      `Cannot reach ${endpoint}: ETIMEDOUT\n` +
        "fix: start an embedded AWS there, such as with `amint local start`, or change --endpoint or AWS_ENDPOINT_URL",
    );
  });

  test("that a profile has no credentials for is named with the profile", async () => {
    const { code, stderr } = await amintHere(["channels", "al2023-base", "--profile", "prdo"]);

    expect(linesOf(stderr)).toEqual(
      like([
        /^amint: No AWS credentials by the profile "prdo": /,
        `${FIX}set AWS_PROFILE or --profile, or sign in with \`aws sso login\``,
      ]),
    );
    expect(code).toBe(1);
  });
});
