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

/** Has turns of a roll-out taken until it ends or halts, unless an execution takes them already. */
export async function startTurns(client: SFNClient, stateMachineArn: string, turns: Turns): Promise<void> {
  if (await isTaken(client, stateMachineArn, turns)) return;
  await continueTurns(client, stateMachineArn, turns);
}

/** As `startTurns`, from within the execution that takes them now, and ends. */
export async function continueTurns(client: SFNClient, stateMachineArn: string, turns: Turns): Promise<void> {
  try {
    const name = `${prefixOf(turns)}${turns.nth}`;
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
