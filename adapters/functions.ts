import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";

/** Hands an event to a function and does not wait; Lambda retries it and parks it as it does any event. */
export async function invokeLater(client: LambdaClient, functionName: string, event: object): Promise<void> {
  await client.send(
    new InvokeCommand({ FunctionName: functionName, InvocationType: "Event", Payload: JSON.stringify(event) }),
  );
}
