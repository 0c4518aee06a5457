import { badInput } from "./bad-input.ts";
import { perStructure } from "./per-structure.ts";
import { textReader } from "./scalars.ts";
import { kindOf, membersOf, type Shape } from "./shape.ts";
import type { XmlElement } from "./xml-parser.ts";

/** Elements of one name that together are the value: several for a flattened list or map. */
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
        if (!first || first.children.length > 0) throw badInput(`${first?.name} is not a text`);
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
        if (name === undefined || content.length === 0) throw badInput(`An entry lacks its ${key} or ${tag}`);
        return [name, item(content, depth)];
      }),
    );
  };
}
