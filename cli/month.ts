import { Command, InvalidArgumentError } from "commander";
import { loadFactory } from "./load-factory.ts";
import type { FactoryEvent } from "./month/boot-factory.ts";
import { buildTable, unstartedList } from "./month/build-table.ts";
import { channelTable } from "./month/channel-table.ts";
import { findFaults, MonthWentWrong } from "./month/expectations.ts";
import { lookAround } from "./month/look-around.ts";
import { consumers } from "./month/organization.ts";
import { type LivedMonth, runMonth } from "./month/run-month.ts";
import { shareTable } from "./month/share-table.ts";
import { sharingList } from "./month/sharing-list.ts";
import { days, joining } from "./month/story.ts";
import { timelineLine } from "./month/timeline.ts";
import { wayBackList } from "./month/way-back-list.ts";

interface Options {
  readonly json?: true;
  readonly keep?: true;
  readonly port: number;
}

/** `amint month`: the main job, on the embedded AWS. */
export const monthCommand = (): Command =>
  new Command("month")
    .description("live through one month of the factory on the embedded AWS (virtual time, simulated instances)")
    .option("--json", "one JSON object per line: every event, and a summary at the end")
    .option("--keep", "leave the embedded AWS up afterwards, to look around with the AWS CLI")
    .option("--port <number>", "where it listens on 127.0.0.1 with --keep", toPort, 4566)
    .action((options: Options) => month(options));

async function month({ json, keep, port }: Options): Promise<void> {
  const started = performance.now();
  const factory = await loadFactory();
  const print = (line: string) => process.stdout.write(`${line}\n`);
  if (!json)
    print(
      `Factory ${factory.name}, ${days} days in factory time (UTC). Instances are simulated: nothing is executed on them.\n`,
    );
  const lived = await runMonth({
    factory,
    port: keep ? port : 0,
    onEvent: (event) => print(json ? JSON.stringify(toJsonLine(event)) : timelineLine(event)),
  });
  const wallMs = Math.round(performance.now() - started);
  print(json ? JSON.stringify(summary(lived, wallMs)) : closing(lived, wallMs));
  const faults = findFaults(lived.report);
  if (faults.length > 0) {
    await lived.running.close();
    throw new MonthWentWrong(faults);
  }
  if (keep) await lookAround(lived, factory, json ? () => {} : print);
  await lived.running.close();
}

const toJsonLine = ({ time, detailType, detail }: FactoryEvent) => ({ type: "event", time, detailType, detail });

const summary = ({ report }: LivedMonth, wallMs: number) => ({
  type: "summary",
  images: report.images,
  notifications: report.notifications,
  days,
  wallMs,
});

const namesOf = ({ sharing: { joined } }: LivedMonth["report"]): Record<string, string> => ({
  ...Object.fromEntries([["999988887777", "management"], ...consumers.map(({ id, name }) => [id, name])]),
  ...(joined && { [joined]: joining.name }),
});

const closing = ({ report }: LivedMonth, wallMs: number): string => {
  const { events, images, notifications } = report;
  return [
    "",
    "Every build, and why:",
    "",
    buildTable(events),
    "",
    "What rebuilt nothing:",
    "",
    unstartedList(events),
    "",
    "Who joined, and what consumers could not launch before it was mended:",
    "",
    sharingList(report),
    "",
    "Taken back, and what consumers found then:",
    "",
    wayBackList(report),
    "",
    "Read back through the SDK, AMIs with each consumer account's credentials:",
    "",
    channelTable(images),
    "",
    shareTable(images, events, namesOf(report)),
    "",
    `${notifications.sns} SNS and ${notifications.slack} Slack messages. ${days} days took ${(wallMs / 1000).toFixed(1)} s. Instances were simulated.`,
  ].join("\n");
};

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError("a port from 1 to 65535");
  return port;
}
