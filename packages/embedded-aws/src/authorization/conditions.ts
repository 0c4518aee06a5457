import { BlockList, isIP } from "node:net";
import { AwsError } from "../engine/operation.ts";
import { type Context, matchesArn, matchesPattern, substituteVariables } from "./match-pattern.ts";

/** Condition operator -> condition key -> values, as the policy writes them. */
export type Conditions = readonly {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}[];

/** `negated` operators hold if no value of the policy matches, or if the request does not have the key. */
interface ConditionOperator {
  readonly matches: (wanted: string, found: string) => boolean;
  readonly negated: boolean;
}

const is = (matches: ConditionOperator["matches"]): ConditionOperator => ({ matches, negated: false });

const isNot = (matches: ConditionOperator["matches"]): ConditionOperator => ({ matches, negated: true });

const equals = (wanted: string, found: string): boolean => wanted === found;

const equalsIgnoreCase = (wanted: string, found: string): boolean => wanted.toLowerCase() === found.toLowerCase();

const numbers =
  (holds: (found: number, wanted: number) => boolean) =>
  (wanted: string, found: string): boolean => {
    const [a, b] = [Number(found), Number(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && holds(a, b);
  };

/** ISO 8601, or seconds since the epoch. */
const time = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const dates =
  (holds: (found: number, wanted: number) => boolean) =>
  (wanted: string, found: string): boolean => {
    const [a, b] = [time(found), time(wanted)];
    return !Number.isNaN(a) && !Number.isNaN(b) && holds(a, b);
  };

function inNetwork(wanted: string, found: string): boolean {
  const [network = "", prefix] = wanted.split("/");
  const kind = isIP(network);
  if (!kind || isIP(found) !== kind) return false;
  const family = kind === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, prefix === undefined ? (kind === 4 ? 32 : 128) : Number(prefix), family);
  return list.check(found, family);
}

const lessThan = (found: number, wanted: number): boolean => found < wanted;

const atMost = (found: number, wanted: number): boolean => found <= wanted;

const greaterThan = (found: number, wanted: number): boolean => found > wanted;

const atLeast = (found: number, wanted: number): boolean => found >= wanted;

const same = (found: number, wanted: number): boolean => found === wanted;

const OPERATORS: Readonly<Record<string, ConditionOperator>> = {
  StringEquals: is(equals),
  StringNotEquals: isNot(equals),
  StringEqualsIgnoreCase: is(equalsIgnoreCase),
  StringNotEqualsIgnoreCase: isNot(equalsIgnoreCase),
  StringLike: is(matchesPattern),
  StringNotLike: isNot(matchesPattern),
  // IAM treats ArnEquals as ArnLike.
  ArnEquals: is(matchesArn),
  ArnNotEquals: isNot(matchesArn),
  ArnLike: is(matchesArn),
  ArnNotLike: isNot(matchesArn),
  Bool: is(equalsIgnoreCase),
  BinaryEquals: is(equals),
  NumericEquals: is(numbers(same)),
  NumericNotEquals: isNot(numbers(same)),
  NumericLessThan: is(numbers(lessThan)),
  NumericLessThanEquals: is(numbers(atMost)),
  NumericGreaterThan: is(numbers(greaterThan)),
  NumericGreaterThanEquals: is(numbers(atLeast)),
  DateEquals: is(dates(same)),
  DateNotEquals: isNot(dates(same)),
  DateLessThan: is(dates(lessThan)),
  DateLessThanEquals: is(dates(atMost)),
  DateGreaterThan: is(dates(greaterThan)),
  DateGreaterThanEquals: is(dates(atLeast)),
  IpAddress: is(inNetwork),
  NotIpAddress: isNot(inNetwork),
};

/** An operator as a policy writes it: `ForAnyValue:StringLike`, `StringEqualsIfExists`, `Null`. */
interface ParsedOperator {
  readonly set: "ForAnyValue" | "ForAllValues" | undefined;
  readonly ifExists: boolean;
  /** `Null` only checks whether the key is present. */
  readonly compare: ConditionOperator | "Null";
}

/** Undefined for an operator that IAM does not have. */
function parseOperator(operator: string): ParsedOperator | undefined {
  const parts = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/.exec(operator);
  const name = parts?.[2] ?? "";
  const ifExists = parts?.[3] !== undefined;
  const compare = name === "Null" && !ifExists ? "Null" : Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!compare) return undefined;
  return { set: parts?.[1] as ParsedOperator["set"], ifExists, compare };
}

export const isConditionOperator = (operator: string): boolean => parseOperator(operator) !== undefined;

/** Whether a request meets every condition of a statement (IAM User Guide, "Condition operators"). */
export const conditionsHold = (conditions: Conditions, context: Context): boolean =>
  conditions.every((condition) => holds(condition, context));

function holds({ operator, key, values }: Conditions[number], context: Context): boolean {
  const parsed = parseOperator(operator);
  if (!parsed) throw new AwsError("MalformedPolicyDocument", `Invalid Condition type : ${operator}.`, { status: 400 });
  const { set, ifExists, compare } = parsed;
  // An empty list counts as a missing key, for example `aws:TagKeys` of a DeleteTags without tags.
  const given = context.get(key.toLowerCase());
  const found = given?.length === 0 ? undefined : given;
  if (compare === "Null") return values.some((value) => (value.toLowerCase() === "true") === (found === undefined));
  if (found === undefined) return ifExists || set === "ForAllValues" || (set === undefined && compare.negated);
  const wanted = values.flatMap((value) => substituteVariables(value, context) ?? []);
  const one = (value: string): boolean => wanted.some((want) => compare.matches(want, value)) !== compare.negated;
  if (set === "ForAllValues") return found.every(one);
  if (set === "ForAnyValue") return found.some(one);
  // Without a set operator, several values of a negated comparison must all differ.
  return compare.negated ? found.every(one) : found.some(one);
}
