import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { drawBill } from "../../cli/cost/draw-estimate.ts";
import { type Bill, type BilledMonth, estimateBill, usedOf } from "../../core/cost/bill.ts";
import type { CostKind } from "../../core/cost/items.ts";
import { listPrices } from "../../core/cost/list-prices.ts";
import { measuredMonth } from "../../core/cost/measured-month.ts";
import type { Blueprint, BlueprintResource } from "../../core/factory/blueprint.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import factory from "../../factory.config.ts";
import { billPage } from "../../stacks/cost/bill-page.ts";
import { fillPage } from "../../stacks/factory/marked-page.ts";
import { configWith } from "../factory/faults.ts";

const blueprint: Blueprint = JSON.parse(readFileSync("blueprint.json", "utf8"));
const { callers, transitions, requestUnits } = measuredMonth;

const example = (asked: { readonly builds?: number; readonly region?: string } = {}): Bill =>
  estimateBill({ blueprint, factory, prices: listPrices, ...asked });

/** How much of an item a month has in all regions, without the thousands of its price. */
const used = ({ lines }: BilledMonth, kind: CostKind): number =>
  lines.filter((line) => line.kind === kind).reduce((sum, line) => sum + Number(usedOf(line).replaceAll(",", "")), 0);

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

test("the example's month bills what was counted: invocations, transitions, request units, events", () => {
  const { busy } = example();

  expect(busy.builds).toBe(measuredMonth.ami.builds + measuredMonth.container.builds);
  expect(used(busy, "lambda-requests")).toBe(sum(Object.values(callers).map(({ invocations = 0 }) => invocations)));
  expect(used(busy, "transitions")).toBe(sum(Object.values(transitions)));
  expect(used(busy, "dynamodb-reads")).toBe(requestUnits["dynamodb-reads"]);
  expect(used(busy, "dynamodb-writes")).toBe(requestUnits["dynamodb-writes"]);
  expect(used(busy, "events")).toBe(sum(Object.values(callers).map(({ events = 0 }) => events)));
  expect(busy.total).toBeCloseTo(sum(busy.lines.map(({ amount }) => amount)));
});

test("an idle month bills the blueprint's keys, alarms and dashboards, and what schedules with a rate invoke", () => {
  const { idle } = example();
  const count = (type: string): number => blueprint.resources.filter((one) => one.type === type).length;

  expect(used(idle, "keys")).toBe(count("aws:kms/key:Key"));
  expect(used(idle, "alarms")).toBe(count("aws:cloudwatch/metricAlarm:MetricAlarm"));
  expect(used(idle, "dashboards")).toBe(count("aws:cloudwatch/dashboard:Dashboard"));
  expect(used(idle, "lambda-requests")).toBe(sum(Object.values(callers).map(({ scheduled = 0 }) => scheduled)));
  expect(idle.lines.map(({ kind }) => kind)).not.toContain("build-instance");
  expect(used(idle, "transitions")).toBe(0);
});

test("what costs more than a dollar in an idle month has a reason", () => {
  const dear = [...Map.groupBy(example().idle.lines, ({ kind }) => kind).values()].filter(
    (lines) => sum(lines.map(({ amount }) => amount)) > 1,
  );

  expect(dear.length).toBeGreaterThan(2);
  expect(dear.flat().filter(({ why }) => why === undefined)).toEqual([]);
});

/** By use: counted in calls, hours or GiB. The others are free. */
const byUse =
  /^aws:(lambda\/function:|sfn\/|dynamodb\/|s3\/bucket:|sns\/topic:|sqs\/queue:|scheduler\/schedule:|cloudwatch\/(logGroup|eventBus|eventRule):|ecr\/repository:|inspector2\/)/;
const free =
  /^(random:|aws:(iam|imagebuilder|rbin|cloudformation)\/|aws:ec2\/(getVpc|getSubnet|securityGroup):|aws:kms\/alias:|aws:ssm\/parameter:|aws:.*(Policy|Permission|permission|EventInvokeConfig|RecursionConfig|functionUrl|eventTarget|topicSubscription|scheduleGroup|LifecycleConfiguration|OwnershipControls|PublicAccessBlock|EncryptionConfiguration|Versioning):)/;

test("each type of resource that the example deploys is billed by number or by use, or is free", () => {
  const standing = ["aws:kms/key:Key", "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/dashboard:Dashboard"];

  const unknown = blueprint.resources.filter(
    ({ type }) => !standing.includes(type) && !byUse.test(type) && !free.test(type),
  );

  expect(unknown.map(({ type }) => type)).toEqual([]);
  // Standard parameters cost nothing; functions write the advanced ones, which the config names.
  expect(blueprint.resources.filter(({ inputs }) => inputs.tier === "Advanced")).toEqual([]);
});

test("twice the builds take twice the transitions and instances; schedules and alarms stay", () => {
  const [once, twice] = [example({ builds: 8 }).busy, example({ builds: 16 }).busy];

  expect(used(twice, "transitions")).toBeCloseTo(2 * used(once, "transitions"), -1);
  expect(used(twice, "build-instance")).toBeCloseTo(2 * used(once, "build-instance"), 1);
  expect(used(twice, "alarms")).toBe(used(once, "alarms"));
  expect(used(twice, "schedules")).toBe(used(once, "schedules"));
});

