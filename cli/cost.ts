import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Command, InvalidArgumentError } from "commander";
import { readUsage } from "../adapters/cost/read-usage.ts";
import { estimateCost } from "../core/cost/estimate.ts";
import { type Month, monthOf, parseMonth } from "../core/cost/month.ts";
import { ofImage } from "../core/cost/of-image.ts";
import { promotionName } from "../core/names.ts";
import { requireImage } from "../core/require-image.ts";
import { readBlueprint } from "./blueprint.ts";
import { drawEstimate } from "./cost/draw-estimate.ts";
import { readFreed } from "./cost/read-freed.ts";
import { readPrices } from "./cost/read-prices.ts";
import { loadFactory } from "./load-factory.ts";
import { openLedger, patient } from "./open-ledger.ts";

interface Options {
  readonly image?: string;
  readonly month?: Month;
  readonly prices?: string;
  readonly retirement?: string;
  readonly json?: true;
}

/** `amint cost`: an estimate of what a month of the factory cost. */
export const costCommand = (): Command =>
  new Command("cost")
    .description("estimate what a month cost: instances as they ran, storage as it is, services as they were used")
    .option("--image <image>", "only what is this image's part")
    .option("--month <month>", "a month in UTC such as 2026-04; left out, this one so far", toMonth)
    .option("--prices <file>", "a price table in JSON instead of the list prices that come with the factory")
    .option("--retirement <file>", "say what a retirement plan in JSON would save a month")
    .option("--json", "one JSON object with a line for all that costs")
    .action(cost);

async function cost({ image, month, prices: path, retirement, json }: Options): Promise<void> {
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  const prices = await readPrices(factory, path);
  const freed = retirement === undefined ? undefined : await readFreed(retirement);
  const blueprint = await readBlueprint();
  const { buildRegion, partition, account } = blueprint;
  const now = new Date();
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
  const estimate = image === undefined ? whole : ofImage(whole, image);
  process.stdout.write(json ? `${JSON.stringify(estimate)}\n` : `${drawEstimate(estimate)}\n`);
}

function toMonth(text: string): Month {
  try {
    return parseMonth(text);
  } catch {
    throw new InvalidArgumentError("A year and a month, such as 2026-04.");
  }
}
