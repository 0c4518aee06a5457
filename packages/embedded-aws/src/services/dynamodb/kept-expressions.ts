type Names = Record<string, unknown>;

/** What dynalite gives its parsers, which remove the names and values that they use from the unused ones. */
interface Context {
  readonly attrNames?: Names | null;
  readonly attrVals?: Names | null;
  readonly unusedAttrNames: Names;
  readonly unusedAttrVals: Names;
}

export interface Parser {
  /** The tree, or why the expression is invalid. @throws the parser's SyntaxError */
  parse(text: string, options: { readonly context: Context }): unknown;
}

/** A tree with slots for the values, and what its expression uses. */
interface Kept {
  readonly tree: unknown;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Their arguments are checked by value; everything else is checked by type. */
const CHECKED_BY_VALUE = /\bbetween\b|attribute_type/i;

const MOST = 1_000;

/** From now on, the parser keeps the trees of valid expressions: programs repeat a few, with other values. */
export function keepExpressions(parser: Parser): void {
  const parse = parser.parse;
  const known = new Map<string, Kept>();
  parser.parse = (text, options) => {
    const { attrNames, attrVals, unusedAttrNames, unusedAttrVals } = options.context;
    const values = attrVals ?? {};
    if (CHECKED_BY_VALUE.test(text)) return parse(text, options);
    const key = JSON.stringify([text, attrNames, Object.entries(values).map(([name, value]) => [name, typeOf(value)])]);
    const kept = known.get(key);
    if (kept) {
      for (const name of kept.names) delete unusedAttrNames[name];
      for (const name of kept.values) delete unusedAttrVals[name];
      return filled(kept.tree, values);
    }
    const tree = parse(text, options);
    if (typeof tree === "string") return tree;
    if (known.size === MOST) known.clear();
    const slots = new Map(Object.entries(values).map(([name, value]) => [value, new Slot(name)]));
    known.set(key, {
      tree: copied(tree, (part) => slots.get(part)),
      names: Object.keys(attrNames ?? {}).filter((name) => !(name in unusedAttrNames)),
      values: Object.keys(values).filter((name) => !(name in unusedAttrVals)),
    });
    return tree;
  };
}

/** An attribute value has one member, named after its type. */
const typeOf = (value: unknown): string | undefined => Object.keys(value as object)[0];

/** A copy, because dynalite changes trees. */
const filled = (tree: unknown, values: Names): unknown =>
  copied(tree, (part) => (part instanceof Slot ? values[part.name] : undefined));

/** A deep copy in which some parts are replaced. */
export function copied(tree: unknown, replace: (part: object) => unknown): unknown {
  if (typeof tree !== "object" || tree === null) return tree;
  const replaced = replace(tree);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(tree)) return tree.map((part) => copied(part, replace));
  const copy = Object.create(Object.getPrototypeOf(tree)) as Record<string, unknown>;
  for (const [name, part] of Object.entries(tree)) copy[name] = copied(part, replace);
  return copy;
}
