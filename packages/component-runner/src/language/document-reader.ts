import { isMap, isNode, isScalar, visit } from "yaml";
import type { ToeFault, UnknownWord } from "./document.ts";
import type { Place, ReadYaml } from "./read-yaml.ts";
import { REFERENCE } from "./reference.ts";

export type DocumentPath = readonly (string | number)[];

/** `{{ text }}` in a document. */
export interface WrittenReference extends Place {
  readonly text: string;
}

/** Reads a YAML document by path, and collects errors with their positions. */
export class DocumentReader {
  readonly faults: ToeFault[] = [];
  readonly warnings: ToeFault[] = [];
  /** Whether scripts are checked, too. AWSTOE leaves that to the shell. */
  readonly scripts: boolean;
  readonly #read: ReadYaml;
  readonly #whole: unknown;

  constructor(read: ReadYaml, scripts: boolean) {
    this.scripts = scripts;
    this.#read = read;
    this.#whole = read.yaml.toJS();
    this.faults.push(...read.unquoted);
    this.warnings.push(...read.anchors);
  }

  fault(path: DocumentPath, message: string, unknown?: UnknownWord): void {
    this.faultAt(this.placeOf(path), message, unknown);
  }

  faultAt({ line, column }: Place, message: string, unknown?: UnknownWord): void {
    this.faults.push({ line, column, message, ...(unknown && { unknown }) });
  }

  warn(path: DocumentPath, message: string, unknown?: UnknownWord): void {
    this.warnAt(this.placeOf(path), message, unknown);
  }

  warnAt({ line, column }: Place, message: string, unknown?: UnknownWord): void {
    this.warnings.push({ line, column, message, ...(unknown && { unknown }) });
  }

  at(path: DocumentPath): unknown {
    return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null)?.[key], this.#whole);
  }

  /** Reports a fault and answers undefined for anything but a mapping. */
  mapping(path: DocumentPath, what: string): Record<string, unknown> | undefined {
    const value = this.at(path);
    if (isMapping(value)) return value;
    this.fault(path, `${what} must be a mapping.`);
    return undefined;
  }

  /** Empty if absent; reports a fault for anything but a list. */
  list(path: DocumentPath): readonly unknown[] {
    const value = this.at(path) ?? [];
    if (Array.isArray(value)) return value;
    this.fault(path, `'${path.at(-1)}' must be a list.`);
    return [];
  }

  text(path: DocumentPath): string | undefined {
    const value = this.at(path);
    return value === undefined || value === null ? undefined : String(value);
  }

  /**
   * @param unlike how unknown keys are reported
   * @returns whether all keys are known
   */
  onlyKeys(path: DocumentPath, known: readonly string[], unlike: "fault" | "warning" = "fault"): boolean {
    const node = path.length === 0 ? this.#read.yaml.contents : this.#read.yaml.getIn(path, true);
    if (!isMap(node)) return true;
    const others = node.items.flatMap(({ key }) => {
      const name = isScalar(key) ? String(key.value) : String(key);
      return known.includes(name) ? [] : [{ key, name }];
    });
    for (const { key, name } of others) {
      const message = `Unknown field '${name}'; valid fields are: ${known.join(", ")}.`;
      const unknown = { found: name, valid: known };
      const place = this.#placeOfNode(key) ?? this.placeOf(path);
      if (unlike === "fault") this.faultAt(place, message, unknown);
      else this.warnAt(place, message, unknown);
    }
    return others.length === 0;
  }

  /** The position of the value, or of the nearest ancestor that exists. */
  placeOf(path: DocumentPath): Place {
    const { yaml } = this.#read;
    for (let depth = path.length; depth >= 0; depth--) {
      const found = this.#placeOfNode(depth === 0 ? yaml.contents : yaml.getIn(path.slice(0, depth), true));
      if (found) return found;
    }
    return { line: 1, column: 1 };
  }

  /** The position of a character in a string; the string's own if its line is not in the document literally. */
  placeIn(path: DocumentPath, offset: number): Place {
    const node = this.#read.yaml.getIn(path, true);
    const whole = this.placeOf(path);
    if (!isScalar(node) || node.type !== "BLOCK_LITERAL" || typeof node.value !== "string") return whole;
    const before = node.value.slice(0, offset).split("\n");
    const written = this.#read.text.split("\n")[whole.line + before.length - 1] ?? "";
    const indent = written.indexOf(node.value.split("\n")[before.length - 1] ?? "");
    return { line: whole.line + before.length, column: indent + (before.at(-1)?.length ?? 0) + 1 };
  }

  /** Every `{{ }}` in the strings below a path, in order. */
  references(path: DocumentPath): WrittenReference[] {
    const node = this.#read.yaml.getIn(path, true);
    const found: WrittenReference[] = [];
    if (!isNode(node)) return found;
    visit(node, {
      Scalar: (key, { value, range }) => {
        if (key === "key" || typeof value !== "string" || !range) return;
        const [from, to] = range;
        const starts = [...this.#read.text.slice(from, to).matchAll(/\{\{/g)].map(({ index }) => from + index);
        // Skips braces that do not begin a reference: the source has as many of them as the value.
        const braces = [...value.matchAll(/\{\{/g)].map(({ index }) => index);
        for (const { index, 1: text = "" } of value.matchAll(REFERENCE)) {
          found.push({ text, ...this.#read.placeAt(starts[braces.indexOf(index)] ?? from) });
        }
      },
    });
    return found;
  }

  /** Undefined if the value is absent. */
  #placeOfNode(node: unknown): Place | undefined {
    return isNode(node) && node.range ? this.#read.placeAt(node.range[0]) : undefined;
  }
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
