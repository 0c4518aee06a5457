type Item = Readonly<Record<string, unknown>>;

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
export function holds(condition: string, item: Item | undefined, words: Words): boolean {
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
      return (item, words) => values(item, words)[0] === values(item, words)[1];
    case "<>":
      return (item, words) => values(item, words)[0] !== values(item, words)[1];
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
