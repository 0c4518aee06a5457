import { Command } from "commander";
import type { RecordedCall } from "../../local/admin/records.ts";
import { portOption } from "./port.ts";
import { type LogOptions, printLog, toCount } from "./print-log.ts";

interface Options extends LogOptions {
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
    .action(({ service, caller, failed, ...options }: Options) => {
      const query = { service, caller, failed: failed && "true" };
      return printLog<RecordedCall>(options, { name: "calls", query, line });
    });

const line = ({ time, service, operation, caller, account, region, outcome, message }: RecordedCall): string =>
  `${time}  ${outcome.padEnd(6)} ${service}:${operation}  ${account} ${region}  ${caller}${message ? `  ${message}` : ""}`;
