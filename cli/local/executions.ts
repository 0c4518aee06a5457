import { Command } from "commander";
import { portOption } from "embedded-aws/command";
import { printFound, printJson } from "../command/print.ts";
import { toCount } from "../command/print-log.ts";
import { drawExecution, duration, type ExecutionJson, when } from "../promotion/draw-execution.ts";
import type { JsonHistoryEvent } from "../promotion/execution-tree.ts";
import { askDoor } from "./ask-door.ts";

interface Options {
  readonly port: number;
  readonly json?: true;
  readonly last?: number;
}

/** `amint local executions [name]`: state machines' executions, or one of them drawn from its history. */
export const executionsCommand = (): Command =>
  new Command("executions")
    .description("state machines' executions, oldest first; with a name, that one drawn as text")
    .argument("[name]", "an execution's name or ARN")
    .addOption(portOption())
    .option("--last <number>", "only the newest", toCount)
    .option("--json", "one JSON object per line; with a name, its whole history")
    .action((name: string | undefined, options: Options) =>
      name === undefined ? listExecutions(options) : showExecution(name, options),
    );

async function listExecutions({ port, json, last }: Options): Promise<void> {
  const query = { last: last?.toString() };
  const { executions } = await askDoor<{ executions: ExecutionJson[] }>(port, "executions", { query });
  for (const execution of executions) {
    if (json) printJson(execution);
    else printFound(execution, line);
  }
}

async function showExecution(name: string, { port, json }: Options): Promise<void> {
  const { execution } = await askDoor<{ execution: ExecutionJson & { history: JsonHistoryEvent[] } }>(
    port,
    "executions",
    { query: { name } },
  );
  if (json) printJson(execution);
  else printFound(execution, drawExecution);
}

function line({ name, stateMachine, status, startDate, stopDate, error }: ExecutionJson): string {
  const begun = Date.parse(startDate);
  const took = stopDate ? duration(Date.parse(stopDate) - begun) : "";
  return `${when(begun)}  ${status.padEnd(9)} ${took.padStart(8)}  ${stateMachine}  ${name}${error ? `  ${error}` : ""}`;
}
