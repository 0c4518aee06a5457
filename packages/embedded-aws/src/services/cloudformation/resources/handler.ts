import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Json } from "../template/template.ts";

/** The result of creating a resource. */
export interface Made {
  /** The value of Ref. */
  readonly physicalId: string;
  /** The values of Fn::GetAtt. */
  readonly attributes?: Json;
}

export interface Existing {
  readonly physicalId: string;
  readonly attributes: Json;
  readonly properties: Json;
}

/** The resource's stack, and access to AWS as the stack's principal. */
export interface ResourceContext {
  readonly aws: EmbeddedAws;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  /** `<stack>-<logical id>-<12 characters>`, cut to the given length. */
  uniqueName(longest: number): string;
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
}

/** How one type of resource is created, updated and deleted, by its service's API. */
export interface ResourceHandler {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  create(properties: Json, context: ResourceContext): Promise<Made>;
  /** Undefined: this change needs a replacement. Omitted: every change does. */
  update?(properties: Json, existing: Existing, context: ResourceContext): Promise<Made | undefined>;
  delete(existing: Existing, context: ResourceContext): Promise<void>;
}

export const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

export const list = <T = string>(value: unknown): T[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as T[]);

/** A policy or another document that its service expects as a string. */
export const document = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** The given properties, without missing ones. */
export const pick = (properties: Json, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));

/** Whether any of these properties differs. */
export const differs = (properties: Json, before: Json, names: readonly string[]): boolean =>
  names.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name]));

/** CloudFormation also reads numbers and booleans from strings. */
export const numberOf = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

export const booleanOf = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : String(value) === "true";
