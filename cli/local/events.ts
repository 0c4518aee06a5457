import { Command } from "commander";
import type { RecordedEvent } from "../../local/admin/records.ts";
import { portOption } from "./port.ts";
import { type LogOptions, printLog, toCount } from "./print-log.ts";

interface Options extends LogOptions {
  readonly bus?: string;
  readonly source?: string;
  readonly detailType?: string;
}

/** How much of an event's detail is shown on its line; `--json` shows all. */
const DETAIL_WIDTH = 100;

/** `amint local events`: what was put on the buses. */
export const eventsCommand = (): Command =>
  new Command("events")
    .description("events on all buses, oldest first")
    .addOption(portOption())
    .option("--bus <name>", "only of that bus")
    .option("--source <source>", "only from that source, e.g. aws.imagebuilder")
    .option("--detail-type <text>", "only of that type")
    .option("--last <number>", "only the newest", toCount)
    .option("--follow", "and then as they come")
    .option("--json", "one JSON object per line, the whole event in it")
    .action(({ bus, source, detailType, ...options }: Options) =>
      printLog<RecordedEvent>(options, { name: "events", query: { bus, source, "detail-type": detailType }, line }),
    );

function line({ time, bus, account, region, event }: RecordedEvent): string {
  const detail = JSON.stringify(event.detail);
  const shown = detail.length > DETAIL_WIDTH ? `${detail.slice(0, DETAIL_WIDTH - 1)}…` : detail;
  return `${time}  ${account} ${region} ${bus}  ${event.source}  ${event["detail-type"]}  ${shown}`;
}
