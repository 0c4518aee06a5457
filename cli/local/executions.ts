import { Command } from "commander";
import { askAdmin } from "../../local/running/admin-interface.ts";
import { printFound, printJson } from "../command/print.ts";
import { toCount } from "../command/print-log.ts";
import { drawExecution, duration, type ExecutionJson, when } from "../promotion/draw-execution.ts";
import type { JsonHistoryEvent } from "../promotion/execution-tree.ts";
import { endpointOf, type PortOption, withPort } from "./endpoint-option.ts";

interface Options extends PortOption {
  readonly json?: true;
  readonly last?: number;
}

/** `amint local executions [name]`: lists state machines' executions, or draws one from its history. */
export const executionsCommand = (): Command =>
  withPort(new Command("executions"))
    .description("list state machines' executions, oldest first; with a name, draw that one")
    .argument("[name]", "an execution's name or ARN")
    .option("--last <number>", "only the newest", toCount)
    .action((name: string | undefined, options: Options) =>
      name === undefined ? listExecutions(options) : showExecution(name, options),
    );

async function listExecutions({ json, last, ...options }: Options): Promise<void> {
  const query = { last: last?.toString() };
  const { executions } = await askAdmin<{ executions: ExecutionJson[] }>(endpointOf(options), "executions", { query });
  for (const execution of executions) {
    if (json) printJson(execution);
    else printFound(execution, line);
  }
}

async function showExecution(name: string, { json, ...options }: Options): Promise<void> {
  const { execution } = await askAdmin<{ execution: ExecutionJson & { history: JsonHistoryEvent[] } }>(
    endpointOf(options),
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
