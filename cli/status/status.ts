import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Command } from "commander";
import { requireImage } from "../../core/factory/require-image.ts";
import { readBlueprint } from "../command/blueprint.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawStatus } from "./draw-status.ts";
import { readStatus } from "./read-status.ts";

interface Options {
  readonly image?: string;
  readonly json?: true;
}

/** `amint status`: an overview of the deployed factory, in the account of the current credentials. Changes nothing. */
export const statusCommand = (): Command =>
  new Command("status")
    .description(
      "show what is wrong, what waits for you, where channels point, what runs now and next (docs/status.md)",
    )
    .option("--image <image>", "only this image")
    .addHelpText("after", "\nExit code: 0 also when problems are found; 1 when something could not be read.")
    .action(status);

async function status({ image, json }: Options): Promise<void> {
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  const blueprint = await readBlueprint();
  const { buildRegion, partition, account } = blueprint;
  const home = patient(buildRegion);
  const reading = {
    ledger: openLedger(blueprint),
    promotions: new SFNClient(home),
    states: `arn:${partition}:states:${buildRegion}:${account}`,
    imageBuilder: new ImagebuilderClient(home),
    alarms: new CloudWatchClient(home),
  };
  const found = await readStatus(reading, { factory, image, now: await factoryNow() });
  if (json) printJson(found);
  else printFound(found, drawStatus);
  if (found.unread.length > 0) process.exitCode = 1;
}
