import { Command, InvalidArgumentError } from "commander";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { toMoment } from "../command/moments.ts";
import { printFound, printJson } from "../command/print.ts";
import { describeImage } from "./describe-image.ts";
import { drawImage } from "./draw-image.ts";

interface Options {
  readonly count: number;
  readonly from?: Date;
  readonly json?: true;
}

const MOST_DATES = 1_000;

/** `amint triggers`: why and when images are rebuilt, by the config alone. */
export const triggersCommand = (): Command =>
  new Command("triggers")
    .description("why and when images are rebuilt, with the next dates; reads only factory.config.ts")
    .argument("[image]", "an image of factory.config.ts; default: all of them")
    .option("--count <number>", "how many dates of each schedule", toDates, 3)
    .option("--from <date>", "dates from then on, in UTC or with an offset; default: now", toMoment)
    .action(async (image: string | undefined, { count, from: given, json }: Options) => {
      const factory = await loadFactory();
      const from = given ?? (await factoryNow());
      const names = image === undefined ? Object.keys(factory.images) : [image];
      const images = names.map((name) => describeImage(factory, name, from, count));
      if (json) printJson({ factory: factory.name, from, images });
      else printFound(images, (printed) => printed.map(drawImage).join("\n\n"));
    });

function toDates(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > MOST_DATES) throw new InvalidArgumentError(`A number from 1 to ${MOST_DATES}.`);
  return count;
}
