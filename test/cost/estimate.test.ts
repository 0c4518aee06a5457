import { expect, test } from "vitest";
import { ofImage } from "../../cli/cost/cost.ts";
import type { WorkflowStep } from "../../core/build/workflow-steps.ts";
import { estimateCost } from "../../core/cost/estimate.ts";
import { parseMonth } from "../../core/cost/month.ts";
import { type PriceTable, priceTableSchema } from "../../core/cost/price-table.ts";
import { type BuildUsage, instanceRuns, type StoredAmi, type Usage } from "../../core/cost/usage.ts";

const prices: PriceTable = priceTableSchema.parse({
  source: "a test",
  date: "2026-01-01",
  currency: "CHF",
  regions: {
    "eu-west-1": {
      instanceHour: { "m7i.large": 0.6 },
      gp3GiBMonth: 0.1,
      ecrGiBMonth: 0.2,
      snapshotGiBMonth: 0.05,
      copyGiBTo: { "us-east-1": 0.03, "*": 0.02 },
      lambda: { millionRequests: 0.2, gbSecond: { arm64: 0.00001 } },
      thousandTransitions: 0.025,
      dynamodb: { millionReads: 0.1, millionWrites: 0.7 },
    },
    "us-east-1": { snapshotGiBMonth: 0.04, ecrGiBMonth: 0.1 },
  },
});

const april = parseMonth("2026-04");
const MAY = new Date("2026-05-02T00:00:00Z");

const build = (from: string, to: string, changes: Partial<BuildUsage> = {}): BuildUsage => ({
  image: "base",
  build: "1.0.0/1",
  instances: { types: ["m7i.large", "m5.large"], runs: [{ workflow: "build", from, to }] },
  volumeGiB: undefined,
  ...changes,
});

const ami = (region: string, createdAt: string, changes: Partial<StoredAmi> = {}): StoredAmi => ({
  image: "base",
  region,
  amiId: "ami-0123456789abcdef0",
  createdAt,
  gib: 10,
  ...changes,
});

const estimate = (usage: Partial<Usage>, now = MAY, freed?: { image: string; region: string; gib: number }[]) =>
  estimateCost({
    month: april,
    now,
    buildRegion: "eu-west-1",
    prices,
    usage: {
      builds: [],
      amis: [],
      transitions: undefined,
      lambda: undefined,
      dynamodb: undefined,
      notCounted: [],
      ...usage,
    },
    ...(freed && { freed }),
  });

test("instances cost by the time that they ran, and their volumes by theirs", () => {
  const found = estimate({ builds: [build("2026-04-14T03:00:00Z", "2026-04-14T03:30:00Z", { volumeGiB: 72 })] });

  expect(found.lines).toMatchObject([
    { kind: "build-instance", image: "base", quantity: 0.5, unit: "hour of m7i.large", price: 0.6, amount: 0.3 },
    { kind: "volume", quantity: 0.05, unit: "GiB-month", price: 0.1 },
  ]);
  expect(found.total).toBeCloseTo(0.305);
});

test("an instance of some seconds costs a minute, as EC2 bills", () => {
  const found = estimate({ builds: [build("2026-04-14T03:00:00Z", "2026-04-14T03:00:05Z")] });

  expect(found.lines[0]?.quantity).toBeCloseTo(1 / 60);
});

test("usage across the month's end counts in each month for its part", () => {
  const found = estimate({ builds: [build("2026-04-30T23:45:00Z", "2026-05-01T00:45:00Z")] });

  expect(found.lines[0]?.quantity).toBe(0.25);
});

test("snapshots cost from their first day, at each region's price", () => {
  const found = estimate({
    amis: [ami("eu-west-1", "2026-01-05T00:00:00Z"), ami("us-east-1", "2026-03-05T00:00:00Z")],
  });
  const half = estimate({ amis: [ami("eu-west-1", "2026-04-16T00:00:00Z")] });

  expect(found.lines).toMatchObject([
    { kind: "snapshots", region: "eu-west-1", quantity: 10, amount: 0.5 },
    { kind: "snapshots", region: "us-east-1", quantity: 10, amount: 0.4 },
  ]);
  expect(half.lines).toMatchObject([{ quantity: 5 }]);
});

test("the current month costs what it has so far", () => {
  const found = estimate({ amis: [ami("eu-west-1", "2026-01-05T00:00:00Z")] }, new Date("2026-04-10T00:00:00Z"));

  expect(found.days).toBe("9 of 30");
  expect(found.lines[0]?.quantity).toBe(3);
});

test("a copy's transfer costs once, in the month of the copy, by destination", () => {
  const found = estimate({
    amis: [ami("us-east-1", "2026-04-30T12:00:00Z"), ami("us-east-1", "2026-03-30T12:00:00Z")],
  });

  expect(found.lines.filter(({ kind }) => kind === "copies")).toMatchObject([
    { region: "us-east-1", quantity: 10, unit: "GiB copied", price: 0.03 },
  ]);
});

test("items without a price are excluded from the sum and named, never counted as zero", () => {
  const found = estimate({
    builds: [
      build("2026-04-14T03:00:00Z", "2026-04-14T03:30:00Z", {
        instances: {
          types: ["z1d.large"],
          runs: [{ workflow: "test", from: "2026-04-14T03:00:00Z", to: "2026-04-14T03:30:00Z" }],
        },
      }),
    ],
    amis: [ami("ap-south-2", "2026-01-05T00:00:00Z")],
    lambda: [{ architecture: "x86_64", invocations: 2_000_000, gbSeconds: 500 }],
  });

  expect(found.lines).toMatchObject([{ kind: "lambda-requests", quantity: 2, amount: 0.4 }]);
  expect(found.notCounted).toEqual([
    "no price for z1d.large in eu-west-1: 0.500 x hour of z1d.large not counted",
    "no price for snapshots in ap-south-2: 10.000 x GiB-month not counted",
    "no price for Lambda on x86_64 in eu-west-1: 500.000 x GB-seconds on x86_64 not counted",
  ]);
});

