import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Json } from "../template/template.ts";

/** What came of making a resource. */
export interface Made {
  /** What Ref gives. */
  readonly physicalId: string;
  /** What Fn::GetAtt gives. */
  readonly attributes?: Json;
}

export interface Existing {
  readonly physicalId: string;
  readonly attributes: Json;
  readonly properties: Json;
}

/** The stack in which a resource stands, and AWS as the stack's principal reaches it. */
export interface ResourceContext {
  readonly aws: EmbeddedAws;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  /** `<stack>-<logical id>-<12 characters>`, no longer than that. */
  uniqueName(longest: number): string;
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
}

/** How one type of resource is made, changed and removed, by calls of its service. */
export interface ResourceHandler {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  create(properties: Json, context: ResourceContext): Promise<Made>;
  /** Undefined: this change takes a new resource in place of the old one. Left out: every change does. */
  update?(properties: Json, existing: Existing, context: ResourceContext): Promise<Made | undefined>;
  delete(existing: Existing, context: ResourceContext): Promise<void>;
}

export const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

export const list = <T = string>(value: unknown): T[] =>
  value === undefined ? [] : ((Array.isArray(value) ? value : [value]) as T[]);

/** A policy or another document that its service takes as text. */
export const document = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Those properties that are there. */
export const pick = (properties: Json, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));

/** Whether any of these properties differs. */
export const differs = (properties: Json, before: Json, names: readonly string[]): boolean =>
  names.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name]));

/** CloudFormation reads whole numbers and booleans from text, too. */
export const numberOf = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

export const booleanOf = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : String(value) === "true";
