import fc from "fast-check";
import { expect, test } from "vitest";
import { parseXml } from "../../src/wire/xml.ts";
import { element, escapeXml } from "../../src/wire/xml-writer.ts";

test("Elements and text are read; attributes, comments, prefixes and declarations are passed over", () => {
  const text = `<?xml version="1.0"?>
    <s:Rules xmlns:s="http://s3" note='a > b'><!-- <no/> --><Rule a="1">x &amp; &#x79;&#122;<![CDATA[<&]]></Rule><Rule/></s:Rules>`;

  const root = parseXml(text);

  expect(root).toEqual({
    name: "Rules",
    text: "",
    children: [
      { name: "Rule", text: "x & yz<&", children: [] },
      { name: "Rule", text: "", children: [] },
    ],
  });
});

test("Any text survives being written and read", () => {
  const texts = fc.string({ unit: "grapheme" });

  fc.assert(fc.property(texts, (text) => parseXml(element("a", escapeXml(text))).text === text));
});

test.each([
  "",
  "text",
  "<a>",
  "</a>",
  "<a></b>",
  "<a/><b/>",
  "<a>&none;</a>",
  "<a>&</a>",
  "<a>&#x110000;</a>",
  "<!DOCTYPE a><a/>",
  "<a",
  "<a b='1/>",
  "<>",
])("%j is not a document", (text) => {
  expect(() => parseXml(text)).toThrow("not well-formed");
});
