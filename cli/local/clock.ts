import { Command } from "commander";
import { askDoor } from "./ask-door.ts";
import { portOption } from "./port.ts";

interface Options {
  readonly port: number;
  readonly until?: string;
}

/** `amint local clock`: what time it is there; with `--until` a virtual clock goes on, schedules included. */
export const clockCommand = (): Command =>
  new Command("clock")
    .description("what time it is in the embedded AWS")
    .addOption(portOption())
    .option("--until <time>", "let virtual time pass up to there (ISO 8601), recurring schedules included")
    .action(async ({ port, until }: Options) => {
      const question = until === undefined ? {} : { body: { until } };
      const { now, kind } = await askDoor<{ now: string; kind: string }>(port, "clock", question);
      process.stdout.write(`${now} (${kind})\n`);
    });
