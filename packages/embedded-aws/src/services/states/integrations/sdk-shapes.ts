import { NormalizedSchema } from "@smithy/core/schema";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { findService } from "../../../engine/find-service.ts";
import { isObject, type Json } from "../asl/json.ts";

interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

/** The first element of a generated SDK schema is its kind. */
const OPERATION = 9;

const ERROR = -3;

type Tuple = readonly [kind: number, namespace: string, name: string, ...rest: unknown[]];

async function tuples(aws: EmbeddedAws, service: string, kind: number): Promise<Tuple[]> {
  // Loading a client reads files: factory time stands still meanwhile.
  const client = await aws.clock.hold(findService(aws, service).then((found) => found?.client()));
  return Object.values(client ?? {}).filter((value): value is Tuple => Array.isArray(value) && value[0] === kind);
}

/** An operation by its name in a Task's Resource (`getImage`); undefined if the service does not have it. */
export async function operationSchema(
  aws: EmbeddedAws,
  service: string,
  action: string,
): Promise<OperationSchema | undefined> {
  const wanted = action.toLowerCase();
  const found = (await tuples(aws, service, OPERATION)).find((tuple) => tuple[2].toLowerCase() === wanted);
  if (!found) return undefined;
  const [input, output] = [found[4], found[5]].map((schema) => NormalizedSchema.of(schema as never));
  return { name: found[2], input: input!, output: output! };
}

/**
 * The service's error with that code, as its model names it; undefined for codes outside the model (EC2 models none).
 */
export async function errorShape(aws: EmbeddedAws, service: string, code: string): Promise<string | undefined> {
  const found = (await tuples(aws, service, ERROR)).find((tuple) => {
    const query = NormalizedSchema.of(tuple as never).getMergedTraits().awsQueryError as [string, number] | undefined;
    return tuple[2] === code || query?.[0] === code;
  });
  return found?.[2];
}

/** Members are PascalCase in state machines, whatever the service's API uses. */
const toPascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A parameter that the operation does not have; the message contains its path. */
export class UnknownParameter extends Error {
  override readonly name = "UnknownParameter";
}

/** Parameters of a Task as the SDK's input. */
export function toSdkInput(schema: NormalizedSchema, value: Json, path = ""): unknown {
  if (value === null) return undefined;
  if (schema.isStructSchema() && isObject(value)) {
    const members = new Map([...schema.structIterator()].map(([name, member]) => [toPascal(name), { name, member }]));
    const input: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(value)) {
      const found = members.get(key);
      if (!found) throw new UnknownParameter(`${path}/${key}`);
      input[found.name] = toSdkInput(found.member, part, `${path}/${key}`);
    }
    return input;
  }
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((part, at) => toSdkInput(schema.getValueSchema(), part, `${path}[${at}]`));
  }
  if (schema.isMapSchema() && isObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, part]) => [key, toSdkInput(schema.getValueSchema(), part, `${path}/${key}`)]),
    );
  }
  if (schema.isTimestampSchema()) return new Date(value as string);
  if (schema.isBlobSchema()) return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return value;
}

/** The SDK's output as a Task's result: PascalCase, times as ISO 8601, blobs as strings. */
export function fromSdkOutput(schema: NormalizedSchema, value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (schema.isStructSchema()) {
    const given = value as Record<string, unknown>;
    const result: Record<string, Json> = {};
    for (const [name, member] of schema.structIterator()) {
      if (given[name] !== undefined) result[toPascal(name)] = fromSdkOutput(member, given[name]);
    }
    return result;
  }
  if (schema.isListSchema()) return (value as unknown[]).map((part) => fromSdkOutput(schema.getValueSchema(), part));
  if (schema.isMapSchema()) {
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(entries.map(([key, part]) => [key, fromSdkOutput(schema.getValueSchema(), part)]));
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return value as Json;
}
