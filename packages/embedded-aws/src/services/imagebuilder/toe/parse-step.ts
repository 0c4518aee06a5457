import { ACTIONS, actionsOn, needsNoInputs, type ToePlatform } from "./actions.ts";
import { checkComparison } from "./check-comparison.ts";
import {
  BRANCHES,
  type Branch,
  FAILURE_MODES,
  type PhaseName,
  type ToeCondition,
  type ToeLoop,
  type ToeStep,
  type UnknownWord,
} from "./document.ts";
import type { DocumentPath, DocumentReader } from "./document-reader.ts";

const STEP_NAME = /^[0-9a-zA-Z_-]+$/;

const DEFAULT_TIMEOUT_SECONDS = 7200;

const FIELDS = [
  "name",
  "action",
  "timeoutSeconds",
  "onFailure",
  "maxAttempts",
  "inputs",
  "loop",
  "if",
  "disableLogging",
];

/** Reads the step at `path`; refuses as AWSTOE's validation does, with the line. */
export function parseStep(
  reader: DocumentReader,
  path: DocumentPath,
  phase: PhaseName,
  platform: ToePlatform,
): ToeStep {
  const step = reader.mapping(path, `Each step of phase '${phase}'`);
  reader.onlyKeys(path, FIELDS);
  const name = String(step.name ?? "");
  if (!STEP_NAME.test(name)) {
    reader.refuse(
      [...path, "name"],
      `Invalid step name '${name}' in phase '${phase}'. Allowed characters are combinations of numbers [0-9], english letters [a-z,A-Z] and special characters [-_].`,
    );
  }
  const refuse = (field: string, why: string, unknown?: UnknownWord): never =>
    reader.refuse([...path, field], `Parsing step '${name}' in phase '${phase}' failed. Error: ${why}`, unknown);
  const action = String(step.action ?? "");
  const module = ACTIONS[action];
  if (!module?.platforms.includes(platform)) {
    const unknown = { found: action, valid: actionsOn(platform) };
    return refuse("action", `Unsupported action ${action} for os platform ${platform.toLowerCase()}.`, unknown);
  }
  const timeoutSeconds = Number(step.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
  if (!Number.isInteger(timeoutSeconds) || (timeoutSeconds < 1 && timeoutSeconds !== -1)) {
    refuse(
      "timeoutSeconds",
      `Invalid timeoutSeconds '${step.timeoutSeconds}'; use a positive integer, or -1 for none.`,
    );
  }
  const onFailure = (step.onFailure ?? "Abort") as ToeStep["onFailure"];
  if (!FAILURE_MODES.includes(onFailure)) {
    refuse("onFailure", `Invalid onFailure '${onFailure}'; use one of ${FAILURE_MODES.join(", ")}.`);
  }
  const maxAttempts = Number(step.maxAttempts ?? 1);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
    refuse("maxAttempts", `Invalid maxAttempts '${step.maxAttempts}'; use a positive integer.`);
  }
  checkInputs(action, step.inputs, (why) => refuse("inputs", why));
  return {
    name,
    action,
    timeoutSeconds,
    onFailure,
    maxAttempts,
    inputs: step.inputs,
    loop: parseLoop(step.loop, (why) => refuse("loop", why)),
    condition: parseCondition(step.if, (why) => refuse("if", why)),
    disableLogging: step.disableLogging === true,
    line: reader.line(path),
  };
}

function checkInputs(action: string, inputs: unknown, refuse: (why: string) => never): void {
  const empty = inputs === undefined || inputs === null || (Array.isArray(inputs) && inputs.length === 0);
  if (empty && needsNoInputs(action)) return;
  if (empty) refuse(`Action ${action} has no inputs; it requires an 'inputs'`);
  const module = ACTIONS[action];
  if (module?.form === "list" && !Array.isArray(inputs)) refuse(`The inputs of action ${action} must be a list.`);
  if (module?.form === "mapping" && Array.isArray(inputs)) refuse(`The inputs of action ${action} must be a mapping.`);
  const entries: unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  for (const entry of entries) {
    if (entry === null || typeof entry !== "object") refuse(`The inputs of action ${action} must be mappings.`);
    const lacking = module?.required.find((key) => (entry as Record<string, unknown>)[key] === undefined);
    if (lacking) refuse(`Action ${action} requires the input '${lacking}'.`);
  }
  if (action === "ExecuteBash" && !Array.isArray((inputs as { commands: unknown }).commands)) {
    refuse("The input 'commands' of action ExecuteBash must be a list.");
  }
}

/** `if`: one comparison or logical operator, and what to do either way (Execute, else Skip, where nothing is said). */
function parseCondition(condition: unknown, refuse: (why: string) => never): ToeCondition | undefined {
  if (condition === undefined || condition === null) return undefined;
  if (typeof condition !== "object") refuse("An 'if' must be a mapping.");
  const { then = "Execute", else: otherwise = "Skip", ...test } = condition as Record<string, unknown>;
  for (const branch of [then, otherwise]) {
    if (!BRANCHES.includes(branch as Branch)) {
      refuse(`'${branch}' is not a valid branch of 'if'; use one of ${BRANCHES.join(", ")}.`);
    }
  }
  checkComparison(test, refuse);
  return { test, whenTrue: then as Branch, whenFalse: otherwise as Branch };
}

/** `for` counts, `forEach` walks a list or a delimited string; the loop may have a name for its variables. */
function parseLoop(loop: unknown, refuse: (why: string) => never): ToeLoop | undefined {
  if (loop === undefined || loop === null) return undefined;
  if (typeof loop !== "object") refuse("A loop must be a mapping.");
  const { name: given, for: counted, forEach: each } = loop as Record<string, unknown>;
  if ((counted === undefined) === (each === undefined)) refuse("A loop must have exactly one of 'for' and 'forEach'.");
  const name = String(given ?? "loop");
  if (counted !== undefined) {
    const { start, end, updateBy } = (counted ?? {}) as Record<string, unknown>;
    for (const [key, value] of Object.entries({ start, end, updateBy })) {
      if (value === undefined) refuse(`The loop's 'for' requires '${key}'.`);
    }
    return { kind: "for", name, start: String(start), end: String(end), updateBy: String(updateBy) };
  }
  if (Array.isArray(each)) return { kind: "list", name, values: each.map(String) };
  const { list, delimiter = "," } = (each ?? {}) as Record<string, unknown>;
  if (typeof list !== "string" || typeof delimiter !== "string") {
    refuse("The loop's 'forEach' must be a list, or have a 'list' as text.");
  }
  return { kind: "delimited", name, list: String(list), delimiter: String(delimiter) };
}
