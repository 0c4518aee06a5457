import { readFile } from "node:fs/promises";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Command, InvalidArgumentError, Option } from "commander";
import * as z from "zod";
import { readUsage } from "../../adapters/cost/read-usage.ts";
import { estimateBill } from "../../core/cost/bill.ts";
import { checkPrices } from "../../core/cost/check-prices.ts";
import { type Estimate, estimateCost } from "../../core/cost/estimate.ts";
import { listPrices } from "../../core/cost/list-prices.ts";
import { type Month, monthOf, parseMonth } from "../../core/cost/month.ts";
import { type PriceTable, priceTableSchema } from "../../core/cost/price-table.ts";
import type { FreedStorage } from "../../core/cost/usage.ts";
import { describeIssue } from "../../core/factory/describe-issue.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { promotionName } from "../../core/names.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { takeRegion } from "../command/global-options.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawBill, drawEstimate } from "./draw-estimate.ts";

interface Options {
  readonly image?: string;
  readonly month?: Month;
  readonly prices?: string;
  readonly retirement?: string;
  readonly estimate?: true;
  readonly builds?: number;
  readonly region?: string;
  readonly json?: true;
}

/** Options about what was used. */
const OF_USE = ["image", "month", "retirement"];

/** `amint cost`: an estimate of the factory's costs in a month; with `--estimate` before it is deployed. */
export const costCommand = (): Command =>
  takeRegion(new Command("cost"))
    .description("estimate a month's cost from instance run times, current storage and usage of services")
    .option("--image <image>", "only this image's part")
    .option("--month <month>", "a month in UTC such as 2026-04 (this month so far)", toMonth)
    .option("--prices <file>", "a price table in JSON instead of the list prices that come with the factory")
    .option("--retirement <file>", "show what a retirement plan in JSON would save each month")
    .addOption(
      new Option(
        "--estimate",
        "what an idle month and one with builds will cost, from blueprint.json; asks no AWS",
      ).conflicts(OF_USE),
    )
    .addOption(
      new Option("--builds <number>", "the estimate for that many builds (as many of each image as in the example)")
        .argParser(toBuilds)
        .implies({ estimate: true })
        .conflicts(OF_USE),
    )
    .action(cost);

async function cost(options: Options): Promise<void> {
  const { image, month, prices: path, retirement, region, json } = options;
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  const prices = await readPrices(factory, path);
  const freed = retirement === undefined ? undefined : await readFreed(retirement);
  const blueprint = await readBlueprint();
  if (options.estimate) {
    const bill = estimateBill({ blueprint, factory, prices, builds: options.builds, region });
    if (json) printJson(bill);
    else printFound(bill, drawBill);
    return;
  }
  const { buildRegion, partition, account } = blueprint;
  const now = await factoryNow();
  const asked = month ?? monthOf(now);
  const home = patient(buildRegion);
  const { usage } = await readUsage(
    openLedger(blueprint),
    {
      ec2: (region) => new EC2Client(patient(region)),
      ecr: (region) => new ECRClient(patient(region)),
      imageBuilder: new ImagebuilderClient(home),
      promotions: new SFNClient(home),
      functions: new LambdaClient(home),
      metrics: new CloudWatchClient(home),
    },
    {
      factory,
      promotionArn: `arn:${partition}:states:${buildRegion}:${account}:stateMachine:${promotionName(factory.name)}`,
      month: asked,
      now,
    },
  );
  const whole = estimateCost({ month: asked, now, buildRegion, prices, usage, ...(freed && { freed }) });
  const ofOne = image === undefined ? whole : ofImage(whole, image);
  const estimate = region === undefined ? ofOne : only(ofOne, (line) => line.region === region);
  if (json) printJson(estimate);
  else printFound(estimate, drawEstimate);
}

function toBuilds(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Use a number of builds in a month, such as 8.");
  return Number(text);
}

function toMonth(text: string): Month {
  try {
    return parseMonth(text);
  } catch {
    throw new InvalidArgumentError("Use a year and a month, such as 2026-04.");
  }
}

/** One image's part of an estimate, without Lambda and DynamoDB, which all images share. */
export function ofImage(estimate: Estimate, image: string): Estimate {
  const { notCounted, ...its } = only(estimate, (line) => line.image === image);
  return { ...its, notCounted: ["Lambda and DynamoDB, which all images share", ...notCounted] };
}

/** Selected lines of an estimate, with their sum. */
function only(estimate: Estimate, isWanted: (line: Estimate["lines"][number]) => boolean): Estimate {
  const part = (lines: Estimate["lines"]) => {
    const wanted = lines.filter(isWanted);
    return { lines: wanted, total: wanted.reduce((sum, { amount }) => sum + amount, 0) };
  };
  const { saves } = estimate;
  return { ...estimate, ...part(estimate.lines), ...(saves && { saves: part(saves.lines) }) };
}

const plan = z.object({
  decisions: z.array(
    z.object({ image: z.string(), does: z.string(), frees: z.record(z.string(), z.number().nonnegative()) }),
  ),
});

/** Decisions that remove nothing now; whether they ever free storage is unknown. */
const STAYS: readonly string[] = ["keep", "wait", "give-back", "gone"];

/**
 * The storage that a retirement plan, printed by `amint retire --plan --json`, frees.
 * @throws NoPlan if the file is not a plan
 */
export async function readFreed(path: string): Promise<FreedStorage[]> {
  try {
    return plan
      .parse(JSON.parse(await readFile(path, "utf8")))
      .decisions.filter(({ does }) => !STAYS.includes(does))
      .flatMap(({ image, frees }) => Object.entries(frees).map(([region, gib]) => ({ image, region, gib })));
  } catch (cause) {
    throw new NoPlan(path, cause);
  }
}

class NoPlan extends Error {
  override readonly name = "NoPlan";

  constructor(path: string, cause: unknown) {
    const found = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    super(`${path} is not a retirement plan; \`amint retire --plan --json\` prints one. ${found}`, { cause });
  }
}

/**
 * The prices of an estimate: from a JSON file, from the factory's config, or the list prices.
 * @throws PricesUnusable naming each error in the file with its path and fix
 */
export async function readPrices(factory: Factory, path?: string): Promise<PriceTable> {
  if (path === undefined) return factory.cost?.prices ?? listPrices;
  const file = z.object({ prices: priceTableSchema });
  const parsed = file.safeParse({ prices: await readJson(path) }, { reportInput: true });
  const faults = parsed.success
    ? checkPrices(parsed.data.prices, factory, "prices")
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, file));
  if (!parsed.success || faults.length > 0) throw new PricesUnusable(path, faults);
  return parsed.data.prices;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new PricesUnusable(path, [cause instanceof Error ? cause.message : String(cause)], { cause });
  }
}

class PricesUnusable extends Error {
  override readonly name = "PricesUnusable";

  constructor(path: string, faults: readonly string[], options?: ErrorOptions) {
    super(
      `${path} is not a price table for this factory:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
      options,
    );
  }
}
