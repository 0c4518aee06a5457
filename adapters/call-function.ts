import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

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

class FunctionFailed extends Error {
  override readonly name = "FunctionFailed";
  readonly code = "FUNCTION_FAILED";

  constructor(functionName: string, said: string) {
    super(`The function ${functionName} failed: ${said}`);
  }
}
