import type { Caller, EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { readParameterAs } from "../../ssm/read-parameters.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { splitAttribute } from "./read-yaml.ts";
import { attributeOf, SUB_VARIABLE } from "./references.ts";
import { isObject, type Template } from "./template.ts";

/** What a template's functions can look up. */
export interface Scope {
  readonly template: Template;
  /** Parameters' and pseudo parameters' values. */
  readonly values: ReadonlyMap<string, unknown>;
  /** An existing resource: its physical id and attributes. */
  resource(
    id: string,
  ): { readonly physicalId: string; readonly attributes: Readonly<Record<string, unknown>> } | undefined;
}

/** Ref of AWS::NoValue: removes its property or list entry. */
const NO_VALUE = Symbol("AWS::NoValue");

/** A value with its functions evaluated. @throws AwsError ValidationError */
export function resolve(value: unknown, scope: Scope): unknown {
  const found = evaluate(value, scope);
  return found === NO_VALUE ? undefined : found;
}

function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => evaluate(one, scope)).filter((one) => one !== NO_VALUE);
  if (!isObject(value)) return value;
  const [[key, inside] = []] = Object.entries(value);
  if (key !== undefined && Object.keys(value).length === 1) {
    if (key === "Ref") return reference(String(inside), scope);
    if (key.startsWith("Fn::")) return call(key, inside, scope);
  }
  const members = Object.entries(value).map(([name, one]) => [name, evaluate(one, scope)] as const);
  return Object.fromEntries(members.filter(([, one]) => one !== NO_VALUE));
}

function call(name: string, inside: unknown, scope: Scope): unknown {
  const list = (): unknown[] => listOf(name, evaluate(inside, scope));
  switch (name) {
    case "Fn::GetAtt":
      return attribute(
        attributeOf(inside).map((one) => String(evaluate(one, scope))),
        scope,
      );
    case "Fn::Sub":
      return substitute(inside, scope);
    case "Fn::Join": {
      const [delimiter, parts] = list();
      return listOf(name, parts).map(String).join(String(delimiter));
    }
    case "Fn::Split": {
      const [delimiter, text] = list();
      return String(text).split(String(delimiter));
    }
    case "Fn::Select": {
      const [index, from] = list();
      const chosen = listOf(name, from)[Number(index)];
      if (chosen !== undefined) return chosen;
      throw validationError(`Template error: Fn::Select cannot select nonexistent value at index ${index}`);
    }
    case "Fn::FindInMap": {
      const [map, top, second] = list().map(String);
      const found = scope.template.Mappings[map ?? ""]?.[top ?? ""]?.[second ?? ""];
      if (found !== undefined) return found;
      throw validationError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
    }
    case "Fn::Base64":
      return Buffer.from(String(evaluate(inside, scope))).toString("base64");
    case "Fn::If": {
      const [condition, then, otherwise] = listOf(name, inside);
      return evaluate(conditionHolds(String(condition), scope) ? then : otherwise, scope);
    }
    case "Fn::Equals":
    case "Fn::And":
    case "Fn::Or":
    case "Fn::Not":
      return holds({ [name]: inside }, scope);
    default:
      throw notBuilt(`the function ${name}`);
  }
}

function listOf(name: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw validationError(`Template error: ${name} object requires a list.`);
}

function reference(name: string, scope: Scope): unknown {
  if (name === "AWS::NoValue") return NO_VALUE;
  if (scope.values.has(name)) return scope.values.get(name);
  const resource = scope.resource(name);
  if (resource) return resource.physicalId;
  throw validationError(`Template error: instance of Ref references ${name}, which is not created`);
}

function attribute([id = "", name = ""]: string[], scope: Scope): unknown {
  const found = scope.resource(id)?.attributes[name];
  if (found !== undefined) return found;
  const type = scope.template.Resources[id]?.Type;
  throw validationError(
    `Template error: resource ${id} (${type}) does not support attribute type ${name} in Fn::GetAtt`,
  );
}

function substitute(inside: unknown, scope: Scope): string {
  const [text, given] = Array.isArray(inside) ? inside : [inside];
  const own = isObject(given) ? given : {};
  const one = (variable: string): unknown => {
    if (Object.hasOwn(own, variable)) return evaluate(own[variable], scope);
    return variable.includes(".") ? attribute(splitAttribute(variable), scope) : reference(variable, scope);
  };
  return String(text)
    .replace(SUB_VARIABLE, (_, variable: string) => String(one(variable.trim())))
    .replaceAll("${!", "${");
}

/** Whether a condition of the template is true. */
export function conditionHolds(name: string, scope: Scope): boolean {
  const declared = scope.template.Conditions[name];
  if (declared === undefined) throw validationError(`Template error: unresolved condition dependency ${name}`);
  return holds(declared, scope);
}

function holds(condition: unknown, scope: Scope): boolean {
  const [[key, inside] = []] = isObject(condition) ? Object.entries(condition) : [];
  switch (key) {
    case "Condition":
      return conditionHolds(String(inside), scope);
    case "Fn::Equals": {
      const [one, other] = listOf(key, evaluate(inside, scope));
      return JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
    }
    case "Fn::And":
      return listOf(key, inside).every((one) => holds(one, scope));
    case "Fn::Or":
      return listOf(key, inside).some((one) => holds(one, scope));
    case "Fn::Not":
      return !listOf(key, inside).some((one) => holds(one, scope));
    default:
      throw validationError(
        "Template error: every Conditions member must be a condition function or another condition",
      );
  }
}

/** Numbers and booleans are compared as strings, which is how parameters pass them. */
const comparable = (value: unknown): unknown => (typeof value === "object" ? value : String(value));

const REFERENCE = /\{\{resolve:([a-z-]+):([^{}]*)\}\}/g;

/**
 * Properties with `{{resolve:ssm:name:version}}` resolved. Only parameters of the stack's own account and region can be
 * referenced, not a shared one's ARN (Systems Manager user guide, "Working with shared parameters").
 * @throws AwsError ValidationError, NotImplemented for secrets
 */
export async function fillDynamicReferences(aws: EmbeddedAws, caller: Caller, value: unknown): Promise<unknown> {
  if (typeof value === "string") return fill(aws, caller, value);
  if (Array.isArray(value)) return Promise.all(value.map((one) => fillDynamicReferences(aws, caller, one)));
  if (!isObject(value)) return value;
  const members: [string, unknown][] = [];
  for (const [key, one] of Object.entries(value)) members.push([key, await fillDynamicReferences(aws, caller, one)]);
  return Object.fromEntries(members);
}

async function fill(aws: EmbeddedAws, caller: Caller, text: string): Promise<string> {
  let filled = text;
  for (const [whole, service, reference = ""] of text.matchAll(REFERENCE)) {
    if (service !== "ssm") throw notBuilt(`the dynamic reference ${whole}`);
    if (reference.startsWith("arn:")) {
      throw validationError(`Incorrect format is used in the following SSM reference: [${reference}]`);
    }
    const { value } = await readParameterAs(aws, caller, reference);
    filled = filled.replace(whole, () => value);
  }
  return filled;
}
