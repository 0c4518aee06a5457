import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { explainFailure, toMessage } from "../../../cli/command/explain-failure.ts";
import { amintHere, like, linesOf, withoutAws } from "./here.ts";

const images = "al2023-base, ubuntu-2404-base, al2023-web, al2023-node";
const waiver = ["CVE-2026-1", "--image", "al2023-base", "--owner", "ada", "--reason", "not reachable"];
const asFactory = { ...withoutAws, AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "any" };

/** What is typed, the exit code, the lines on stderr, and an environment other than none. */
type Case = [argv: string[], code: number, says: (string | RegExp)[], env?: NodeJS.ProcessEnv];

/** The last line of a usage error. */
const helpOf = (command: string) => `  fix: \`amint ${command}--help\` lists arguments and options`;

const cases: Readonly<Record<string, Case>> = {
  "an unknown flag": [
    ["validate", "--jsno"],
    64,
    ["amint: validate: unknown option '--jsno'", "  (Did you mean --json?)", helpOf("validate ")],
  ],
  "an unknown command": [
    ["valdate"],
    64,
    ["amint: unknown command 'valdate'", "  (Did you mean validate?)", helpOf("")],
  ],
  "two flags that exclude each other": [
    ["validate", "--offline", "--online"],
    64,
    ["amint: validate: option '--offline' cannot be used with option '--online'", helpOf("validate ")],
  ],
  "a port that does not exist": [
    ["local", "start", "--port", "70000"],
    64,
    [
      "amint: local start: option '--port <number>' argument '70000' is invalid. Must be a port number from 1 to 65535.",
      helpOf("local start "),
    ],
  ],
  "an unknown image": [
    ["channels", "al2032-base"],
    1,
    [`amint: The factory acme has no image "al2032-base"; it has ${images}.`],
  ],
  "an unknown channel": [
    ["shares", "al2023-base", "--channel", "stabel"],
    1,
    ['amint: The image al2023-base has no channel "stabel"; it has candidate, stable.'],
  ],
  "a date in the past": [
    ["waive", ...waiver, "--until", "2020-01-01"],
    1,
    [
      /^amint: A waiver until 2020-01-01 would have no effect: today is \d{4}-\d\d-\d\d \(UTC\)\. --withdraw ends a waiver\.$/,
    ],
  ],
  "a date that does not exist": [
    ["waive", ...waiver, "--until", "2026-02-30"],
    64,
    [
      "amint: waive: option '--until <date>' argument '2026-02-30' is invalid. Use a date such as \"2026-04-30\".",
      helpOf("waive "),
    ],
  ],
  "a folder that cannot be written": [
    ["org", "setup", "--account", "111122223333", "--out", "/dev/null/template.yaml"],
    1,
    [
      "amint: /dev/null/template.yaml: a part of the path is not a folder",
      "  fix: choose a path in an existing folder to which you have access",
    ],
  ],
  "no credentials": [
    ["channels", "al2023-base"],
    1,
    [/^amint: No AWS credentials: /, "  fix: set AWS_PROFILE or --profile, or sign in with `aws sso login`"],
  ],
  "an address where nothing listens": [
    ["channels", "al2023-base"],
    1,
    [
      "amint: Cannot reach http://127.0.0.1:9: ECONNREFUSED",
      "  fix: start an embedded AWS there, such as with `amint local start`, or change --endpoint or AWS_ENDPOINT_URL",
    ],
    { ...asFactory, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
  ],
  "no embedded AWS on the port": [
    ["local", "deploy", "--port", "9"],
    1,
    [
      "amint: http://127.0.0.1:9 does not answer.",
      "  fix: start an embedded AWS with `amint local start` or `npm start -- --keep`, or name its address with --endpoint",
    ],
  ],
};

test.each(Object.entries(cases))(
  "%s: one message with place and fix, and its exit code",
  async (_, [argv, code, says, env]) => {
    const ended = await amintHere(argv, env);

    expect(linesOf(ended.stderr)).toEqual(like(says));
    expect(ended).toMatchObject({ code, stdout: "" });
  },
);

test("a port in use is named, and the message asks for another", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const { code, stderr } = await amintHere(["local", "start", "--port", String(port)]);

  expect(stderr).toBe(
    `amint: Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port.\n`,
  );
  expect(code).toBe(1);
});

test.each([["--debug"], ["AMINT_DEBUG"]])("%s prints the stack trace below the message", async (how) => {
  const env = how === "AMINT_DEBUG" ? { ...withoutAws, AMINT_DEBUG: "1" } : withoutAws;
  const argv = ["channels", "al2032-base", ...(how === "--debug" ? [how] : [])];

  const { code, stderr } = await amintHere(argv, env);

  expect(stderr).toMatch(/^amint: The factory acme has no image "al2032-base"/);
  expect(stderr).toMatch(/^ {4}at .*require-image\.ts/m);
  expect(code).toBe(1);
});

test("an expired session is named with what to do", () => {
  const error = Object.assign(new Error("The security token included in the request is expired"), {
    name: "ExpiredTokenException",
    $fault: "client",
  });

  const explained = explainFailure(error, {});

  expect(explained).toMatchObject({ cause: "credentials" });
  expect(explained && toMessage(explained)).toBe(
    "AWS refuses the credentials: ExpiredTokenException: The security token included in the request is expired\n" +
      "fix: sign in again, such as with `aws sso login`, or choose another AWS_PROFILE",
  );
});

test("an error of Amint keeps its own message, whatever caused it", () => {
  class OwnError extends Error {
    override readonly name = "OwnError";
  }
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED", address: "127.0.0.1", port: 1 });

  expect(explainFailure(new OwnError("own words", { cause }), {})).toBeUndefined();
  expect(explainFailure(new TypeError("fetch failed", { cause }), {})).toMatchObject({ cause: "network" });
});
