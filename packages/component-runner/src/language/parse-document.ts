import { ACTIONS, type ToePlatform } from "./actions.ts";
import { checkReferences } from "./check-references.ts";
import {
  PHASES,
  type ToeDocument,
  ToeDocumentError,
  type ToeFault,
  type ToeParameter,
  type ToePhase,
} from "./document.ts";
import { DocumentReader } from "./document-reader.ts";
import { parseStep } from "./parse-step.ts";
import { type ReadYaml, readYaml } from "./read-yaml.ts";

export const VARIABLE_NAME = /^[A-Za-z0-9_-]{3,128}$/;
const DOCUMENT_FIELDS = ["name", "description", "schemaVersion", "parameters", "constants", "phases"] as const;

/** The result of checking a complete document. */
export interface CheckedDocument {
  /** Undefined if it has faults. */
  readonly document: ToeDocument | undefined;
  /** In document order: AWSTOE or Image Builder would refuse it, or a step would fail. */
  readonly faults: readonly ToeFault[];
  /** Input without effect, or with contradictory documentation. */
  readonly warnings: readonly ToeFault[];
}

/**
 * Parses a component document and checks it against AWSTOE's grammar ("Use the AWSTOE component document framework" in
 * Image Builder's user guide), and its PowerShell as far as `checkPowerShell` does.
 */
export function checkToeDocument(text: string, platform: ToePlatform): CheckedDocument {
  const { document, faults, warnings } = check(readYaml(text), platform, true);
  return { document, faults: inOrder(faults), warnings: inOrder(warnings) };
}

/** A document's platform: Windows if it has an action module that only Windows has. */
export function platformOf(text: string): ToePlatform {
  const { phases } = (readYaml(text).yaml.toJS() ?? {}) as { phases?: unknown };
  const all = (value: unknown): readonly Record<string, unknown>[] =>
    Array.isArray(value) ? value.filter((one) => one !== null && typeof one === "object") : [];
  const actions = all(phases).flatMap(({ steps }) => all(steps).map(({ action }) => String(action)));
  const isWindows = actions.some((action) => ACTIONS[action]?.platforms.every((one) => one === "Windows"));
  return isWindows ? "Windows" : "Linux";
}

const inOrder = (faults: readonly ToeFault[]): ToeFault[] =>
  faults.toSorted((a, b) => a.line - b.line || a.column - b.column);

function check(read: ReadYaml, platform: ToePlatform, scripts: boolean): CheckedDocument {
  if (read.broken.length > 0) return { document: undefined, faults: read.broken, warnings: [] };
  const reader = new DocumentReader(read, scripts);
  const document = readDocument(reader, platform);
  const { faults, warnings } = reader;
  return { document: faults.length > 0 ? undefined : document, faults, warnings };
}

/** What CreateComponent accepts: scripts are not checked. @throws ToeDocumentError for the first fault */
export function parseToeDocument(text: string, platform: ToePlatform): ToeDocument {
  const read = readYaml(text);
  const { document, faults } = check(read, platform, false);
  if (document) return document;
  const { message, line, ...place } = faults[0] ?? { message: "The document is empty.", line: 1, column: 1 };
  const said =
    read.broken.length > 0
      ? `Failed to parse document. Error: yaml: line ${line}: ${message}`
      : `${message} (line ${line})`;
  throw new ToeDocumentError({ ...place, line, message: said });
}

function readDocument(reader: DocumentReader, platform: ToePlatform): ToeDocument | undefined {
  const document = reader.mapping([], "The document");
  if (!document) return undefined;
  const isKnown = reader.onlyKeys([], DOCUMENT_FIELDS);
  // YAML reads an unquoted 1.0 as the number 1.
  if (document.schemaVersion !== "1.0" && document.schemaVersion !== 1) {
    reader.fault(["schemaVersion"], "Invalid schema version. Supported versions include: 1.0.");
  }
  const taken = new Set<string>();
  const parameters = variables(reader, "parameters", taken).map(([name, path]) => parameter(reader, name, path));
  const constants = variables(reader, "constants", taken).map(([name, path]) => constant(reader, name, path));
  const read: ToeDocument = {
    name: reader.text(["name"]) ?? "",
    description: reader.text(["description"]),
    parameters,
    constants: Object.fromEntries(constants),
    // An unknown field may be a misspelled `phases`.
    phases: isKnown || document.phases !== undefined ? phases(reader, platform) : [],
  };
  checkReferences(reader, read);
  return read;
}

