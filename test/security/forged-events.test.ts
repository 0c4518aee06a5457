import { rolePrincipal } from "embedded-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { busName } from "../../core/names.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { HOUR, MINUTE } from "../world/time.ts";

const account = "111122223333";
const region = "eu-west-1";
const image = "al2023-base";
const parameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

let factory: Deployed;
beforeAll(async () => {
  factory = await startDeployed();
  await factory.request(image);
  await factory.pass(4 * HOUR);
}, 120_000);
afterAll(() => factory.close());

/** With the role of a function that puts events, and that starts no builds. */
async function forge(detailType: string, detail: object): Promise<void> {
  const principal = rolePrincipal(`arn:aws:iam::${account}:role/amint-acme-verify-share`, "stolen");
  const Detail = JSON.stringify(detail);
  const Entries = [{ EventBusName: busName("acme"), Source: "amint", DetailType: detailType, Detail }];
  await factory.booted.aws.call("events", "PutEvents", { Entries }, { principal, region });
  await factory.pass(10 * MINUTE);
}

const started = () => factory.said("build.started", image).length;
const refused = () =>
  factory.said("trigger.suppressed", image).filter(({ code }) => code === "unproven") as unknown as {
    reason: string;
  }[];

const latest = () => factory.said("build.started", image).at(-1)?.build as string;

const advisory = (id: string) => ({
  id,
  severity: "critical",
  cves: [],
  packages: [{ name: "openssl", architecture: "x86_64", installed: "1", fixed: "2" }],
});

test("base.updated with an AMI that no parameter names starts no build, and is reported once a day", async () => {
  const before = started();

  await forge("base.updated", { image, name: parameter, from: "ami-0123456789abcdef0", to: "ami-0fedcba9876543210" });
  await forge("base.updated", { image, name: parameter, from: "ami-0123456789abcdef1", to: "ami-0fedcba9876543211" });

  expect(started() - before).toBe(0);
  expect(refused()).toMatchObject([{ reason: expect.stringContaining(`${parameter} names ami-`) }]);
});

test("base.updated about another parameter, or from an AMI that no build started from, starts no build", async () => {
  const before = started();
  const { Parameter } = (await factory.booted.aws.call(
    "ssm",
    "GetParameter",
    { Name: parameter },
    { principal: rolePrincipal(`arn:aws:iam::${account}:role/amint-acme-watch-base`, "own"), region },
  )) as { Parameter: { Value: string } };

  await forge("base.updated", { image, name: parameter, from: "ami-0123456789abcdef0", to: Parameter.Value });
  await forge("base.updated", {
    image,
    name: "/aws/service/other",
    from: Parameter.Value,
    to: "ami-0fedcba9876543210",
  });

  expect(started() - before).toBe(0);
});

test("package.updated with an advisory that watch-packages did not find starts no build", async () => {
  const [before, told] = [started(), refused().length];

  await forge("package.updated", { image, build: latest(), advisories: [advisory("ALAS2023-2026-99999")], others: [] });
  await forge("package.updated", { image, build: latest(), advisories: [], others: ["ALAS2023-2026-99998"] });

  expect(started() - before).toBe(0);
  expect(refused().slice(told)).toMatchObject([{ reason: "watch-packages did not announce these advisories" }]);
});
