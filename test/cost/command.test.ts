// @module-tag deep
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteImageCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { expect, onTestFinished, test } from "vitest";
import type { CostLine } from "../../core/cost/cost-lines.ts";
import type { Estimate } from "../../core/cost/estimate.ts";
import type { CostKind } from "../../core/cost/items.ts";
import { type Ended, type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

async function cost(factory: FactoryOnAPort, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await factory.amint("cost", "--month", "2026-04", ...args).ended;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const refusal = (factory: FactoryOnAPort, ...args: string[]): Promise<Ended> => factory.amint("cost", ...args).ended;

async function fileOf(content: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "prices-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "prices.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** One build that is promoted to its first channel, and one that fails half an hour after its launch. */
async function startTwo(): Promise<FactoryOnAPort> {
  const factory = await startFactory({
    step: ({ step, image }) =>
      step === "InstallCloudWatchAgent" && image.endsWith("al2023-base") ? { exitCode: 22, stderr: "503" } : undefined,
  });
  for (const image of ["ubuntu-2404-base", "al2023-base"]) {
    await factory.send("start-build", { trigger: "manual", image, requestedBy: "ada" });
  }
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  return factory;
}

const linesOf = ({ lines }: Estimate, image: string, kind: CostKind): readonly CostLine[] =>
  lines.filter((line) => line.image === image && line.kind === kind);

test("amint cost shows what a month's builds, storage and promotions cost, and what it excludes", async () => {
  const factory = await startTwo();
  const imageBuilder = new ImagebuilderClient(factory.options);
  const failed = factory.events.find(({ detailType }) => detailType === "build.failed");
  await imageBuilder.send(new DeleteImageCommand({ imageBuildVersionArn: String(failed?.detail.build) }));

  const text = await cost(factory);
  const whole: Estimate = JSON.parse(await cost(factory, "--json"));
  const part: Estimate = JSON.parse(await cost(factory, "--json", "--image", "al2023-base"));

  // Both instances of the build that passed, and the one of the build that failed, which Image Builder has forgotten.
  expect(linesOf(whole, "ubuntu-2404-base", "build-instance")).toMatchObject([
    { region: "eu-west-1", unit: "hour of m7i.large", price: 0.11235 },
  ]);
  expect(linesOf(whole, "ubuntu-2404-base", "test-instance")[0]?.quantity).toBeGreaterThan(0.1);
  expect(linesOf(whole, "al2023-base", "build-instance")[0]?.quantity).toBeGreaterThan(0.1);
  expect(linesOf(whole, "al2023-base", "test-instance")).toEqual([]);
  expect(linesOf(whole, "al2023-base", "snapshots")).toEqual([]);
  expect(linesOf(whole, "ubuntu-2404-base", "snapshots").map(({ region }) => region)).toEqual([
    "eu-west-1",
    "us-east-1",
  ]);
  expect(linesOf(whole, "ubuntu-2404-base", "copies")).toMatchObject([{ region: "us-east-1", quantity: 1.75 }]);
  expect(linesOf(whole, "ubuntu-2404-base", "transitions")[0]?.quantity).toBeGreaterThan(0.02);
  expect(whole.total).toBeCloseTo(whole.lines.reduce((sum, { amount }) => sum + amount, 0));

  expect(part.lines.map(({ image }) => image)).toEqual(["al2023-base", "al2023-base"]);
  expect(part.total).toBeLessThan(whole.total);

  expect(text).toContain("Estimated cost of 2026-04 in USD, 1 of 30 days");
  expect(text).toMatch(/^ubuntu-2404-base +32m +11m +0\.08 /m);
  expect(text).toMatch(/^us-east-1 +0\.01 +<0\.01 +1\.75 +0\.04$/m);
  expect(text).toContain("Prices of 2025-06-30: AWS's public on-demand list prices");
  expect(text.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

test("prices of a file replace the list; what they do not know is named, and a file that is none refused", async () => {
  const factory = await startTwo();
  const table = (regions: object) => ({ source: "the invoice of March", date: "2026-04-01", currency: "EUR", regions });
  const own = await fileOf(table({ "eu-west-1": { snapshotGiBMonth: 1 }, "us-east-1": { snapshotGiBMonth: 2 } }));
  const lacking = await fileOf(table({ "eu-west-1": { snapshotGiBMonth: 1 } }));
  const empty = await fileOf({ source: "none", date: "2026-04-01", currency: "EUR" });

  const decisions = [
    { image: "al2023-base", does: "deregister", frees: { "eu-west-1": 5, "us-east-1": 5 } },
    { image: "al2023-base", does: "wait", frees: { "eu-west-1": 100 } },
    { image: "al2023-base", does: "keep", frees: {} },
  ];
  const plan = await fileOf({ decisions, acted: 0 });

  const text = await cost(factory, "--prices", own, "--retirement", plan);
  const refusals = await Promise.all([
    refusal(factory, "--prices", lacking),
    refusal(factory, "--prices", empty),
    refusal(factory, "--prices", await fileOf("{")),
    refusal(factory, "--retirement", own),
    refusal(factory, "--month", "April"),
    refusal(factory, "--image", "windows"),
  ]);

  // What waits, in use perhaps, saves nothing yet.
  expect(text).toContain("The retirement plan would save 15.00 EUR a month");
  expect(text).toContain("in EUR");
  expect(text).toContain("Prices of 2026-04-01: the invoice of March");
  expect(text).toMatch(/^us-east-1 +0\.01 +0\.01 /m);
  expect(text).toMatch(/no price for m7i\.large in eu-west-1: \d\.\d{3} x hour of m7i\.large not counted/);
  expect(text).toContain("no price for copies from eu-west-1 in us-east-1");
  expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1, 1, 64, 1]);
  expect(refusals.map(({ stderr }) => stderr.trim())).toEqual([
    expect.stringContaining("prices.regions: no prices for us-east-1, which the factory publishes in; add"),
    expect.stringContaining("prices.regions: expected prices of at least one region"),
    expect.stringContaining("is not a price table for this factory"),
    expect.stringContaining("is not a retirement plan; `amint retire --plan --json` prints one"),
    expect.stringContaining("such as 2026-04"),
    expect.stringContaining('no image "windows"'),
  ]);
});
