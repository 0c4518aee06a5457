import { AwsError } from "../engine/operation.ts";
import { type Conditions, isConditionOperator } from "./conditions.ts";

/** Actions or resources: those listed, or all except those listed (`NotAction`). */
export interface Selection {
  readonly patterns: readonly string[];
  readonly negated: boolean;
}

export interface PrincipalSelection {
  /** `*`, account ids and ARNs. */
  readonly aws: readonly string[];
  /** `events.amazonaws.com` */
  readonly services: readonly string[];
  readonly negated: boolean;
}

export interface Statement {
  /** Position in the document, from 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly actions: Selection;
  readonly resources: Selection | undefined;
  readonly principals: PrincipalSelection | undefined;
  readonly conditions: Conditions;
}

type Json = Readonly<Record<string, unknown>>;

const ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
]);

/** Reads a policy's JSON. Throws AWS's MalformedPolicyDocument, naming the statement and what is wrong in it. */
export function parsePolicy(text: string): readonly Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw malformed("Syntax errors in policy: it is not JSON.", cause);
  }
  if (!isObject(document)) throw malformed("Syntax errors in policy: it is not a JSON object.");
  const { Statement } = document;
  if (Statement === undefined) throw malformed("Missing required field Statement.");
  return (Array.isArray(Statement) ? Statement : [Statement]).map(parseStatement);
}

function parseStatement(json: unknown, index: number): Statement {
  if (!isObject(json)) throw malformed(`Statement ${index} is not an object.`);
  const unknown = Object.keys(json).filter((element) => !ELEMENTS.has(element));
  if (unknown.length) throw malformed(`Statement ${index} has unknown elements: ${unknown.join(", ")}.`);
  const { Effect } = json;
  if (Effect !== "Allow" && Effect !== "Deny") {
    throw malformed(`Statement ${index}: Effect is ${JSON.stringify(Effect)}; valid are Allow and Deny.`);
  }
  const actions = selection(json, "Action", index);
  if (!actions) throw malformed(`Statement ${index}: Policy statement must contain actions.`);
  return {
    index,
    sid: typeof json.Sid === "string" ? json.Sid : undefined,
    effect: Effect,
    actions,
    resources: selection(json, "Resource", index),
    principals: principals(json, index),
    conditions: conditions(json.Condition, index),
  };
}

function selection(json: Json, element: "Action" | "Resource", index: number): Selection | undefined {
  const listed = json[element];
  const excluded = json[`Not${element}`];
  if (listed !== undefined && excluded !== undefined) {
    throw malformed(`Statement ${index} has both ${element} and Not${element}.`);
  }
  const patterns = listed ?? excluded;
  if (patterns === undefined) return undefined;
  return { patterns: strings(patterns, `Statement ${index}: ${element}`), negated: excluded !== undefined };
}

function principals(json: Json, index: number): PrincipalSelection | undefined {
  const element = json.Principal ?? json.NotPrincipal;
  if (element === undefined) return undefined;
  const negated = json.NotPrincipal !== undefined;
  if (element === "*") return { aws: ["*"], services: [], negated };
  if (!isObject(element)) throw malformed(`Statement ${index}: Principal is neither "*" nor an object.`);
  const unknown = Object.keys(element).filter((kind) => kind !== "AWS" && kind !== "Service");
  if (unknown.length) throw malformed(`Statement ${index}: Principal of kind ${unknown.join(", ")} is not known here.`);
  return {
    aws: strings(element.AWS ?? [], `Statement ${index}: Principal AWS`),
    services: strings(element.Service ?? [], `Statement ${index}: Principal Service`),
    negated,
  };
}

function conditions(json: unknown, index: number): Conditions {
  if (json === undefined) return [];
  if (!isObject(json)) throw malformed(`Statement ${index}: Condition is not an object.`);
  return Object.entries(json).flatMap(([operator, keys]) => {
    if (!isConditionOperator(operator)) throw malformed(`Statement ${index}: Invalid Condition type : ${operator}.`);
    if (!isObject(keys)) throw malformed(`Statement ${index}: Condition ${operator} is not an object.`);
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: strings(values, `Statement ${index}: Condition ${operator} ${key}`),
    }));
  });
}

/** One value or a list; AWS converts numbers and booleans to strings. */
function strings(value: unknown, where: string): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    if (typeof one === "string") return one;
    if (typeof one === "number" || typeof one === "boolean") return String(one);
    throw malformed(`${where} must be strings, found ${JSON.stringify(one)}.`);
  });
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const malformed = (message: string, cause?: unknown): AwsError =>
  new AwsError("MalformedPolicyDocument", message, { status: 400, cause });
