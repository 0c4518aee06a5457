import type { Target } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../engine/operation.ts";
import { type BusEvent, toTheSecond } from "./event.ts";
import type { Rule } from "./state.ts";

/** What a target receives of an event: the event, a constant, a part, or a template filled with its parts. */
export function targetInput(rule: Rule, target: Target, event: BusEvent, acceptedAt: number): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readPath(event, target.InputPath) ?? null);
  if (target.InputTransformer) {
    const { InputPathsMap = {}, InputTemplate = "" } = target.InputTransformer;
    const variables = new Map<string, unknown>(predefined(rule, event, acceptedAt));
    for (const [name, path] of Object.entries(InputPathsMap)) variables.set(name, readPath(event, path));
    return fillTemplate(InputTemplate, variables);
  }
  return JSON.stringify(event);
}

/** EventBridge user guide, "Input transformation": reserved variables without a path. */
function predefined(rule: Rule, event: BusEvent, acceptedAt: number): [string, unknown][] {
  const { detail: _, ...withoutDetail } = event;
  return [
    ["aws.events.rule-arn", rule.arn],
    ["aws.events.rule-name", rule.name],
    ["aws.events.event.ingestion-time", toTheSecond(acceptedAt)],
    ["aws.events.event", withoutDetail],
    ["aws.events.event.json", event],
  ];
}

/** A variable of a template: `<name>`. */
const VARIABLE = /^<([A-Za-z0-9_.-]+)>/;

/** The names in a template, for validation in PutTargets. */
export function templateVariables(template: string): string[] {
  return [...template.matchAll(/<([A-Za-z0-9_.-]+)>/g)].map((match) => match[1] ?? "");
}

/**
 * Fills an input template. Inside a quoted string, text is inserted unchanged (EventBridge does not escape it) and an
 * object loses its quotes; outside, text is quoted and an object stays JSON. A variable without a value becomes an
 * empty string. Source: EventBridge user guide, "Common issues with transforming input".
 */
function fillTemplate(template: string, variables: ReadonlyMap<string, unknown>): string {
  let filled = "";
  let quoted = false;
  for (let at = 0; at < template.length; at++) {
    const character = template[at]!;
    const name = character === "<" ? VARIABLE.exec(template.slice(at))?.[1] : undefined;
    if (name !== undefined && variables.has(name)) {
      filled += quoted ? insideString(variables.get(name)) : asJson(variables.get(name));
      at += name.length + 1;
      continue;
    }
    if (character === "\\" && quoted) {
      filled += character + (template[++at] ?? "");
      continue;
    }
    if (character === '"') quoted = !quoted;
    filled += character;
  }
  return filled;
}

const asJson = (value: unknown): string => JSON.stringify(value ?? "");

function insideString(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
}

type Step = string | number | "*";

/**
 * Evaluates a JSON path with the features of EventBridge's input paths: dots, dashes, indices and `*`.
 * Undefined if nothing matches; with `*` a list of all matches.
 */
function readPath(event: unknown, path: string): unknown {
  let found: unknown[] = [event];
  const steps = parsePath(path);
  for (const step of steps) found = found.flatMap((value) => children(value, step));
  return steps.includes("*") ? found : found[0];
}

/** Refuses a path that EventBridge cannot parse. */
export function parsePath(path: string): Step[] {
  if (!/^\$(?:\.(?:[\w/-]+|\*)|\[(?:\d+|\*|'[^']+'|"[^"]+")\])*$/.test(path)) {
    throw new AwsError("ValidationException", `Parameter InputPath is not valid. Reason: ${path} is not a JSON path.`);
  }
  const steps = path.matchAll(/\.([\w/-]+|\*)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]|\["([^"]+)"\]/g);
  return [...steps].map(([, name, index, all, single, double]) =>
    index !== undefined ? Number(index) : (name ?? all ?? single ?? double ?? ""),
  );
}

function children(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value);
  if (!Object.hasOwn(value, step)) return [];
  return [(value as Record<string | number, unknown>)[step]];
}