const small = (buildRegion: string) => {
  const image = { architecture: "arm64", components: ["images/components/harden-ssh.yaml"], tests: undefined };
  const parts = { parent: undefined, triggers: { base: true } };
  return defineFactory(configWith({ name: "small", buildRegion, regions: [buildRegion] }, { ...image, ...parts }));
};

const smallResources = (region: string): readonly BlueprintResource[] => {
  const name = "amint-small-watch-base";
  const inputs = { name, timeout: 300, memorySize: 1024, architectures: ["x86_64"] };
  const schedule = {
    scheduleExpression: "rate(2 hours)",
    target: { arn: `arn:aws:lambda:${region}:1:function:${name}` },
  };
  return [
    { name: "Key", type: "aws:kms/key:Key", region, inputs: {} },
    { name: "WatchBase", type: "aws:lambda/function:Function", region, inputs },
    { name: "WatchBaseSchedule", type: "aws:scheduler/schedule:Schedule", region, inputs: schedule },
  ];
};

const smallBill = (region: string): Bill =>
  estimateBill({ blueprint: { resources: smallResources(region) }, factory: small(region), prices: listPrices });

test("a small factory is billed for its own resources, schedules and images", () => {
  const { idle, busy, notCounted } = smallBill("eu-west-1");
  const { builds, images, buildHours } = measuredMonth.ami;

  expect(used(idle, "keys")).toBe(1);
  expect(used(idle, "alarms")).toBe(0);
  expect(used(idle, "lambda-requests")).toBe(360);
  // Two seconds each, with a GB.
  expect(idle.lines.find(({ kind }) => kind === "lambda-compute")).toMatchObject({
    quantity: 720,
    unit: "GB-seconds on x86_64",
  });
  // Two of the image, one of its channel, and one of the function in every other hour.
  expect(used(idle, "metrics")).toBe(3.5);
  expect(busy.builds).toBeCloseTo(builds / images);
  expect(busy.lines.find(({ kind }) => kind === "build-instance")).toMatchObject({
    quantity: expect.closeTo(buildHours / images),
    unit: "hour of m7g.large",
  });
  for (const kind of ["copies", "repositories", "canary-instance", "inspector-instances", "transitions"] as const) {
    expect(used(busy, kind)).toBe(0);
  }
  expect(notCounted.filter((one) => one.startsWith("no price"))).toEqual([]);
});

test("the prices of a region that the table lacks are those of us-east-1, and the bill says so", () => {
  const unknown = smallBill("ap-south-2");

  expect(unknown.assumed).toContain("no prices for ap-south-2: those of us-east-1 count");
  expect(unknown.idle.total).toBeCloseTo(smallBill("us-east-1").idle.total);
  expect(smallBill("us-east-1").assumed.join()).not.toContain("no prices");
});

test("items without a price are named, and not in the sum", () => {
  const prices = { ...listPrices, regions: { "eu-west-1": { instanceHour: {}, copyGiBTo: {}, other: { key: 2 } } } };

  const { idle, notCounted } = estimateBill({
    blueprint: { resources: smallResources("eu-west-1") },
    factory: small("eu-west-1"),
    prices,
  });

  expect(idle).toMatchObject({ total: 2, lines: [{ kind: "keys", service: "KMS", price: 2 }] });
  expect(notCounted.join("\n")).toContain(
    "no price for custom metrics in eu-west-1: 3.500 x custom metric not counted",
  );
});

test("docs/cost.md has what the command prints", () => {
  const page = readFileSync("docs/cost.md", "utf8");

  expect(fillPage(billPage, page)).toBe(page);
  expect(page).toContain(
    `An idle month**: no trigger fires, after a month with builds: ${example().idle.total.toFixed(2)}`,
  );
  expect(() => fillPage(billPage, "# Cost")).toThrow("docs/cost.md has no");
});

test("a bill as text has 100 columns at most", () => {
  const text = drawBill(example());

  expect(text).toMatch(/^CloudWatch +alarms +eu-west-1 +\d+ {2}0\.10 per alarm +\d\.\d\d$/m);
  expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

const amint = (...args: string[]) => promisify(execFile)(process.execPath, ["cli/command/amint.mjs", "cost", ...args]);

test("amint cost --estimate asks no AWS; --json has both months, and a region's part", async () => {
  const { stdout } = await amint("--estimate", "--json", "--region", "us-east-1");

  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(example({ region: "us-east-1" }))));
  expect(new Set(example({ region: "us-east-1" }).idle.lines.map(({ region }) => region))).toEqual(
    new Set(["us-east-1"]),
  );
});

test.each([
  [["--estimate", "--month", "2026-04"], "cannot be used with option '--month <month>'"],
  [["--estimate", "--builds", "many"], "Use a number of builds in a month, such as 8."],
  [["--builds", "8", "--image", "al2023-base"], "cannot be used with option '--image <image>'"],
])("amint cost %j is refused", async (args, said) => {
  await expect(amint(...args)).rejects.toThrow(said);
});
