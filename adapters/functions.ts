import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** Hands an event to a function and does not wait; Lambda retries it and parks it as it does any event. */
export async function invokeLater(client: LambdaClient, functionName: string, event: object): Promise<void> {
  await client.send(
    new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload: JSON.stringify(event) }),
  );
}

/**
 * Hands an event to a function and waits for its answer, parsed.
 * @throws FunctionFailed where it failed; it is not tried again
 */
export async function callFunction(client: LambdaClient, functionName: string, event: object): Promise<unknown> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  );
  const said = Payload?.transformToString() ?? "";
  if (FunctionError) throw new FunctionFailed(functionName, said);
  return JSON.parse(said || "null");
}

/** A function that was waited for failed. */
export class FunctionFailed extends Error {
  override readonly name = "FunctionFailed";
  /** The name of its error; empty where it does not say. */
  readonly type: string;
  /** Its error's message, or all that it said. */
  readonly said: string;

  constructor(functionName: string, said: string) {
    super(`The function ${functionName} failed: ${said}`);
    const { errorType = "", errorMessage = said } = readFailure(said);
    this.type = errorType;
    this.said = errorMessage;
  }
}

/** Lambda developer guide, "Error handling": what a function that throws answers. */
function readFailure(said: string): { errorType?: string; errorMessage?: string } {
  try {
    return (JSON.parse(said) as { errorType?: string; errorMessage?: string } | null) ?? {};
  } catch {
    return {};
  }
}
