import { isDeepStrictEqual } from "node:util";
import { type DynamoDBDocumentClient, GetCommand, type QueryCommandInput, ScanCommand } from "@aws-sdk/lib-dynamodb";

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
 * conditions are the table's, and what they made of an item is read from it. It has to see all writes from the table's
 * first on, and nothing may expire. Answers are frozen: whoever changed one would change what others read.
 */
export class LedgerMirror {
  readonly #documents: DynamoDBDocumentClient;
  #table = "";
  readonly #partitions = new Map<string, Map<string, Item>>();
  /** The last look at an item after a write. */
  readonly #looks = new Map<string, number>();
  #look = 0;

  constructor(documents: DynamoDBDocumentClient) {
    this.#documents = documents;
  }

  /** From now on mirrors this table, which is empty. */
  begin(table: string): void {
    this.#table = table;
    this.#partitions.clear();
    this.#looks.clear();
  }

  async send(command: LedgerCommand): Promise<object> {
    const { TableName, Key, Item } = command.input;
    if (TableName !== this.#table) throw new Error(`${TableName} is asked for while ${this.#table} is mirrored.`);
    if (command.constructor.name === "QueryCommand") return this.#query(command.input);
    const key = Key ?? Item;
    if (!key) throw new Error(`${command.constructor.name} is not mirrored.`);
    if (command.constructor.name === "GetCommand") return Object.freeze({ Item: this.#partition(key.pk).get(key.sk) });
    try {
      return await this.#documents.send(command as never);
    } finally {
      await this.#readAgain(key);
    }
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

  /** Of several looks at once the last one counts. */
  async #readAgain({ pk, sk }: Key): Promise<void> {
    const name = nameOf({ pk, sk });
    const look = ++this.#look;
    this.#looks.set(name, look);
    const table = this.#table;
    const asked = new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true });
    const { Item } = await this.#documents.send(asked);
    if (this.#looks.get(name) !== look || this.#table !== table) return;
    if (Item) this.#partition(pk).set(sk, freeze(Item));
    else this.#partition(pk).delete(sk);
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
