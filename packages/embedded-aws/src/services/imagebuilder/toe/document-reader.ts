import { type Document, isMap, isNode, type LineCounter } from "yaml";
import { ToeDocumentError } from "./document.ts";

export type DocumentPath = readonly (string | number)[];

/** Looks into a YAML document by path, and refuses with the line of what it found there. */
export interface DocumentReader {
  mapping(path: DocumentPath, what: string): Record<string, unknown>;
  /** Empty where nothing stands there. */
  list(path: DocumentPath): unknown[];
  text(path: DocumentPath): string | undefined;
  onlyKeys(path: DocumentPath, known: readonly string[]): void;
  line(path: DocumentPath): number;
  refuse(path: DocumentPath, message: string): never;
}

export function readerOf(yaml: Document, lines: LineCounter): DocumentReader {
  const whole: unknown = yaml.toJS();
  const at = (path: DocumentPath): unknown =>
    path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], whole);

  function line(path: DocumentPath): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? yaml.contents : yaml.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }

  const refuse = (path: DocumentPath, message: string): never => {
    const where = line(path);
    throw new ToeDocumentError(`${message} (line ${where})`, where);
  };

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
        const where = isNode(key) && key.range ? lines.linePos(key.range[0]).line : line(path);
        throw new ToeDocumentError(
          `Unknown field '${name}'; the fields here are: ${known.join(", ")}. (line ${where})`,
          where,
        );
      }
    },
  };
}
