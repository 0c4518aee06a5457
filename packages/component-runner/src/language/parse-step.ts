import { ACTIONS, actionsOn, type ToePlatform } from "./actions.ts";
import { checkComparison } from "./check-comparison.ts";
import { checkInputs } from "./check-inputs.ts";
import { BRANCHES, type Branch, FAILURE_MODES, type ToeCondition, type ToeStep } from "./document.ts";
import { type DocumentPath, type DocumentReader, isMapping } from "./document-reader.ts";
import { parseLoop } from "./parse-loop.ts";
import { StepReader } from "./step-reader.ts";

export const STEP_NAME = /^[0-9a-zA-Z_-]+$/;

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
] as const;

/** Parses the step at `path`, and reports what AWSTOE's validation would refuse. */
export function parseStep(
  reader: DocumentReader,
  path: DocumentPath,
  phase: string,
  platform: ToePlatform,
): ToeStep | undefined {
  const found = reader.mapping(path, `Each step of phase '${phase}'`);
  if (!found) return undefined;
  const isKnown = reader.onlyKeys(path, FIELDS);
  const name = String(found.name ?? "");
  if (!STEP_NAME.test(name)) {
    reader.fault(
      [...path, "name"],
      `Invalid step name '${name}' in phase '${phase}'. Allowed characters are combinations of numbers [0-9], english letters [a-z,A-Z] and special characters [-_].`,
    );
  }
  const step = new StepReader(reader, path, name, phase);
  const action = String(found.action ?? "");
  if (!ACTIONS[action]?.platforms.includes(platform)) {
    const message = `Unsupported action ${action} for os platform ${platform.toLowerCase()}.`;
    step.fault(["action"], message, { found: action, valid: actionsOn(platform) });
  } else if (isKnown || found.inputs !== undefined) {
    // An unknown field may be misspelled `inputs`.
    checkInputs(step, action, platform);
  }
  const { timeoutSeconds, maxAttempts } = parseLimits(step, found, action);
  const onFailure = (found.onFailure ?? "Abort") as ToeStep["onFailure"];
  if (!FAILURE_MODES.includes(onFailure)) {
    const message = `Invalid onFailure '${onFailure}'; use one of ${FAILURE_MODES.join(", ")}.`;
    step.fault(["onFailure"], message, { found: String(onFailure), valid: FAILURE_MODES });
  }
  const { disableLogging = false } = found;
  if (typeof disableLogging !== "boolean") step.fault(["disableLogging"], "'disableLogging' must be true or false.");
  return {
    name,
    action,
    timeoutSeconds,
    onFailure,
    maxAttempts,
    inputs: found.inputs,
    loop: parseLoop(step),
    condition: parseCondition(step),
    disableLogging: disableLogging === true,
    line: reader.placeOf(path).line,
  };
}

function parseLimits(step: StepReader, found: Record<string, unknown>, action: string) {
  const unlimitedOnce = ACTIONS[action]?.unlimitedOnce;
  const timeoutSeconds = Number(found.timeoutSeconds ?? (unlimitedOnce ? -1 : DEFAULT_TIMEOUT_SECONDS));
  if (!Number.isInteger(timeoutSeconds) || (timeoutSeconds < 1 && timeoutSeconds !== -1)) {
    step.fault(
      ["timeoutSeconds"],
      `Invalid timeoutSeconds '${found.timeoutSeconds}'; use a positive integer, or -1 for none.`,
    );
  } else if (unlimitedOnce && timeoutSeconds !== -1) {
    step.fault(["timeoutSeconds"], `Action ${action} has no time limit: leave out timeoutSeconds, or set it to -1.`);
  }
  const maxAttempts = Number(found.maxAttempts ?? 1);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
    step.fault(["maxAttempts"], `Invalid maxAttempts '${found.maxAttempts}'; use a positive integer.`);
  } else if (unlimitedOnce && maxAttempts !== 1) {
    step.fault(["maxAttempts"], `Action ${action} runs once: leave out maxAttempts, or set it to 1.`);
  }
  return { timeoutSeconds, maxAttempts };
}

/** `if`: one comparison or logical operator, and what to do in each case (Execute and Skip by default). */
function parseCondition(step: StepReader): ToeCondition | undefined {
  const given = step.at(["if"]);
  if (given === undefined || given === null) return undefined;
  const isList = Array.isArray(given) && given.length === 1;
  const path = isList ? ["if", 0] : ["if"];
  if (isList)
    step.warn(path, "AWSTOE's guide shows 'if' with a list in its syntax and with a mapping in its examples.");
  const condition = step.at(path);
  if (!isMapping(condition)) {
    step.fault(path, "An 'if' must be a mapping.");
    return undefined;
  }
  const { then: whenTrue = "Execute", else: whenFalse = "Skip", ...test } = condition;
  for (const [key, branch] of [["then", whenTrue] as const, ["else", whenFalse] as const]) {
    if (BRANCHES.includes(branch as Branch)) continue;
    const message = `'${branch}' is not a valid branch of 'if'; use one of ${BRANCHES.join(", ")}.`;
    step.fault([...path, key], message, { found: String(branch), valid: BRANCHES });
  }
  checkComparison(step, path, ["then", "else"]);
  return { test, whenTrue: whenTrue as Branch, whenFalse: whenFalse as Branch };
}
