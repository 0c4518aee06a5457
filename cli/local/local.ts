import { Command, Option } from "commander";
import { operationsCommand, startCommand } from "embedded-aws/command";
import type { RecordedCall, RecordedEvent } from "embedded-aws/state";
import { cut } from "../../core/notice/foreign-text.ts";
import { askAdmin } from "../../local/running/admin-interface.ts";
import { advance, type Clock } from "../command/factory-clock.ts";
import { refuse } from "../command/global-options.ts";
import { printJson, say } from "../command/print.ts";
import { type LogOptions, printLog, toCount } from "../command/print-log.ts";
import { toTimeout } from "../command/wait-options.ts";
import { deployCommand } from "./deploy.ts";
import { endpointOf, type PortOption, withPort } from "./endpoint-option.ts";
import { executionsCommand } from "./executions.ts";
import { removeCommand } from "./remove.ts";

/** `amint local`: commands for an embedded AWS. */
export const localCommand = (): Command =>
  new Command("local")
    .description("start an embedded AWS, deploy to it, and look inside")
    .addCommand(startLocal())
    .addCommand(deployCommand())
    .addCommand(removeCommand())
    .addCommand(eventsCommand())
    .addCommand(callsCommand())
    .addCommand(executionsCommand())
    .addCommand(clockCommand())
    .addCommand(refuse(operationsCommand(), "json", "the command prints a Markdown table"));

function startLocal(): Command {
  const command = refuse(startCommand("start"), "json", "the command runs until Ctrl-C and prints no data");
  return refuse(command, "endpoint", "the command starts an embedded AWS; --port sets its port");
}

interface CallsOptions extends LogOptions {
  readonly service?: string;
  readonly caller?: string;
  readonly failed?: true;
}

/** `amint local calls`: API calls with caller, service, operation and outcome. */
export const callsCommand = (): Command =>
  withPort(new Command("calls"))
    .description("list API calls with caller and outcome, oldest first")
    .option("--service <name>", "only this service, by its signing name: ec2, states, events, ...")
    .option("--caller <text>", "only callers with this text in their ARN")
    .option("--failed", "only calls that failed")
    .option("--last <number>", "only the newest ones", toCount)
    .option("--follow", "print new ones until Ctrl-C")
    .action(({ service, caller, failed, ...options }: CallsOptions) => {
      const query = { service, caller, failed: failed && "true" };
      return printLog<RecordedCall>(options, { name: "calls", query, line: lineOfCall });
    });

const lineOfCall = ({ time, service, operation, caller, account, region, outcome, message }: RecordedCall): string =>
  `${time}  ${outcome.padEnd(6)} ${service}:${operation}  ${account} ${region}  ${caller}${message ? `  ${message}` : ""}`;

interface ClockOptions extends PortOption {
  readonly until?: string;
  /** Seconds. */
  readonly advance?: number;
  readonly json?: true;
}

/** `amint local clock`: the embedded AWS's time; a virtual clock can be advanced, schedules included. */
export const clockCommand = (): Command =>
  withPort(new Command("clock"))
    .description("show the time in the embedded AWS, or advance a virtual clock")
    .option("--until <time>", "advance to this time (ISO 8601), recurring schedules included")
    .addOption(
      new Option("--advance <duration>", "advance by 90s, 30m, 3h or 2d, recurring schedules included")
        .argParser(toTimeout)
        .conflicts("until"),
    )
    .action(async ({ until, advance: seconds, json, ...options }: ClockOptions) => {
      const endpoint = endpointOf(options);
      const clock =
        seconds === undefined
          ? await askAdmin<Clock>(endpoint, "clock", until === undefined ? {} : { body: { until } })
          : await advance(endpoint, seconds * 1000);
      if (json) printJson(clock);
      else say`${clock.now} (${clock.kind})`;
    });

interface EventsOptions extends LogOptions {
  readonly bus?: string;
  readonly source?: string;
  readonly detailType?: string;
}

/** Characters of an event's detail that are shown; `--json` shows all. */
const DETAIL_WIDTH = 100;

/** `amint local events`: events that were put on buses. */
export const eventsCommand = (): Command =>
  withPort(new Command("events"))
    .description("list events on all buses, oldest first")
    .option("--bus <name>", "only this bus")
    .option("--source <source>", "only this source, such as aws.imagebuilder")
    .option("--detail-type <text>", "only this detail type")
    .option("--last <number>", "only the newest ones", toCount)
    .option("--follow", "print new ones until Ctrl-C")
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
