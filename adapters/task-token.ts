import { SendTaskSuccessCommand, type SFNClient, TaskDoesNotExist, TaskTimedOut } from "@aws-sdk/client-sfn";

/**
 * Lets the state that waits with this token go on. A token is good once.
 * @returns false where nobody waits with it any more
 */
export async function answerTask(client: SFNClient, taskToken: string, output: object): Promise<boolean> {
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    return true;
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return false;
    throw error;
  }
}
