import { SaxesParser } from "saxes";
import { badInput } from "./message.ts";
import { textReader } from "./scalars.ts";
import { kindOf, membersOf, perStructure, type Shape } from "./shape.ts";

interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** Parses a document as S3 does: elements and text. Attributes are skipped, document types are refused. */
export function parseXml(text: string): XmlElement {
  const document: XmlElement = { name: "", children: [], text: "" };
  const open = [document];
  const parser = new SaxesParser();
  const add = (characters: string): void => {
    const parent = open.at(-1);
    if (parent) parent.text += characters;
  };
  parser.on("error", () => {
    throw malformed();
  });
  parser.on("doctype", () => {
    throw malformed();
  });
  parser.on("text", add);
  parser.on("cdata", add);
  parser.on("opentag", ({ name }) => {
    const element: XmlElement = { name: name.slice(name.indexOf(":") + 1), children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.write(text).close();
  const [root] = document.children;
  if (!root) throw malformed();
  return root;
}

const malformed = () =>
  badInput("The XML you provided was not well-formed or did not validate against our published schema");

/** Elements with one name that together are the value: several for a flattened list or map. */
type Read = (found: readonly XmlElement[], depth: number) => unknown;

/** Deeper input is refused: it could only exhaust the stack. */
const DEEPEST = 64;

/** Reads a value of `shape` from its element. */
export function xmlReader(shape: Shape): (root: XmlElement) => unknown {
  const read = reader(shape);
  return (root) => read([root], 0);
}

function reader(shape: Shape): Read {
  switch (kindOf(shape)) {
    case "structure":
      return structureReader(shape);
    case "list":
      return listReader(shape);
    case "map":
      return mapReader(shape);
    default: {
      const read = textReader(shape);
      return ([first]) => {
        if (!first || first.children.length > 0) throw badInput(`${first?.name} is not a string`);
        return read(first.text);
      };
    }
  }
}

/** Members compile on first use: a structure may contain itself. */
const structureReader = perStructure((shape): Read => {
  let compiled: (readonly [name: string, tag: string, Read])[] | undefined;
  return ([first], depth) => {
    if (depth > DEEPEST) throw badInput(`The document is nested deeper than ${DEEPEST} levels`);
    compiled ??= membersOf(shape).map(([name, member]) => [
      name,
      member.getMemberTraits().xmlName ?? name,
      reader(member),
    ]);
    const byTag = Map.groupBy(first?.children ?? [], (child) => child.name);
    const result: Record<string, unknown> = {};
    for (const [name, tag, read] of compiled) {
      const found = byTag.get(tag);
      if (found) result[name] = read(found, depth + 1);
    }
    return result;
  };
});

function listReader(shape: Shape): Read {
  const value = shape.getValueSchema();
  const item = reader(value);
  const tag = value.getMergedTraits().xmlName ?? "member";
  const flat = shape.getMergedTraits().xmlFlattened;
  return (found, depth) => {
    const items = flat ? found : (found[0]?.children ?? []).filter((child) => child.name === tag);
    return items.map((one) => item([one], depth));
  };
}

function mapReader(shape: Shape): Read {
  const key = shape.getKeySchema().getMergedTraits().xmlName ?? "key";
  const value = shape.getValueSchema();
  const item = reader(value);
  const tag = value.getMergedTraits().xmlName ?? "value";
  const flat = shape.getMergedTraits().xmlFlattened;
  return (found, depth) => {
    const entries = flat ? found : (found[0]?.children ?? []).filter((child) => child.name === "entry");
    return Object.fromEntries(
      entries.map((entry) => {
        const name = entry.children.find((child) => child.name === key)?.text;
        const content = entry.children.filter((child) => child.name === tag);
        if (name === undefined || content.length === 0) throw badInput(`An entry has no ${key} or ${tag}`);
        return [name, item(content, depth)];
      }),
    );
  };
}
