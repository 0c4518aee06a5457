import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** Invokes a function asynchronously; Lambda retries it and dead-letters it like any event. */
export async function invokeLater(client: LambdaClient, functionName: string, event: object): Promise<void> {
  await client.send(
    new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload: JSON.stringify(event) }),
  );
}

/**
 * Invokes a function and waits for its parsed result.
 * @throws FunctionFailed where it failed; it is not retried
 */
export async function callFunction(client: LambdaClient, functionName: string, event: object): Promise<unknown> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
  );
  const said = Payload?.transformToString() ?? "";
  if (FunctionError) throw new FunctionFailed(functionName, said);
  return JSON.parse(said || "null");
}

/** An awaited function failed. */
export class FunctionFailed extends Error {
  override readonly name = "FunctionFailed";
  /** The name of its error; empty without one. */
  readonly type: string;
  /** Its error's message, or its whole response. */
  readonly said: string;

  constructor(functionName: string, said: string) {
    super(`The function ${functionName} failed; read its log, /aws/lambda/${functionName}: ${said}`);
    const { errorType = "", errorMessage = said } = readFailure(said);
    this.type = errorType;
    this.said = errorMessage;
  }
}

/** Lambda developer guide, "Error handling": the response of a function that throws. */
function readFailure(said: string): { errorType?: string; errorMessage?: string } {
  try {
    return (JSON.parse(said) as { errorType?: string; errorMessage?: string } | null) ?? {};
  } catch {
    return {};
  }
}
