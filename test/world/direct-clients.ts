import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ParameterNotFound } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { AwsError } from "embedded-aws";
import { type ClientOf, clientsOf } from "../../functions/step.ts";

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

/** The ledger's client, connected in the same way. */
export const directDocuments = (ask: Ask, region: string): DynamoDBDocumentClient =>
  sending(DynamoDBDocumentClient.from(new DynamoDBClient({ region })), (operation, input) =>
    askDynamo((name, given) => ask("dynamodb", name, given, region), operation, input),
  );

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

/** The document client's names of DynamoDB's operations. */
const operations: Readonly<Record<string, string>> = {
  Get: "GetItem",
  BatchGet: "BatchGetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
};

interface Batch {
  readonly Keys: readonly object[];
  readonly ConsistentRead: boolean;
}

interface Documents {
  readonly RequestItems?: Readonly<Record<string, Batch>>;
  readonly Key?: object;
  readonly Item?: object;
  readonly ExpressionAttributeValues?: object;
}

async function askDynamo(
  ask: (operation: string, input: object) => Promise<object>,
  name: string,
  { RequestItems, Key, Item, ExpressionAttributeValues, ...rest }: Documents,
): Promise<object> {
  const input = {
    ...rest,
    ...(RequestItems && { RequestItems: eachTable(RequestItems, (one) => ({ ...one, Keys: one.Keys.map(toItem) })) }),
    ...(Key && { Key: toItem(Key) }),
    ...(Item && { Item: toItem(Item) }),
    ...(ExpressionAttributeValues && { ExpressionAttributeValues: toItem(ExpressionAttributeValues) }),
  };
  try {
    const answer: Answer = await ask(operations[name] ?? name, input);
    return {
      ...answer,
      ...(answer.Item && { Item: fromItem(answer.Item) }),
      ...(answer.Items && { Items: answer.Items.map(fromItem) }),
      ...(answer.Responses && { Responses: eachTable(answer.Responses, (items) => items.map(fromItem)) }),
    };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ConditionalCheckFailedException")) throw error;
    throw new ConditionalCheckFailedException({ message: error.message, $metadata: {} });
  }
}

interface Answer {
  readonly Item?: Attributes;
  readonly Items?: Attributes[];
  readonly Responses?: Readonly<Record<string, Attributes[]>>;
}

const eachTable = <From, To>(tables: Readonly<Record<string, From>>, change: (of: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(tables).map(([table, of]) => [table, change(of)]));

type Attribute = { S: string } | { N: string } | { BOOL: boolean } | { L: Attribute[] } | { M: Attributes };
type Attributes = { [name: string]: Attribute };

const toItem = (item: object): Attributes =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) => (value === undefined ? [] : [[name, toAttribute(value)]])),
  );

const fromItem = (item: Attributes): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));

function toAttribute(value: unknown): Attribute {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: toItem(value as object) };
}

function fromAttribute(value: Attribute): unknown {
  if ("S" in value) return value.S;
  if ("N" in value) return Number(value.N);
  if ("BOOL" in value) return value.BOOL;
  return "L" in value ? value.L.map(fromAttribute) : fromItem(value.M);
}
