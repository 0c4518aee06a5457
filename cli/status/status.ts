import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Command } from "commander";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawStatus } from "./draw-status.ts";
import { findNext } from "./find-next.ts";
import { findProblems } from "./find-problems.ts";
import { findWaiting } from "./find-waiting.ts";
import { findWork } from "./find-work.ts";
import { listChannelRows } from "./list-channels.ts";
import { type Reading, readFacts } from "./read-facts.ts";
import type { Status } from "./shape.ts";

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

/** @param image the only one to show; left out: all of the config's */
export async function readStatus(
  reading: Reading,
  { factory, image, now }: { readonly factory: Factory; readonly image?: string | undefined; readonly now: Date },
): Promise<Status> {
  const images = image === undefined ? Object.keys(factory.images) : [image];
  const facts = await readFacts(reading, { factory, images, now });
  return {
    factory: factory.name,
    at: now.toISOString(),
    problems: findProblems(facts),
    waiting: findWaiting(facts),
    channels: listChannelRows(facts),
    now: findWork(facts),
    next: findNext(facts),
    unread: facts.unread,
  };
}
