import { existsSync, readFileSync } from "node:fs";
import { LineCounter, parse, parseDocument } from "yaml";
import type { Declared } from "../../core/component/check-parameters.ts";
import { documentPath, type Folders } from "../../core/component/image-components.ts";

/**
 * The text of a component document that `factory.config.ts` names.
 * @throws Error naming file and line if it is missing, not valid YAML or not a document that AWSTOE accepts
 */
export function readComponentDocument(folders: Folders, path: string): string {
  const file = documentPath(path, folders);
  if (!existsSync(file)) throw new Error(`factory.config.ts names the component ${path}, which does not exist.`);
  const text = readFileSync(file, "utf8");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new Error(`${path}:${line}:${col}: ${fault.message}`);
  }
  const { schemaVersion, phases } = (document.toJS() ?? {}) as { schemaVersion?: unknown; phases?: unknown };
  if (schemaVersion !== 1) {
    throw new Error(`${path}: schemaVersion must be 1.0, found ${JSON.stringify(schemaVersion) ?? "nothing"}.`);
  }
  if (!Array.isArray(phases) || phases.length === 0) throw new Error(`${path}: phases must be a list of at least one.`);
  return text;
}

/** The parameters and constants of a component document: lists of mappings with one key. */
export function declaredIn(text: string): Declared {
  const { parameters, constants } = parse(text) as Readonly<Record<string, unknown>>;
  return {
    parameters: entriesOf(parameters).map(([name, { default: value }]) => ({
      name,
      default: value === undefined || value === null ? undefined : String(value),
    })),
    constants: entriesOf(constants).map(([name]) => name),
  };
}

const entriesOf = (list: unknown): [string, { default?: unknown }][] =>
  Array.isArray(list) ? list.flatMap((one) => Object.entries((one ?? {}) as Record<string, object>)) : [];
