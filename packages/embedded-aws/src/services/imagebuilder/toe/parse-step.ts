import { ACTIONS, needsNoInputs, type ToePlatform } from "./actions.ts";
import { FAILURE_MODES, type PhaseName, type ToeStep } from "./document.ts";
import type { DocumentPath, DocumentReader } from "./document-reader.ts";
import { parseCondition } from "./parse-condition.ts";
import { parseLoop } from "./parse-loop.ts";

const STEP_NAME = /^[0-9a-zA-Z_-]+$/;
const DEFAULT_TIMEOUT_SECONDS = 7200;
const FIELDS = ["name", "action", "timeoutSeconds", "onFailure", "maxAttempts", "inputs", "loop", "if"];

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
  const refuse = (field: string, why: string): never =>
    reader.refuse([...path, field], `Parsing step '${name}' in phase '${phase}' failed. Error: ${why}`);
  const action = String(step.action ?? "");
  const module = ACTIONS[action];
  if (!module?.platforms.includes(platform)) {
    return refuse("action", `Unsupported action ${action} for os platform ${platform.toLowerCase()}.`);
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
