import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployed, startDeployed } from "../../world/deployed.ts";
import { amintHere, configOf, sound, validated, withoutAws } from "./here.ts";

let factory: Deployed;
beforeAll(async () => {
  factory = await startDeployed({ port: 0 });
});
afterAll(() => factory.close());

const as = (account: string): NodeJS.ProcessEnv => ({
  ...withoutAws,
  AWS_ENDPOINT_URL: factory.options.endpoint,
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: "any",
});
const OWN = "111122223333";
const OTHER = "222222222222";

test.each([
  [
    "an unknown build",
    ["hold", "al2023-base 9.9.9/9"],
    OWN,
    /^"al2023-base 9\.9\.9\/9" is neither an image nor a build /,
  ],
  [
    "a factory that is not deployed",
    ["channels", "al2023-base"],
    OTHER,
    /^The factory is not deployed on http:\/\/127\.0\.0\.1:\d+ in the account /,
  ],
  [
    "a function that is not deployed",
    ["build", "al2023-base"],
    OTHER,
    /^The factory is not deployed on http:\/\/127\.0\.0\.1:\d+ in the account /,
  ],
])("%s: one message, and exit code 1", async (_what, argv, account, says) => {
  const { code, stdout, stderr } = await amintHere(argv, as(account));

  const [first = "", second] = stderr.split("\n");
  expect(first.replace(/^amint: /, "")).toMatch(says);
  expect(second).toMatch(/^$|^ {2}fix: deploy it with `amint local deploy`, or use the credentials of its account/);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
});

test("a missing event bus is reported as a factory that is not deployed yet", async () => {
  const { code, stdout } = await amintHere(["validate"], as("200000000001"));

  expect(stdout).toContain(
    "Online half run as account 200000000001.\n" +
      "The factory is not deployed there yet: keys, bus and consumer roles are checked once it is.\n",
  );
  expect(code).toBe(1);
});

test("a wrong account is the only thing that the online half reports", async () => {
  const config = configOf({ ...sound, account: OWN });

  const { code, stdout } = await validated(config, {}, { args: [], env: as(OTHER) });

  expect(stdout.split("\n").slice(0, 3)).toEqual([
    `account ${OTHER}: this is ${OTHER}, the factory is in ${OWN} (account in factory.config.ts)`,
    `  fix: use credentials of ${OWN}`,
    "",
  ]);
  expect(stdout).toContain("\n1 problem found.\n");
  expect(code).toBe(1);
});

test("a root id that does not exist is reported with the one that does", async () => {
  const config = configOf({ ...sound, organization: { ...sound.organization, rootId: "r-none" } });

  const { code, stdout } = await validated(config, {}, { args: [], env: as(OWN) });

  expect(stdout).toContain(
    'organization.rootId: expected "r-exam", found "r-none"\n  fix: change it in factory.config.ts\n',
  );
  expect(code).toBe(1);
});

test("without credentials --online fails, and what the offline half found stands", async () => {
  const { code, stdout } = await amintHere(["validate", "--online"]);
  const { code: offline, stdout: json } = await amintHere(["validate", "--json"]);

  expect(stdout).toMatch(/^Online half not run: No AWS credentials: /m);
  expect(code).toBe(1);
  expect(JSON.parse(json)).toMatchObject({ offline: { run: true }, online: { run: false }, findings: [] });
  expect(offline).toBe(0);
});
