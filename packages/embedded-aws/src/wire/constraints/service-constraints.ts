import { readFile } from "node:fs/promises";

/** What an API model asks of a shape's values. */
export interface ConstrainedShape {
  readonly kind: "string" | "number" | "blob" | "list" | "map" | "structure" | "boolean" | "timestamp";
  /** Of a number its least value; else the least length: characters, bytes, entries. */
  readonly min?: number;
  readonly max?: number;
  /** As the API model has it: Java's dialect. */
  readonly pattern?: string;
  /** The values, or the name of the SDK client's constant that holds them. */
  readonly enum?: string | readonly string[];
  /** Not repeated in a refusal. */
  readonly sensitive?: boolean;
  readonly members?: Readonly<Record<string, string>>;
  readonly item?: string;
  readonly key?: string;
  readonly value?: string;
}

/** A service's constraints, as `generate.mjs` wrote them: shapes refer to each other by name. */
export interface ServiceConstraints {
  readonly source: string;
  /** The input's shape of each operation that has constraints. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, ConstrainedShape>>;
}

const NONE: ServiceConstraints = { source: "none", operations: {}, shapes: {} };

/** @param name signing name; a service without a file has no constraints. */
export async function serviceConstraints(name: string): Promise<ServiceConstraints> {
  try {
    return JSON.parse(await readFile(new URL(`./${name}.json`, import.meta.url), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return NONE;
    throw new Error(
      `The constraints of ${name} cannot be read: run packages/embedded-aws/src/wire/constraints/generate.mjs`,
      { cause },
    );
  }
}
