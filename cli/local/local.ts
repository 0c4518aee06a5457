import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import type { RecordedCall, RecordedEvent } from "../../local/admin/records.ts";
import { allServices } from "../../local/services/all.ts";
import { root } from "../command/blueprint.ts";
import { portOption } from "../command/port.ts";
import { type LogOptions, printLog, toCount } from "../command/print-log.ts";
import { askDoor } from "./ask-door.ts";
import { deployCommand } from "./deploy.ts";
import { executionsCommand } from "./executions.ts";
import { startCommand } from "./start.ts";

/** `amint local ...`: the embedded AWS on its own, and a look inside. */
export const localCommand = (): Command =>
  new Command("local")
    .description("the embedded AWS on its own: start it, deploy to it, look inside")
    .addCommand(startCommand())
    .addCommand(deployCommand())
    .addCommand(eventsCommand())
    .addCommand(callsCommand())
    .addCommand(executionsCommand())
    .addCommand(clockCommand())
    .addCommand(operationsCommand());

interface CallsOptions extends LogOptions {
  readonly service?: string;
  readonly caller?: string;
  readonly failed?: true;
}

/** `amint local calls`: who asked what of which service, and what came of it. */
export const callsCommand = (): Command =>
  new Command("calls")
    .description("API calls with caller and outcome, oldest first")
    .addOption(portOption())
    .option("--service <name>", "only of that service, by its signing name: ec2, states, events, ...")
    .option("--caller <text>", "only of callers with that text in their ARN")
    .option("--failed", "only refused ones")
    .option("--last <number>", "only the newest", toCount)
    .option("--follow", "and then as they come")
    .option("--json", "one JSON object per line")
    .action(({ service, caller, failed, ...options }: CallsOptions) => {
      const query = { service, caller, failed: failed && "true" };
      return printLog<RecordedCall>(options, { name: "calls", query, line: lineOfCall });
    });

const lineOfCall = ({ time, service, operation, caller, account, region, outcome, message }: RecordedCall): string =>
  `${time}  ${outcome.padEnd(6)} ${service}:${operation}  ${account} ${region}  ${caller}${message ? `  ${message}` : ""}`;

interface ClockOptions {
  readonly port: number;
  readonly until?: string;
}

/** `amint local clock`: what time it is there; with `--until` a virtual clock goes on, schedules included. */
export const clockCommand = (): Command =>
  new Command("clock")
    .description("what time it is in the embedded AWS")
    .addOption(portOption())
    .option("--until <time>", "let virtual time pass up to there (ISO 8601), recurring schedules included")
    .action(async ({ port, until }: ClockOptions) => {
      const question = until === undefined ? {} : { body: { until } };
      const { now, kind } = await askDoor<{ now: string; kind: string }>(port, "clock", question);
      process.stdout.write(`${now} (${kind})\n`);
    });

interface EventsOptions extends LogOptions {
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
    .action(({ bus, source, detailType, ...options }: EventsOptions) =>
      printLog<RecordedEvent>(options, {
        name: "events",
        query: { bus, source, "detail-type": detailType },
        line: lineOfEvent,
      }),
    );

function lineOfEvent({ time, bus, account, region, event }: RecordedEvent): string {
  const detail = JSON.stringify(event.detail);
  const shown = detail.length > DETAIL_WIDTH ? `${detail.slice(0, DETAIL_WIDTH - 1)}…` : detail;
  return `${time}  ${account} ${region} ${bus}  ${event.source}  ${event["detail-type"]}  ${shown}`;
}

/** Where the table stands, between two markers. */
export const documentPath = "docs/embedded-aws.md";

const BEGIN = "<!-- operations: made by `npx amint local operations --write` -->";

const END = "<!-- /operations -->";

/** `amint local operations`: what is built, from the code. */
export const operationsCommand = (): Command =>
  new Command("operations")
    .description("every operation that the embedded AWS answers, as a Markdown table")
    .option("--write", `put it into ${documentPath}`)
    .action(async ({ write }: { write?: true }) => {
      const table = await operationsTable();
      const path = `${root}${documentPath}`;
      if (write) await writeFile(path, replaceTable(await readFile(path, "utf8"), table));
      else process.stdout.write(table);
    });

/** One line for each service; every other operation answers `NotImplemented`. */
export async function operationsTable(): Promise<string> {
  const services = await Promise.all(Object.values(allServices).map((load) => load()));
  const lines = services
    .map(({ name, operations }) => ({ name, operations: Object.keys(operations).sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, operations }) => `| \`${name}\` | ${operations.length} | ${operations.join(", ")} |`);
  return ["| service | | operations |", "| --- | --- | --- |", ...lines, ""].join("\n");
}

/** The document with this table between its markers. @throws Error where a marker is missing */
export function replaceTable(document: string, table: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${documentPath} needs the lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n${document.slice(end)}`;
}
