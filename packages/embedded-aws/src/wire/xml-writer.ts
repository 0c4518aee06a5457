import { textWriter } from "./scalars.ts";
import { kindOf, membersOf, perStructure, type Shape } from "./shape.ts";

type Write = (value: unknown) => string;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

/** Most texts need no escaping, and testing is cheaper than replacing. */
export const escapeXml = (text: string): string =>
  /[&<>"\r]/.test(text) ? text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? "") : text;

export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** Writes the content of the element for a value of `shape`. */
export function xmlWriter(shape: Shape): Write {
  switch (kindOf(shape)) {
    case "structure":
      return structureWriter(shape);
    case "unit":
      return () => "";
    case "number":
    case "boolean":
      return String;
    default: {
      const text = textWriter(shape, "date-time");
      return (value) => escapeXml(text(value));
    }
  }
}

/** Writes only some members of a structure: those in a REST response's body. */
export const xmlMembersWriter = (members: readonly (readonly [string, Shape])[]): Write => membersWriter(() => members);

const structureWriter = perStructure((shape) =>
  membersWriter(() => membersOf(shape).filter(([, member]) => !isAttribute(member))),
);

const isAttribute = (member: Shape): boolean => Boolean(member.getMergedTraits().xmlAttribute);

/** Members compile on first use: a structure may contain itself. */
function membersWriter(members: () => readonly (readonly [string, Shape])[]): Write {
  let compiled: (readonly [string, Write])[] | undefined;
  return (value) => {
    compiled ??= members().map(([name, member]) => [
      name,
      memberWriter(member, member.getMemberTraits().xmlName ?? name),
    ]);
    const source = value as Record<string, unknown>;
    let xml = "";
    for (const [name, write] of compiled) {
      const given = source[name];
      if (given !== undefined && given !== null) xml += write(given);
    }
    return xml;
  };
}

/** Writes the element itself, or the elements of a flattened list. */
function memberWriter(shape: Shape, name: string): Write {
  const flat = Boolean(shape.getMergedTraits().xmlFlattened);
  const kind = kindOf(shape);
  if (kind === "list") {
    const value = shape.getValueSchema();
    const item = memberWriter(value, flat ? name : (value.getMergedTraits().xmlName ?? "member"));
    const items: Write = (list) => {
      let xml = "";
      for (const one of list as unknown[]) xml += item(one);
      return xml;
    };
    return flat ? items : within(name, items);
  }
  if (kind === "map") {
    const key = shape.getKeySchema().getMergedTraits().xmlName ?? "key";
    const value = shape.getValueSchema();
    const item = memberWriter(value, value.getMergedTraits().xmlName ?? "value");
    const entries: Write = (map) =>
      Object.entries(map as object)
        .filter(([, one]) => one !== undefined)
        .map(([one, content]) => element(flat ? name : "entry", element(key, escapeXml(one)) + item(content)))
        .join("");
    return flat ? entries : within(name, entries);
  }
  const attributes = kind === "structure" ? membersOf(shape).filter(([, member]) => isAttribute(member)) : [];
  return attributes.length > 0 ? withAttributes(shape, name, attributes) : within(name, xmlWriter(shape));
}

/** Only for S3's grantees: `<Grantee xmlns:xsi="..." xsi:type="CanonicalUser">`. */
function withAttributes(shape: Shape, name: string, attributes: readonly (readonly [string, Shape])[]): Write {
  const namespace: unknown = shape.getMergedTraits().xmlNamespace;
  const [prefix, uri] = Array.isArray(namespace) ? (namespace as [string, string]) : [];
  const declared = prefix === undefined ? "" : ` xmlns:${prefix}="${uri}"`;
  const content = xmlWriter(shape);
  return (value) => {
    const given = attributes.flatMap(([member, attribute]) => {
      const text = (value as Record<string, unknown>)[member];
      const written = attribute.getMemberTraits().xmlName ?? member;
      return text === undefined ? [] : [` ${written}="${escapeXml(String(text))}"`];
    });
    return `<${name}${declared}${given.join("")}>${content(value)}</${name}>`;
  };
}

/** Builds the tags once, not for each value. */
function within(name: string, content: Write): Write {
  const [open, close] = [`<${name}>`, `</${name}>`];
  return (value) => open + content(value) + close;
}
