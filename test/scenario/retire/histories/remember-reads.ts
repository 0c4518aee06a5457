import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

/** A command of the document client's on one item, or on those of a partition. */
export interface LedgerCommand {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly TableName: string;
    readonly Key?: { readonly pk: string };
    readonly Item?: { readonly pk: string };
    readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  };
}
type Send = (command: LedgerCommand) => Promise<object>;

/**
 * Asks the table once for what is read from it again and again, until a partition is written to: of a day's reads nine in
 * ten. Writes and their conditions are the table's. Answers are frozen: whoever changed one would change what others read.
 * It has to be the only one that writes, and nothing may expire.
 */
export function rememberReads(documents: DynamoDBDocumentClient): Send {
  const ask = documents.send.bind(documents) as unknown as Send;
  const known = new Map<string, Map<string, object>>();
  let writes = 0;

  async function read(command: LedgerCommand): Promise<object> {
    const { TableName, Key, ExpressionAttributeValues } = command.input;
    const partition = `${TableName} ${Key?.pk ?? ExpressionAttributeValues?.[":pk"]}`;
    const asked = JSON.stringify(command.input);
    const answered = known.get(partition)?.get(asked);
    if (answered) return answered;
    const seen = writes;
    const answer = freeze(await ask(command));
    if (seen === writes) known.set(partition, (known.get(partition) ?? new Map()).set(asked, answer));
    return answer;
  }

  async function write(command: LedgerCommand): Promise<object> {
    const { TableName, Key, Item } = command.input;
    writes++;
    try {
      return await ask(command);
    } finally {
      writes++;
      known.delete(`${TableName} ${Key?.pk ?? Item?.pk}`);
    }
  }

  return (command) => (/^(Get|Query)Command$/.test(command.constructor.name) ? read(command) : write(command));
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
