import { ParameterNotFound } from "@aws-sdk/client-ssm";
import { AwsError } from "embedded-aws";
import { type ClientOf, clientsOf } from "../../functions/invocation.ts";

/**
 * Runs a service's operation, by its IAM name.
 * @param account whose session the client is of; undefined: the factory's
 */
export type Ask = (
  service: string,
  operation: string,
  input: object,
  region: string,
  account?: string,
) => Promise<object>;

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/**
 * SDK clients whose commands call `ask` directly, without signing and serialization, which are nine tenths of what a
 * request costs. For thousands of random histories; other tests cover the wire.
 * @param home the build region
 */
export const directClients = (ask: Ask, home: string): ClientOf =>
  clientsOf(home, (Client, { region }, account) => {
    const client = new Client({ ...(region && { region }), maxAttempts: 1 });
    const { config } = client as { readonly config: { readonly defaultSigningName: string } };
    return sending(client, (operation, input) =>
      ask(config.defaultSigningName, operation, input, String(region), account),
    );
  });

function sending<Client extends object>(
  client: Client,
  carryOut: (operation: string, input: object) => Promise<object>,
): Client {
  const send = (command: Command) => carryOut(command.constructor.name.replace(/Command$/, ""), command.input);
  return Object.assign(client, { send });
}

/** Errors as the SDK throws them: named after their code. */
export function toSdk(error: unknown): never {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === "ParameterNotFound") throw new ParameterNotFound({ message: error.message, $metadata: {} });
  if (error.code === "ConditionalCheckFailedException") throw error;
  throw Object.assign(new Error(error.message), { name: error.code });
}
