import { ACTIONS, type ActionModule, type Input, type ToePlatform } from "./actions.ts";
import { checkComparison } from "./check-comparison.ts";
import { isMapping } from "./document-reader.ts";
import { checkPowerShell } from "./powershell.ts";
import { REFERENCE } from "./reference.ts";
import type { StepReader } from "./step-reader.ts";

/** Checks a step's inputs against its action module. */
export function checkInputs(step: StepReader, action: string, platform: ToePlatform): void {
  const module = ACTIONS[action];
  const inputs = step.at(["inputs"]);
  const isEmpty = inputs === undefined || inputs === null || (Array.isArray(inputs) && inputs.length === 0);
  if (!module || (isEmpty && module.withoutInputs)) return;
  if (isEmpty) {
    step.fault(["inputs"], `Action ${action} has no inputs; it requires an 'inputs'`);
  } else if (module.form === "comparison") {
    checkComparison(step, ["inputs"]);
  } else if (module.form === "mapping") {
    if (isMapping(inputs)) {
      checkEntry(step, ["inputs"], action, module, platform);
      if (action === "ExecutePowerShell" && step.checksScripts) checkCommands(step, inputs.commands);
    } else step.fault(["inputs"], `The inputs of action ${action} must be a mapping.`);
  } else if (Array.isArray(inputs)) {
    for (const [index, entry] of inputs.entries()) {
      const path = ["inputs", index];
      if (isMapping(entry)) checkEntry(step, path, action, module, platform);
      else step.fault(path, `The inputs of action ${action} must be mappings.`);
    }
  } else {
    step.fault(["inputs"], `The inputs of action ${action} must be a list.`);
  }
}

/** Checks all commands as one script. A reference's value is not known; it is valid wherever a word is. */
function checkCommands(step: StepReader, commands: unknown): void {
  if (!Array.isArray(commands) || !commands.every(isScalar)) return;
  const texts = commands.map((one) => String(one).replace(REFERENCE, (written) => "x".repeat(written.length)));
  const fault = checkPowerShell(texts.join("\n"));
  if (!fault) return;
  let { offset } = fault;
  let nth = 0;
  for (; offset > (texts[nth]?.length ?? offset); nth++) offset -= (texts[nth]?.length ?? 0) + 1;
  step.faultAt(step.placeIn(["inputs", "commands", nth], offset), `PowerShell: ${fault.message}`);
}

type Path = readonly (string | number)[];

function checkEntry(step: StepReader, path: Path, action: string, module: ActionModule, platform: ToePlatform): void {
  const entry = step.at(path) as Record<string, unknown>;
  const has = (name: string): boolean => entry[name] !== undefined && entry[name] !== null;
  // It is not documented whether AWSTOE ignores or refuses an unknown input.
  step.onlyKeys(path, Object.keys(module.inputs), "warning");
  for (const [name, input] of Object.entries(module.inputs)) {
    if (has(name)) checkInput(step, [...path, name], action, name, input, platform);
    else if (input.required) step.fault(path, `Action ${action} requires the input '${name}'.`);
  }
  const { oneOf, together } = module;
  if (oneOf && oneOf.filter(has).length !== 1) {
    step.fault(path, `Action ${action} requires exactly one of the inputs ${inWords(oneOf)}.`);
  }
  if (together?.some(has) && !together.every(has)) {
    step.fault(path, `Action ${action} takes the inputs ${inWords(together)} only together.`);
  }
}

const inWords = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(" and ");

/** Its value is not known before the step runs. */
const isReference = (value: unknown): boolean => typeof value === "string" && value.includes("{{");
const isScalar = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);

function checkInput(
  step: StepReader,
  path: Path,
  action: string,
  name: string,
  { type, values, notOn }: Input,
  platform: ToePlatform,
): void {
  const value = step.at(path);
  const fault = (must: string): void => step.fault(path, `The input '${name}' of action ${action} must be ${must}.`);
  if (notOn === platform) step.fault(path, `Action ${action} does not support the input '${name}' on ${platform}.`);
  switch (type) {
    case "text":
      if (!isScalar(value)) fault("text");
      else if (typeof value === "number") {
        step.warn(path, `YAML reads the input '${name}' as a number: ${value}. Quote it to keep it as it is written.`);
      }
      break;
    case "flag":
      if (typeof value !== "boolean" && value !== "true" && value !== "false" && !isReference(value)) {
        fault("true or false");
      }
      break;
    case "integer":
      if (!/^\d+$/.test(String(value)) && !isReference(value)) fault("a whole number from 0");
      break;
    case "texts":
      checkTexts(step, path, action, name);
      break;
    case "scalar or list":
      if (!isScalar(value) && !Array.isArray(value)) fault("text, a number or a list");
      break;
    case "properties":
      if (!isMapping(value) || !Object.values(value).every(isScalar)) fault("a mapping of names to texts");
      break;
    case "parameters":
      checkParameters(step, path, action, name);
      break;
  }
  if (values && isScalar(value) && !isReference(value)) {
    const found = String(value);
    if (!values.some((one) => one.toLowerCase() === found.toLowerCase())) {
      const message = `The input '${name}' of action ${action} cannot be '${found}'; use one of ${values.join(", ")}.`;
      step.fault(path, message, { found, valid: values });
    }
  }
}

function checkTexts(step: StepReader, path: Path, action: string, name: string): void {
  const list = step.at(path);
  if (!Array.isArray(list)) {
    step.fault(path, `The input '${name}' of action ${action} must be a list.`);
    return;
  }
  if (list.length === 0) step.fault(path, `The input '${name}' of action ${action} must not be empty.`);
  for (const [index, entry] of list.entries()) {
    if (isScalar(entry)) continue;
    const why = isMapping(entry) ? " YAML reads text with ': ' as a mapping; quote it, or begin it with |." : "";
    step.fault([...path, index], `The input '${name}' of action ${action} must be a list of texts.${why}`);
  }
}

/** For a nested document. */
function checkParameters(step: StepReader, path: Path, action: string, name: string): void {
  const list = step.at(path);
  const isPair = (one: unknown): boolean => isMapping(one) && isScalar(one.name) && isScalar(one.value);
  if (!Array.isArray(list) || !list.every(isPair)) {
    step.fault(path, `The input '${name}' of action ${action} must be a list of mappings with 'name' and 'value'.`);
  }
}
