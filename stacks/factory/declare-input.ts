import type { Checker, Symbol as TsSymbol, Type } from "typescript/unstable/sync";
import { itemsOf, withInputType } from "./read-docs.ts";

/** SymbolFlags.Optional */
const OPTIONAL = 16_777_216;

/**
 * `FactoryInput` expanded, with its TSDoc comments. tsc's declarations of inferred types have no comments, so editors would
 * show none to users of the package.
 * @param root the repository's folder
 */
export const declareInput = (root: string): string =>
  withInputType(root, (checker, type) => `export interface FactoryInput ${objectType(checker, type)}\n`);

function objectType(checker: Checker, type: Type): string {
  const properties = checker.getPropertiesOfType(type).map((symbol) => {
    const isOptional = (symbol.flags & OPTIONAL) !== 0;
    const text = typeText(checker, checker.getTypeOfSymbol(symbol));
    return `${commentOf(checker, symbol)}${symbol.name}${isOptional ? "?" : ""}: ${text};\n`;
  });
  return `{\n${properties.join("")}}`;
}

function typeText(checker: Checker, type: Type | undefined): string {
  if (!type) throw new Error("A key of FactoryInput has no type.");
  if (type.isUnionType()) {
    return (type.getTypes() ?? []).map((one) => typeText(checker, one)).join(" | ");
  }
  if (checker.isArrayType(type)) return `(${typeText(checker, itemsOf(checker, type))})[]`;
  const [entries] = checker.getIndexInfosOfType(type);
  if (entries && (type.isObjectType() || type.isIntersectionType())) {
    return `Record<string, ${typeText(checker, entries.valueType)}>`;
  }
  return type.isObjectType() || type.isIntersectionType() ? objectType(checker, type) : checker.typeToString(type);
}

function commentOf(checker: Checker, symbol: TsSymbol): string {
  const text = checker.getDocumentationCommentOfSymbol(symbol);
  const tags = checker.getJsDocTagsOfSymbol(symbol).map((tag) => `@${tag.name} ${tag.text ?? ""}`.trim());
  const lines = [...text.split("\n"), ...tags].filter((line) => line !== "");
  return lines.length > 0 ? `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */\n` : "";
}
