import { Command } from "commander";
import { operationsCommand, portOption, startCommand } from "embedded-aws/command";
import type { RecordedCall, RecordedEvent } from "embedded-aws/state";
import { cut } from "../../core/notice/foreign-text.ts";
import { say } from "../command/print.ts";
import { type LogOptions, printLog, toCount } from "../command/print-log.ts";
import { askDoor } from "./ask-door.ts";
import { deployCommand } from "./deploy.ts";
import { executionsCommand } from "./executions.ts";
import { removeCommand } from "./remove.ts";

/** `amint local ...`: the embedded AWS on its own, and a look inside. */
export const localCommand = (): Command =>
  new Command("local")
    .description("the embedded AWS on its own: start it, deploy to it, look inside")
    .addCommand(startCommand("start"))
    .addCommand(deployCommand())
    .addCommand(removeCommand())
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
      say`${now} (${kind})`;
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
  const shown = cut(detail, DETAIL_WIDTH);
  return `${time}  ${account} ${region} ${bus}  ${event.source}  ${event["detail-type"]}  ${shown}`;
}
