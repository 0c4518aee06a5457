import { type Document, isMap, isNode, type LineCounter } from "yaml";
import { ToeDocumentError, type UnknownWord } from "./document.ts";

export type DocumentPath = readonly (string | number)[];

/** Looks into a YAML document by path, and refuses with the line of what it found there. */
export interface DocumentReader {
  mapping(path: DocumentPath, what: string): Record<string, unknown>;
  /** Empty where nothing stands there. */
  list(path: DocumentPath): unknown[];
  text(path: DocumentPath): string | undefined;
  onlyKeys(path: DocumentPath, known: readonly string[]): void;
  line(path: DocumentPath): number;
  refuse(path: DocumentPath, message: string, unknown?: UnknownWord): never;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Both from 1. @param offset from the text's beginning, in characters */
export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

export function readerOf(yaml: Document, lines: LineCounter): DocumentReader {
  const whole: unknown = yaml.toJS();
  const at = (path: DocumentPath): unknown =>
    path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], whole);

  /** Undefined where nothing stands there. */
  const placeOf = (node: unknown) => (isNode(node) && node.range ? positionAt(lines, node.range[0]) : undefined);

  /** Where something stands, or else what it would be a part of. */
  function position(path: DocumentPath): Position {
    for (let depth = path.length; depth >= 0; depth--) {
      const found = placeOf(depth === 0 ? yaml.contents : yaml.getIn(path.slice(0, depth), true));
      if (found) return found;
    }
    return { line: 1, column: 1 };
  }

  const refuseAt = (place: Position, message: string, unknown?: UnknownWord): never => {
    throw new ToeDocumentError(`${message} (line ${place.line})`, place, unknown);
  };
  const refuse = (path: DocumentPath, message: string, unknown?: UnknownWord): never =>
    refuseAt(position(path), message, unknown);
  const line = (path: DocumentPath): number => position(path).line;

  return {
    line,
    refuse,
    mapping(path, what) {
      const value = at(path);
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        return refuse(path, `${what} must be a mapping.`);
      }
      return value as Record<string, unknown>;
    },
    list(path) {
      const value = at(path) ?? [];
      return Array.isArray(value) ? value : refuse(path, `'${path.at(-1)}' must be a list.`);
    },
    text(path) {
      const value = at(path);
      return value === undefined || value === null ? undefined : String(value);
    },
    onlyKeys(path, known) {
      const node = path.length === 0 ? yaml.contents : yaml.getIn(path, true);
      if (!isMap(node)) return;
      for (const { key } of node.items) {
        const name = String(key);
        if (known.includes(name)) continue;
        const place = placeOf(key) ?? position(path);
        refuseAt(place, `Unknown field '${name}'; the fields here are: ${known.join(", ")}.`, {
          found: name,
          valid: known,
        });
      }
    },
  };
}
