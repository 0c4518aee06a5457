import { LineCounter, parseDocument as parseYaml } from "yaml";
import type { ToePlatform } from "./actions.ts";
import {
  PHASES,
  type PhaseName,
  type ToeDocument,
  ToeDocumentError,
  type ToeParameter,
  type ToePhase,
} from "./document.ts";
import { type DocumentReader, positionAt, readerOf } from "./document-reader.ts";
import { parseStep } from "./parse-step.ts";

const VARIABLE_NAME = /^[A-Za-z0-9_-]{3,128}$/;

/**
 * Reads a component document and checks it against AWSTOE's grammar ("Use the AWSTOE component document framework" in
 * Image Builder's user guide).
 * @throws ToeDocumentError with line and column
 */
export function parseToeDocument(text: string, platform: ToePlatform): ToeDocument {
  const lines = new LineCounter();
  const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false });
  const broken = yaml.errors[0];
  if (broken) {
    const place = positionAt(lines, broken.pos[0]);
    throw new ToeDocumentError(`Failed to parse document. Error: yaml: line ${place.line}: ${broken.message}`, place);
  }
  const reader = readerOf(yaml, lines);
  const document = reader.mapping([], "The document");
  reader.onlyKeys([], ["name", "description", "schemaVersion", "parameters", "constants", "phases"]);
  // YAML reads an unquoted 1.0 as the number 1.
  if (document.schemaVersion !== "1.0" && document.schemaVersion !== 1) {
    reader.refuse(["schemaVersion"], "Invalid schema version. Supported versions include: 1.0.");
  }
  const taken = new Set<string>();
  const parameters = variables(reader, "parameters", taken).map(([name, path]) => parameter(reader, name, path));
  const constants = variables(reader, "constants", taken).map(([name, path]) => {
    const { type, value } = reader.mapping(path, `Constant '${name}'`);
    if (type !== "string") reader.refuse(path, `Constant '${name}' must have the type 'string'.`);
    return [name, String(value ?? "")] as const;
  });
  return {
    name: reader.text(["name"]) ?? "",
    description: reader.text(["description"]),
    parameters,
    constants: Object.fromEntries(constants),
    phases: phases(reader, platform),
  };
}

/** Lists of one-key mappings, with names unique across parameters and constants. */
function variables(reader: DocumentReader, kind: string, taken: Set<string>): [string, (string | number)[]][] {
  return reader.list([kind]).map((entry, index) => {
    const name = Object.keys((entry ?? {}) as object)[0] ?? "";
    const path = [kind, index, name];
    if (!VARIABLE_NAME.test(name)) {
      reader.refuse([kind, index], `Invalid name '${name}' in ${kind}. It must match pattern ${VARIABLE_NAME.source}.`);
    }
    if (taken.has(name)) reader.refuse(path, `The name '${name}' is used more than once in parameters and constants.`);
    taken.add(name);
    return [name, path];
  });
}

function parameter(reader: DocumentReader, name: string, path: (string | number)[]): ToeParameter {
  const { type, default: value, description } = reader.mapping(path, `Parameter '${name}'`);
  if (type !== "string") reader.refuse(path, `Parameter '${name}' must have the type 'string'.`);
  return {
    name,
    default: value === undefined || value === null ? undefined : String(value),
    description: description === undefined ? undefined : String(description),
  };
}

function phases(reader: DocumentReader, platform: ToePlatform): ToePhase[] {
  const found = reader.list(["phases"]);
  if (found.length === 0) reader.refuse(["phases"], "The document has no phases; it must have at least one.");
  const seen = new Set<unknown>();
  return found.map((_, index) => {
    const path = ["phases", index];
    const { name } = reader.mapping(path, "Each phase");
    reader.onlyKeys(path, ["name", "steps"]);
    if (!PHASES.includes(name as PhaseName)) {
      const unknown = { found: String(name), valid: PHASES };
      reader.refuse([...path, "name"], `Invalid phase name '${name}'. Valid names are: ${PHASES.join(", ")}.`, unknown);
    }
    if (seen.has(name)) reader.refuse([...path, "name"], `Phase '${name}' appears more than once.`);
    seen.add(name);
    const steps = reader.list([...path, "steps"]);
    if (steps.length === 0) reader.refuse(path, `Phase '${name}' has no steps.`);
    const names = new Set<string>();
    return {
      name: name as PhaseName,
      steps: steps.map((_, at) => {
        const step = parseStep(reader, [...path, "steps", at], name as PhaseName, platform);
        if (names.has(step.name)) {
          reader.refuse([...path, "steps", at], `Step name '${step.name}' appears more than once in phase '${name}'.`);
        }
        names.add(step.name);
        return step;
      }),
    };
  });
}
