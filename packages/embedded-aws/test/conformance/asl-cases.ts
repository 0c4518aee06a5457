import { existsSync, readFileSync } from "node:fs";

/** One execution, or one refused definition, as AWS answered it; the README beside the file describes the fields. */
export interface Case {
  readonly name: string;
  readonly group: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly queryLanguage: "JSONata" | "JSONPath" | "mixed" | null;
  readonly definition?: object;
  readonly definitionText?: string;
  readonly input?: unknown;
  readonly placeholders: readonly string[];
  readonly lambdas?: Readonly<Record<string, Behaviour>>;
  /** How the queue's consumer answers a task token. */
  readonly callback?: { readonly kind: "success" | "failure" | "failure-empty" | "none" };
  readonly expected: Expected;
  /** JSON pointers to values below `expected` that the recorder replaced. */
  readonly maskedPaths?: readonly string[];
  readonly historyOrder?: "sorted-inside-parallel";
}

export interface Behaviour {
  readonly kind: string;
  readonly behaviour: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly seconds?: number;
}

interface Expected {
  readonly status?: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: unknown;
  readonly history?: readonly RecordedEvent[];
  readonly createError?: string;
  readonly message?: string;
  readonly validateResult?: string;
  readonly diagnostics?: unknown;
}

export interface RecordedEvent {
  readonly id: number | readonly number[];
  readonly previousEventId: number;
  readonly type: string;
}

const file = new URL("../../../../../shared/conformance/asl-cases.json", import.meta.url);

/** Undefined if the recorded cases are not next to the checkout. */
export const loadCases = (): Case[] | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Case[]) : undefined;
