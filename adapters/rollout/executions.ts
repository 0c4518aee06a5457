import { paginateListExecutions, type SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { unlessError } from "../unless-error.ts";

interface Turns {
  readonly image: string;
  readonly channel: string;
  /** The roll-out's id. */
  readonly id: string;
  /** Distinguishes a roll-out's executions; each number starts once. */
  readonly nth: number;
}

/** Execution names have at most 80 characters (Step Functions API reference, StartExecution). */
const prefixOf = ({ image, channel, id }: Omit<Turns, "nth">): string => `${`${image}-${channel}`.slice(0, 45)}-${id}-`;

/**
 * Starts an execution that takes a roll-out's turns until it ends or halts, unless one is running. Step Functions
 * reserves a name for 90 days, even of a failed execution, so the name includes the present minute.
 */
export async function startTurns(client: SFNClient, stateMachineArn: string, turns: Turns, now: Date): Promise<void> {
  if (await isTaken(client, stateMachineArn, turns)) return;
  await start(client, stateMachineArn, turns, `-${Math.floor(now.getTime() / 60_000).toString(36)}`);
}

/** Like `startTurns`, called from the running execution before it ends. */
export const continueTurns = (client: SFNClient, stateMachineArn: string, turns: Turns): Promise<void> =>
  start(client, stateMachineArn, turns);

async function start(client: SFNClient, stateMachineArn: string, turns: Turns, suffix = ""): Promise<void> {
  const name = `${prefixOf(turns)}${turns.nth}${suffix}`;
  const execution = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(turns) });
  await unlessError(client.send(execution), /^ExecutionAlreadyExists$/);
}

async function isTaken(client: SFNClient, stateMachineArn: string, turns: Turns): Promise<boolean> {
  const asked = { stateMachineArn, statusFilter: "RUNNING" as const, maxResults: 1000 };
  for await (const { executions = [] } of paginateListExecutions({ client }, asked)) {
    if (executions.some(({ name }) => name?.startsWith(prefixOf(turns)))) return true;
  }
  return false;
}