type Path = (string | number)[];

/** Lists of one-key mappings, with names unique across parameters and constants. */
function variables(reader: DocumentReader, kind: string, taken: Set<string>): [string, Path][] {
  return reader.list([kind]).map((entry, index) => {
    const [name = "", ...others] = Object.keys(entry === null || typeof entry !== "object" ? {} : entry);
    const path = [kind, index, name];
    if (!VARIABLE_NAME.test(name)) {
      reader.fault([kind, index], `Invalid name '${name}' in ${kind}. It must match pattern ${VARIABLE_NAME.source}.`);
    }
    if (others.length > 0) {
      reader.fault(
        [kind, index],
        `Each entry of ${kind} must have one name, with its fields indented below '${name}'.`,
      );
    }
    if (taken.has(name)) reader.fault(path, `The name '${name}' is used more than once in parameters and constants.`);
    taken.add(name);
    return [name, path];
  });
}

function parameter(reader: DocumentReader, name: string, path: Path): ToeParameter {
  const found = reader.mapping(path, `Parameter '${name}'`) ?? { type: "string" };
  reader.onlyKeys(path, ["type", "default", "description"]);
  const { type, default: value, description } = found;
  if (type !== "string") reader.fault([...path, "type"], `Parameter '${name}' must have the type 'string'.`);
  return {
    name,
    default: value === undefined || value === null ? undefined : String(value),
    description: description === undefined ? undefined : String(description),
  };
}

function constant(reader: DocumentReader, name: string, path: Path): readonly [string, string] {
  const found = reader.mapping(path, `Constant '${name}'`) ?? { type: "string", value: "" };
  reader.onlyKeys(path, ["type", "value"]);
  const { type, value } = found;
  if (type !== "string") reader.fault([...path, "type"], `Constant '${name}' must have the type 'string'.`);
  if (value === undefined || value === null) reader.fault(path, `Constant '${name}' must have a 'value'.`);
  return [name, String(value ?? "")];
}

function phases(reader: DocumentReader, platform: ToePlatform): ToePhase[] {
  const found = reader.list(["phases"]);
  if (found.length === 0 && Array.isArray(reader.at(["phases"]) ?? [])) {
    reader.fault(["phases"], "The document has no phases; it must have at least one.");
  }
  const seen = new Set<string>();
  const read = found.flatMap((_, index) => phase(reader, ["phases", index], seen, platform) ?? []);
  const needed = ["build", "validate", "test"];
  if (read.length > 0 && !needed.some((name) => seen.has(name)) && isRun(...seen)) {
    reader.warn(["phases"], "AWSTOE's guide requires at least one of the phases build, validate and test.");
  }
  return read;
}

const isRun = (...names: readonly string[]): boolean =>
  names.every((name) => (PHASES as readonly string[]).includes(name));

function phase(reader: DocumentReader, path: Path, seen: Set<string>, platform: ToePlatform): ToePhase | undefined {
  const found = reader.mapping(path, "Each phase");
  if (!found) return undefined;
  reader.onlyKeys(path, ["name", "steps"]);
  const name = String(found.name ?? "");
  if (name === "") reader.fault(path, "Each phase must have a name.");
  else if (!isRun(name)) {
    const message = `Image Builder does not run a phase '${name}'. It runs: ${PHASES.join(", ")}.`;
    reader.warn([...path, "name"], message, { found: name, valid: PHASES });
  }
  if (seen.has(name)) reader.fault([...path, "name"], `Phase '${name}' appears more than once.`);
  seen.add(name);
  const steps = reader.list([...path, "steps"]);
  if (steps.length === 0) reader.fault(path, `Phase '${name}' has no steps.`);
  const names = new Set<string>();
  const loops = new Set<string>();
  return {
    name,
    steps: steps.flatMap((_, at) => {
      const where = [...path, "steps", at];
      const step = parseStep(reader, where, name, platform);
      if (!step) return [];
      if (names.has(step.name)) {
        reader.fault(where, `Step name '${step.name}' appears more than once in phase '${name}'.`);
      }
      names.add(step.name);
      if (step.loop && step.loop.name !== "loop") {
        if (loops.has(step.loop.name)) {
          const message = `Loop name '${step.loop.name}' appears more than once in phase '${name}'.`;
          reader.fault([...where, "loop", "name"], message);
        }
        loops.add(step.loop.name);
      }
      return step;
    }),
  };
}
