import { ParameterNotFound } from "@aws-sdk/client-ssm";
import { AwsError } from "../../../local/aws-error.ts";

/** A region's SDK client whose commands go straight to `ask`. */
export function direct<Client extends object>(
  client: Client,
  ask: (service: string, operation: string, input: object, region: string) => Promise<object>,
  service: string,
  region: string,
): Client {
  const send = (command: { readonly constructor: { readonly name: string }; readonly input: object }) =>
    ask(service, command.constructor.name.replace(/Command$/, ""), command.input, region);
  return Object.assign(client, { send });
}

/** Refusals as the SDK throws them: named for their code. */
export function toSdk(error: unknown): never {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === "ParameterNotFound") throw new ParameterNotFound({ message: error.message, $metadata: {} });
  if (error.code === "ConditionalCheckFailedException") throw error;
  throw Object.assign(new Error(error.message), { name: error.code });
}

/** The events of a `PutEvents`. */
export const entriesOf = (input: object) =>
  ((input as { Entries?: { DetailType: string; Detail: string }[] }).Entries ?? []).map(({ DetailType, Detail }) => ({
    name: DetailType,
    detail: JSON.parse(Detail) as Record<string, unknown>,
  }));
