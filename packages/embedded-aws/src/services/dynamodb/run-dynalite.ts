import { AwsError, type Call } from "../../engine/operation.ts";
import { actOn, type DynaliteRefusal, isRefusal } from "./dynalite.ts";
import { dynamoOf } from "./state.ts";

/** The location of a call's tables. */
export type Place = Pick<Call, "aws" | "account" | "region">;

/** Runs an operation in dynalite with SDK-shaped input; fails as DynamoDB does. */
export async function runDynalite<Output>(place: Place, operation: string, input: object): Promise<Output> {
  const { aws, account, region } = place;
  const { store } = dynamoOf(aws, account, region);
  try {
    const data = toJson(input) as Record<string, unknown>;
    return fromJson(await aws.clock.hold(actOn(store, operation, data))) as Output;
  } catch (cause) {
    throw isRefusal(cause) ? refusal(cause) : cause;
  }
}

function refusal({ statusCode, body }: DynaliteRefusal): AwsError {
  const code = body.__type.slice(body.__type.indexOf("#") + 1);
  return new AwsError(code, body.message ?? body.Message ?? "", { status: statusCode });
}

/** Runs writes of one store sequentially. */
export function inTurn<T>({ aws, account, region }: Place, write: () => Promise<T>): Promise<T> {
  const state = dynamoOf(aws, account, region);
  const mine = state.writing.then(write, write);
  state.writing = mine.catch(() => undefined);
  return mine;
}

/** A deep copy as plain JSON: bytes as base64, dates as seconds, without undefined members. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  // Spread also copies a key that is named `__proto__`.
  const copy: Record<string, unknown> = { ...value };
  for (const key of Object.keys(copy)) {
    if (copy[key] === undefined) delete copy[key];
    else copy[key] = toJson(copy[key]);
  }
  return copy;
}

/** Decodes binary attribute values (`{B: base64}`, `{BS: [base64]}`) in place; dynalite's answers are not shared. */
function fromJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  for (const key in members) {
    const member = members[key];
    if (typeof member === "object") fromJson(member);
    // An attribute with the name B contains an object.
    if (key === "B" && typeof member === "string") members.B = bytes(member);
    if (key === "BS" && isStrings(member)) members.BS = member.map(bytes);
  }
  return value;
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
