import { isObject, type Json, type JsonObject } from "../asl/json.ts";
import { type Diagnostic, languages, missingTarget, requiredFields, type Scope, schemaError } from "./diagnostic.ts";
import { validateState } from "./validate-state.ts";

const topLevel = ["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"];

/** Everything that AWS would report in the definition. */
export function validateDefinition(definition: JsonObject, type: "STANDARD" | "EXPRESS" = "STANDARD"): Diagnostic[] {
  const missing = requiredFields(definition, ["States", "StartAt"], "/");
  if (missing.length > 0) return missing;
  const { QueryLanguage = "JSONPath", TimeoutSeconds } = definition;
  const diagnostics = Object.keys(definition)
    .filter((field) => !topLevel.includes(field))
    .map((field) => schemaError(`Field '${field}' is not supported`, "/"));
  if (!languages.includes(QueryLanguage as string)) {
    diagnostics.push(schemaError(`Value is not valid. Expected: [${languages.join(", ")}]`, "/QueryLanguage"));
  }
  if (TimeoutSeconds !== undefined && !(Number.isInteger(TimeoutSeconds) && (TimeoutSeconds as number) > 0)) {
    diagnostics.push(schemaError("Value is not valid. Expected a positive integer", "/TimeoutSeconds"));
  }
  const scope = { language: QueryLanguage as string, express: type === "EXPRESS" };
  return [...diagnostics, ...validateBranch(definition, "", scope), ...duplicates(definition, "", new Set())];
}

/** AWS's quota for a definition, in bytes. */
const MAX_BYTES = 1_048_576;

export function parseDefinition(text: string): { definition?: JsonObject; diagnostics: Diagnostic[] } {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return { diagnostics: [schemaError(`Definition must not be longer than ${MAX_BYTES} bytes`)] };
  }
  try {
    const definition: unknown = JSON.parse(text);
    if (isObject(definition)) return { definition, diagnostics: [] };
  } catch {
    // Reported below with AWS's message: without the parser's reason.
  }
  return { diagnostics: [schemaError("Definition must be a valid JSON object")] };
}

/** A branch's states and transitions; `path` is its JSON pointer (empty for the machine itself). */
function validateBranch(branch: Json | undefined, path: string, scope: Scope): Diagnostic[] {
  if (!isObject(branch)) return [schemaError("Value is not valid. Expected an object", path || "/")];
  const missing = requiredFields(branch, ["States", "StartAt"], path || "/");
  if (missing.length > 0) return missing;
  const { States, StartAt } = branch;
  if (!isObject(States) || Object.keys(States).length === 0) {
    return [schemaError("At least one state is required", `${path}/States`)];
  }
  const diagnostics: Diagnostic[] = [];
  const missingTargets: Diagnostic[] = [];
  if (typeof StartAt !== "string" || !Object.hasOwn(States, StartAt)) {
    diagnostics.push(missingTarget(`Missing 'Next' target: ${String(StartAt)}`, `${path}/StartAt`));
  }
  for (const [name, state] of Object.entries(States)) {
    const location = `${path}/States/${name}`;
    if (!isObject(state)) {
      diagnostics.push(schemaError("Value is not valid. Expected an object", location));
      continue;
    }
    diagnostics.push(...validateState(state, location, scope), ...validateNested(state, location, scope));
    missingTargets.push(...validateTargets(state, States, location));
  }
  if (diagnostics.length > 0) return [...diagnostics, ...missingTargets];
  const ends = Object.values(States).some((state) => isEnd(state as JsonObject));
  return [...missingTargets, ...(ends ? unreachable(States, StartAt as string, path) : [noEnd])];
}

const isEnd = ({ Type, End }: JsonObject): boolean => End === true || Type === "Succeed" || Type === "Fail";

const noEnd: Diagnostic = { severity: "ERROR", code: "MISSING_END_STATE", message: "Workflow has no terminal state" };

function validateNested(state: JsonObject, location: string, scope: Scope): Diagnostic[] {
  if (state.Type === "Map") {
    const field = "ItemProcessor" in state || !("Iterator" in state) ? "ItemProcessor" : "Iterator";
    const processor = state[field];
    if (processor === undefined) return [];
    const named = isObject(processor) && "QueryLanguage" in processor;
    const place = `${location}/${field}`;
    return [
      ...(named ? [schemaError("Field 'QueryLanguage' is not supported", place)] : []),
      ...validateBranch(processor, place, scope),
    ];
  }
  if (state.Type !== "Parallel" || !Array.isArray(state.Branches)) return [];
  return state.Branches.flatMap((branch, at) => validateBranch(branch, `${location}/Branches[${at}]`, scope));
}

/** States with a duplicate name: names are unique in the whole machine. */
function duplicates(branch: Json | undefined, path: string, seen: Set<string>): Diagnostic[] {
  if (!isObject(branch) || !isObject(branch.States)) return [];
  return Object.entries(branch.States).flatMap(([name, state]) => {
    const location = `${path}/States/${name}`;
    const message = `Duplicate State name: ${name}`;
    const own: Diagnostic[] = seen.has(name)
      ? [{ severity: "ERROR", code: "DUPLICATE_STATE_NAME", message, location }]
      : [];
    seen.add(name);
    if (!isObject(state)) return own;
    const branches = Array.isArray(state.Branches) ? (state.Branches as Json[]) : [];
    return [
      ...own,
      ...branches.flatMap((one, at) => duplicates(one, `${location}/Branches[${at}]`, seen)),
      ...["ItemProcessor", "Iterator"].flatMap((field) => duplicates(state[field], `${location}/${field}`, seen)),
    ];
  });
}

/** Every transition of a state, with its place in the definition. */
function targets(state: JsonObject): [target: Json, place: string][] {
  const lists = ["Choices", "Catch"].flatMap((field) => {
    const list = state[field];
    if (!Array.isArray(list)) return [];
    return (list as Json[]).map((rule, at): [Json | undefined, string] => [
      isObject(rule) ? rule.Next : undefined,
      `${field}[${at}]/Next`,
    ]);
  });
  const all: [Json | undefined, string][] = [[state.Next, "Next"], [state.Default, "Default"], ...lists];
  return all.filter((one): one is [Json, string] => one[0] !== undefined);
}

function validateTargets(state: JsonObject, states: JsonObject, location: string): Diagnostic[] {
  return targets(state)
    .filter(([target]) => typeof target !== "string" || !Object.hasOwn(states, target))
    .map(([target, place]) => missingTarget(`Missing 'Next' target: ${String(target)}`, `${location}/${place}`));
}

function unreachable(states: JsonObject, start: string, path: string): Diagnostic[] {
  const seen = new Set<string>([start]);
  for (const name of seen) {
    const state = states[name];
    if (isObject(state)) for (const [target] of targets(state)) seen.add(target as string);
  }
  return Object.keys(states)
    .filter((name) => !seen.has(name))
    .map((name) => missingTarget(`State "${name}" is not reachable.`, `${path}/States/${name}`));
}
