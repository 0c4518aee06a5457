import { isDeepStrictEqual } from "node:util";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { HOME } from "./factory-of.ts";

/** The subject of a condition. */
interface Words {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}
type Held = (item: Item, words: Words) => boolean;

const TOKEN = /\s*(attribute_exists|attribute_not_exists|AND|OR|<>|[()=<]|[#:]?[A-Za-z_]\w*)/y;
const known = new Map<string, Held>();

/**
 * Whether an item satisfies a write's condition; a missing item has no attributes. Of DynamoDB's conditions those that
 * the ledger has: AND, OR, brackets, `=`, `<>`, `<`, attribute_exists and attribute_not_exists.
 * @throws for any other
 */
function holds(condition: string, item: Item | undefined, words: Words): boolean {
  const held = known.get(condition) ?? parse(condition);
  known.set(condition, held);
  return held(item ?? {}, words);
}

function parse(condition: string): Held {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < condition.trimEnd().length; ) {
    const token = TOKEN.exec(condition)?.[1];
    if (token === undefined) throw new Error(`Not a condition that is known here: ${condition}`);
    tokens.push(token);
  }
  const take = (wanted?: string): string => {
    const token = tokens.shift();
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new Error(`Not a condition that is known here, at ${token}: ${condition}`);
    }
    return token;
  };
  const any = (): Held => {
    const some = [all()];
    for (; tokens[0] === "OR"; some.push(all())) take();
    return (item, words) => some.some((one) => one(item, words));
  };
  const all = (): Held => {
    const some = [one()];
    for (; tokens[0] === "AND"; some.push(one())) take();
    return (item, words) => some.every((each) => each(item, words));
  };
  const one = (): Held => {
    const first = take();
    if (first === "(") {
      const inner = any();
      take(")");
      return inner;
    }
    if (first.startsWith("attribute_")) {
      take("(");
      const name = take();
      take(")");
      const exists = first === "attribute_exists";
      return (item, words) => (read(name, item, words) !== undefined) === exists;
    }
    return compare(first, take(), take());
  };
  const held = any();
  if (tokens.length > 0) throw new Error(`Not a condition that is known here, at ${tokens[0]}: ${condition}`);
  return held;
}

function compare(left: string, operator: string, right: string): Held {
  const values = (item: Item, words: Words) => [read(left, item, words), read(right, item, words)] as const;
  switch (operator) {
    case "=":
      return (item, words) => isDeepStrictEqual(...values(item, words));
    case "<>":
      return (item, words) => !isDeepStrictEqual(...values(item, words));
    case "<":
      return (item, words) => isLess(...values(item, words));
    default:
      throw new Error(`${operator} is not known in a condition here.`);
  }
}

const isLess = (one: unknown, other: unknown): boolean =>
  (typeof one === "string" && typeof other === "string" && one < other) ||
  (typeof one === "number" && typeof other === "number" && one < other);

function read(name: string, item: Item, { names, values }: Words): unknown {
  if (name.startsWith(":")) return values[name];
  return item[name.startsWith("#") ? (names[name] ?? "") : name];
}

interface Key {
  readonly pk: string;
  readonly sk: string;
}
type Item = Readonly<Record<string, unknown>>;

interface Put {
  readonly PutRequest: { readonly Item: Key };
}

/** A command of the document client's on one item, on some, or on those of a partition. */
export interface LedgerCommand {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly TableName: string;
    /** Keys to read, or items to write. */
    readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Key[] } | readonly Put[]>>;
    readonly Key?: Key;
    readonly Item?: Key;
    readonly KeyConditionExpression?: string;
    readonly ConditionExpression?: string;
    readonly UpdateExpression?: string;
    readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
    readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
  };
}

/**
 * A ledger's table in memory: a history asks forty times a day. Answers are frozen: a caller that changed one would change what
 * others read. Beside it there may be a table of the embedded DynamoDB, which gets all writes and has to agree.
 */
export class LedgerMemory {
  #beside: { readonly documents: DynamoDBDocumentClient; readonly table: string } | undefined;
  readonly #partitions = new Map<string, Map<string, Item>>();

  /** Forgets everything. @param beside an empty table */
  begin(beside?: { readonly documents: DynamoDBDocumentClient; readonly table: string }): void {
    this.#beside = beside;
    this.#partitions.clear();
  }

