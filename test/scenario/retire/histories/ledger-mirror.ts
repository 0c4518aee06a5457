import { isDeepStrictEqual } from "node:util";
import {
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";

/** A command of the document client's on one item, or on those of a partition. */
export interface LedgerCommand {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly TableName: string;
    readonly Key?: Key;
    readonly Item?: Key;
    readonly KeyConditionExpression?: string;
    readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  };
}
interface Key {
  readonly pk: string;
  readonly sk: string;
}
type Item = Readonly<Record<string, unknown>>;

/**
 * Reads a ledger's table from memory: of a day's forty reads nearly all find what was there the day before. Writes and their
 * conditions are the table's. It has to see all writes from the table's first on, and nothing may expire. Answers are frozen: whoever changed one would change what others read.
 */
export class LedgerMirror {
  readonly #documents: DynamoDBDocumentClient;
  #table = "";
  readonly #partitions = new Map<string, Map<string, Item>>();

  constructor(documents: DynamoDBDocumentClient) {
    this.#documents = documents;
  }

  /** From now on mirrors this table, which is empty. */
  begin(table: string): void {
    this.#table = table;
    this.#partitions.clear();
  }

  async send(command: LedgerCommand): Promise<object> {
    const { TableName, Key, Item } = command.input;
    if (TableName !== this.#table) throw new Error(`${TableName} is asked for while ${this.#table} is mirrored.`);
    if (command.constructor.name === "QueryCommand") return this.#query(command.input);
    const key = Key ?? Item;
    if (!key) throw new Error(`${command.constructor.name} is not mirrored.`);
    if (command.constructor.name === "GetCommand") return Object.freeze({ Item: this.#partition(key.pk).get(key.sk) });
    const answer = await this.#write(command);
    const item = Item ? JSON.parse(JSON.stringify(Item)) : answer.Attributes;
    if (item) this.#partition(key.pk).set(key.sk, freeze(item));
    else this.#partition(key.pk).delete(key.sk);
    return answer;
  }

  /** @throws where what was read from here differs from what the table holds */
  async check(): Promise<void> {
    const { Items = [] } = await this.#documents.send(new ScanCommand({ TableName: this.#table }));
    const mirrored = [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
    const inOrder = (items: readonly Item[]) => items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    if (!isDeepStrictEqual(inOrder(mirrored), inOrder(Items)))
      throw new Error("The ledger's mirror shows another one.");
  }

  #partition(pk: string): Map<string, Item> {
    const known = this.#partitions.get(pk) ?? new Map<string, Item>();
    this.#partitions.set(pk, known);
    return known;
  }

  #write(command: LedgerCommand): Promise<{ readonly Attributes?: Item | undefined }> {
    const asked = command.constructor.name;
    switch (asked) {
      case "PutCommand":
        return this.#documents.send(new PutCommand(command.input as PutCommandInput));
      case "DeleteCommand":
        return this.#documents.send(new DeleteCommand(command.input as DeleteCommandInput));
      case "UpdateCommand": {
        const input = command.input as UpdateCommandInput;
        return this.#documents.send(new UpdateCommand({ ...input, ReturnValues: "ALL_NEW" }));
      }
      default:
        throw new Error(`${asked} is not mirrored.`);
    }
  }

  #query({ KeyConditionExpression, ExpressionAttributeValues: values = {} }: LedgerCommand["input"]): object {
    if (KeyConditionExpression !== ONE_QUERY) throw new Error(`${KeyConditionExpression} is not mirrored.`);
    const prefix = String(values[":prefix"]);
    const below = [...this.#partition(String(values[":pk"]))].filter(([sk]) => sk.startsWith(prefix));
    const Items = below.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item);
    return { Items, Count: Items.length };
  }
}

/** The one that the ledger asks (`adapters/ledger/table.ts`). */
const ONE_QUERY: QueryCommandInput["KeyConditionExpression"] = "pk = :pk AND begins_with(sk, :prefix)";

const nameOf = ({ pk, sk }: Item): string => `${pk} ${sk}`;

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
