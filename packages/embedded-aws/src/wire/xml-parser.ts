import { badInput } from "./bad-input.ts";

export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([^\s<>/!?]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/y;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Parses a document as S3 takes it: elements and text. Attributes are skipped, document types are refused. */
export function parseXml(text: string): XmlElement {
  const document: XmlElement = { name: "", children: [], text: "" };
  const open = [document];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    const parent = open.at(-1);
    if (!token || !parent) throw malformed();
    const [, cdata, closing, tag = "", , empty, characters] = token;
    const name = tag.slice(tag.indexOf(":") + 1);
    if (cdata !== undefined) parent.text += cdata;
    else if (characters !== undefined) parent.text += decode(characters);
    else if (tag && closing) {
      if (open.length < 2 || parent.name !== name) throw malformed();
      open.pop();
    } else if (tag) {
      const child: XmlElement = { name, children: [], text: "" };
      parent.children.push(child);
      if (!empty) open.push(child);
    }
  }
  const [root, ...others] = document.children;
  if (open.length !== 1 || !root || others.length > 0 || document.text.trim() !== "") throw malformed();
  return root;
}

const decode = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));|&/g, (_, hex, decimal, name) => {
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
    const character = code === undefined ? ENTITIES[name] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    if (character === undefined) throw malformed();
    return character;
  });

const malformed = () =>
  badInput("The XML you provided was not well-formed or did not validate against our published schema");
