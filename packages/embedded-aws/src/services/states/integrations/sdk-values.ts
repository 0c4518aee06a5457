import type { NormalizedSchema } from "@smithy/core/schema";
import { isObject, type Json } from "../asl/json.ts";

/** Members are PascalCase in state machines, whatever the service's own API does. */
const toPascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** A parameter that the operation does not have; the message names it with its path. */
export class UnknownParameter extends Error {
  override readonly name = "UnknownParameter";
}

/** Parameters of a Task as the SDK's own input. */
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

/** The SDK's output as a Task's result: PascalCase, times as ISO 8601, blobs as text. */
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