test("services cost by counted usage; uncounted ones have no line", () => {
  const found = estimate({
    transitions: { base: 2000, web: 1000 },
    lambda: [{ architecture: "arm64", invocations: 1_000_000, gbSeconds: 1000 }],
    dynamodb: { reads: 500_000, writes: 100_000 },
    notCounted: ["S3"],
  });

  expect(found.lines.map(({ kind, image, amount }) => [kind, image, Number(amount.toFixed(4))])).toEqual([
    ["transitions", "base", 0.05],
    ["transitions", "web", 0.025],
    ["lambda-requests", undefined, 0.2],
    ["lambda-compute", undefined, 0.01],
    ["dynamodb-reads", undefined, 0.05],
    ["dynamodb-writes", undefined, 0.07],
  ]);
  expect(found.notCounted).toEqual(["S3"]);
  expect(found).toMatchObject({ estimate: true, prices: { source: "a test", date: "2026-01-01", currency: "CHF" } });
});

test("an image's part has its own lines and sum, and says that what all share is not in it", () => {
  const whole = estimate({ transitions: { base: 2000, web: 1000 }, dynamodb: { reads: 500_000, writes: 0 } });

  const part = ofImage(whole, "web");

  expect(part.lines.map(({ kind }) => kind)).toEqual(["transitions"]);
  expect(part.total).toBeCloseTo(0.025);
  expect(part.notCounted[0]).toContain("which all images share");
});

test("a retirement plan's saving is the monthly cost of its storage; without a plan it is not shown", () => {
  const freed = [
    { image: "base", region: "eu-west-1", gib: 40 },
    { image: "base", region: "us-east-1", gib: 10 },
    { image: "base", region: "ap-south-2", gib: 10 },
  ];

  const found = estimate({}, MAY, freed);

  expect(found.saves?.total).toBeCloseTo(2.4);
  expect(found.total).toBe(0);
  expect(found.notCounted).toEqual(["no price for snapshots in ap-south-2: 10.000 x GiB-month not counted"]);
  expect(estimate({})).not.toHaveProperty("saves");
});

test("container images cost what their repositories hold; those of other regions' builds were copied there", () => {
  const one = { image: "web", pushedAt: "2026-04-16T00:00:00Z", gib: 2 };
  const found = estimate({
    containers: [
      { ...one, region: "eu-west-1", repository: "acme/web/builds", copied: false },
      { ...one, region: "us-east-1", repository: "acme/web/builds", copied: true },
      { ...one, region: "us-east-1", repository: "acme/web/stable", copied: false },
      { ...one, region: "us-east-1", repository: "acme/web/builds", copied: true, pushedAt: "2026-05-01T12:00:00Z" },
    ],
  });

  expect(found.lines).toMatchObject([
    { kind: "repositories", image: "web", region: "eu-west-1", quantity: 1, unit: "GiB-month" },
    { kind: "repositories", region: "us-east-1", quantity: 2 },
    { kind: "copies", region: "us-east-1", quantity: 2, unit: "GiB copied" },
  ]);
  expect(found.total).toBeCloseTo(0.2 + 0.2 + 0.06);
});

const step = (workflow: string, action: string, from: string | undefined, to?: string): WorkflowStep => ({
  workflow,
  name: action,
  action,
  status: "COMPLETED",
  message: undefined,
  outputs: undefined,
  startedAt: from && `2026-04-14T${from}:00.000Z`,
  endedAt: to && `2026-04-14T${to}:00.000Z`,
});

const inApril = (time: string): string => `2026-04-14T${time}:00.000Z`;

test("an instance counts from its launch until it is terminated, the build's and the tests' each by itself", () => {
  const steps = [
    step("BUILD", "LaunchInstance", "03:00", "03:02"),
    step("BUILD", "ExecuteComponents", "03:02", "03:20"),
    step("BUILD", "TerminateInstance", "03:30", "03:31"),
    step("TEST", "LaunchInstance", "03:31", "03:33"),
    step("TEST", "TerminateInstance", "03:40", "03:41"),
    step("DISTRIBUTION", "DistributeImage", "03:41", "05:00"),
  ];

  const runs = instanceRuns(steps);

  expect(runs).toEqual([
    { workflow: "build", from: inApril("03:00"), to: inApril("03:31") },
    { workflow: "test", from: inApril("03:31"), to: inApril("03:41") },
  ]);
});

test("an instance that a failure ended counts until the last step's end; steps that never began count nothing", () => {
  const steps = [
    step("BUILD", "LaunchInstance", "03:00", "03:02"),
    step("BUILD", "ExecuteComponents", "03:02", "03:20"),
    step("BUILD", "TerminateInstance", undefined),
  ];

  const runs = instanceRuns(steps);

  expect(runs).toEqual([{ workflow: "build", from: inApril("03:00"), to: inApril("03:20") }]);
});

test("a workflow with two instances one after the other has two", () => {
  const steps = [
    step("TEST", "LaunchInstance", "03:00", "03:01"),
    step("TEST", "TerminateInstance", "03:05", "03:06"),
    step("TEST", "LaunchInstance", "04:00", "04:01"),
    step("TEST", "TerminateInstance", "04:05", "04:06"),
  ];

  const runs = instanceRuns(steps);

  expect(runs.map(({ from, to }) => [from, to])).toEqual([
    [inApril("03:00"), inApril("03:06")],
    [inApril("04:00"), inApril("04:06")],
  ]);
});