  async send(command: LedgerCommand): Promise<object> {
    const { constructor: asked, input } = command;
    if (asked.name === "QueryCommand") return this.#query(input);
    if (asked.name === "BatchGetCommand") return this.#getEach(input);
    if (asked.name === "BatchWriteCommand") return this.#putEach(input);
    const key = input.Key ?? input.Item;
    if (!key) throw new Error(`${asked.name} is not known here.`);
    const partition = this.#partition(key.pk);
    if (asked.name === "GetCommand") return { Item: partition.get(key.sk) };
    const refused = await this.#tellBeside(command);
    const item = partition.get(key.sk);
    const condition = input.ConditionExpression;
    const words = { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} };
    const held = condition === undefined || holds(condition, item, words);
    if (this.#beside && held === refused) throw new Error(`DynamoDB decides otherwise: ${JSON.stringify(input)}`);
    if (!held) throw new ConditionalCheckFailedException({ message: condition, $metadata: {} });
    switch (asked.name) {
      case "PutCommand":
        partition.set(key.sk, toStored(input.Item));
        break;
      case "UpdateCommand":
        partition.set(key.sk, toStored({ ...item, ...key, ...toSet(input) }));
        break;
      case "DeleteCommand":
        partition.delete(key.sk);
        break;
      default:
        throw new Error(`${asked.name} is not known here.`);
    }
    return {};
  }

  /** @throws where the table beside holds something else */
  async check(): Promise<void> {
    if (!this.#beside) throw new Error("Without a DynamoDB table to compare with.");
    const { documents, table } = this.#beside;
    const { Items = [] } = await documents.send(new ScanCommand({ TableName: table }));
    const held = [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
    const inOrder = (items: readonly Item[]) => items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    if (!isDeepStrictEqual(inOrder(held), inOrder(Items))) throw new Error("DynamoDB holds another ledger.");
  }

  #partition(pk: string): Map<string, Item> {
    const known = this.#partitions.get(pk) ?? new Map<string, Item>();
    this.#partitions.set(pk, known);
    return known;
  }

  /** @returns whether its condition did not hold */
  async #tellBeside({ constructor: asked, input }: LedgerCommand): Promise<boolean> {
    if (!this.#beside) return false;
    const { documents, table } = this.#beside;
    const Command = asked as unknown as new (input: object) => never;
    try {
      await documents.send(new Command({ ...input, TableName: table }));
      return false;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return true;
      throw error;
    }
  }

  #getEach({ RequestItems = {} }: LedgerCommand["input"]): object {
    const found = Object.entries(RequestItems).map(([table, asked]) => [
      table,
      "Keys" in asked ? asked.Keys.flatMap(({ pk, sk }) => this.#partition(pk).get(sk) ?? []) : [],
    ]);
    return { Responses: Object.fromEntries(found) };
  }

  async #putEach({ RequestItems = {} }: LedgerCommand["input"]): Promise<object> {
    for (const asked of Object.values(RequestItems)) {
      if ("Keys" in asked) continue;
      const { documents, table = "" } = this.#beside ?? {};
      await documents?.send(new BatchWriteCommand({ RequestItems: { [table]: [...asked] } }));
      for (const { PutRequest } of asked) {
        const { pk, sk } = PutRequest.Item;
        this.#partition(pk).set(sk, toStored(PutRequest.Item));
      }
    }
    return {};
  }

  #query({ KeyConditionExpression, ExpressionAttributeValues: values = {} }: LedgerCommand["input"]): object {
    if (KeyConditionExpression !== ONE_QUERY) throw new Error(`${KeyConditionExpression} is not known here.`);
    const prefix = String(values[":prefix"]);
    const below = [...this.#partition(String(values[":pk"]))].filter(([sk]) => sk.startsWith(prefix));
    return { Items: below.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item) };
  }
}

/** The ledger's client on a table in memory. */
export const documentsOf = (send: (command: LedgerCommand) => Promise<object>): DynamoDBDocumentClient =>
  Object.assign(DynamoDBDocumentClient.from(new DynamoDBClient({ region: HOME })), { send: send as never });

export const operationOf = ({ constructor: { name } }: LedgerCommand): string => name.replace(/Command$/, "");

/** The one that the ledger asks (`adapters/ledger/table.ts`). */
const ONE_QUERY = "pk = :pk AND begins_with(sk, :prefix)";

const nameOf = ({ pk, sk }: Item): string => `${pk} ${sk}`;

/** Applies `SET #a = :a, #b = :b`, the only form of the ledger's updates. */
function toSet({ UpdateExpression = "", ...words }: LedgerCommand["input"]): Item {
  if (!/^SET #\w+ = :\w+(, #\w+ = :\w+)*$/.test(UpdateExpression)) throw new Error(`${UpdateExpression} is not known.`);
  const pairs = [...UpdateExpression.matchAll(/(#\w+) = (:\w+)/g)];
  return Object.fromEntries(
    pairs.map(([, name = "", value = ""]) => [
      words.ExpressionAttributeNames?.[name] ?? name,
      words.ExpressionAttributeValues?.[value],
    ]),
  );
}

/** Plain JSON without undefined members, as it comes back from DynamoDB. */
const toStored = (item: unknown): Item => freeze(JSON.parse(JSON.stringify(item)));

function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
