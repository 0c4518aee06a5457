import {
  ExecutionAlreadyExists,
  paginateListExecutions,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";

interface Turns {
  readonly image: string;
  readonly channel: string;
  /** The roll-out's. */
  readonly id: string;
  /** Tells the executions of one roll-out apart; the same one is started once. */
  readonly nth: number;
}

/** Names of executions have 80 characters at most (Step Functions API reference, StartExecution). */
const prefixOf = ({ image, channel, id }: Omit<Turns, "nth">): string => `${`${image}-${channel}`.slice(0, 45)}-${id}-`;

/**
 * Has turns of a roll-out taken until it ends or halts, unless an execution takes them already. Step Functions remembers a
 * name for 90 days, also of an execution that failed: this minute's is another one.
 */
export async function startTurns(client: SFNClient, stateMachineArn: string, turns: Turns, now: Date): Promise<void> {
  if (await isTaken(client, stateMachineArn, turns)) return;
  await start(client, stateMachineArn, turns, `-${Math.floor(now.getTime() / 60_000).toString(36)}`);
}

/** As `startTurns`, from within the execution that takes them now, and ends. */
export const continueTurns = (client: SFNClient, stateMachineArn: string, turns: Turns): Promise<void> =>
  start(client, stateMachineArn, turns);

async function start(client: SFNClient, stateMachineArn: string, turns: Turns, suffix = ""): Promise<void> {
  try {
    const name = `${prefixOf(turns)}${turns.nth}${suffix}`;
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(turns) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

async function isTaken(client: SFNClient, stateMachineArn: string, turns: Turns): Promise<boolean> {
  const asked = { stateMachineArn, statusFilter: "RUNNING" as const, maxResults: 1000 };
  for await (const { executions = [] } of paginateListExecutions({ client }, asked)) {
    if (executions.some(({ name }) => name?.startsWith(prefixOf(turns)))) return true;
  }
  return false;
}
