import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { formatError } from "../refusals.ts";

/** Short forms that do not become `Fn::<name>`. */
const PLAIN: ReadonlySet<string> = new Set(["Ref", "Condition"]);

const SHORT_FORMS: ReadonlySet<string> = new Set([
  ...PLAIN,
  ...["And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAtt", "GetAZs", "If", "ImportValue", "Join"],
  ...["Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"],
]);

/**
 * A YAML template as JSON: `!Sub x` becomes `{ "Fn::Sub": "x" }`. Dates and similar values stay strings, and aliases
 * are refused (User guide, "CloudFormation template formats").
 * @throws AwsError ValidationError with line and column
 */
export function readYaml(text: string): unknown {
  const lines = new LineCounter();
  // Tags unknown to this schema are warnings; the code below interprets them.
  const document = parseDocument(text, { lineCounter: lines, schema: "core", uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what = error.code === "DUPLICATE_KEY" ? "Duplicated keys" : "YAML not well-formed.";
    throw formatError(`${what} (line ${line}, column ${col})`);
  }
  return plain(document.contents);
}

function plain(node: unknown): unknown {
  if (isAlias(node)) throw formatError("YAML aliases are not allowed in CloudFormation templates");
  const value = untagged(node);
  const tag = (node as Node | null)?.tag;
  if (!tag?.startsWith("!")) return value;
  const name = tag.slice(1);
  if (!SHORT_FORMS.has(name)) throw formatError(`Unknown tag ${tag}`);
  if (PLAIN.has(name)) return { [name]: value };
  return { [`Fn::${name}`]: name === "GetAtt" && typeof value === "string" ? splitAttribute(value) : value };
}

function untagged(node: unknown): unknown {
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(isScalar(key) ? (key.source ?? key.value) : key), plain(value)]),
    );
  }
  if (isSeq(node)) return node.items.map(plain);
  return isScalar(node) ? node.value : null;
}

/** `Resource.Attribute`; attributes can contain dots. */
export function splitAttribute(text: string): string[] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
