/** A component document of AWS Task Orchestrator and Executor (AWSTOE), checked. */
export interface ToeDocument {
  /** Empty if the document has no name. */
  readonly name: string;
  readonly description: string | undefined;
  readonly parameters: readonly ToeParameter[];
  readonly constants: Readonly<Record<string, string>>;
  /** In document order. */
  readonly phases: readonly ToePhase[];
}

export interface ToeParameter {
  readonly name: string;
  /** Undefined: the recipe must set a value. */
  readonly default: string | undefined;
  readonly description: string | undefined;
}

/** The phases that Image Builder runs: `build` and `validate` in the build stage, the others in the test stage. */
export const PHASES = ["build", "validate", "test", "container-host-test"] as const;
export type PhaseName = (typeof PHASES)[number];

export interface ToePhase {
  /** One of `PHASES`, or another, which Image Builder does not run. */
  readonly name: string;
  readonly steps: readonly ToeStep[];
}

export const FAILURE_MODES = ["Abort", "Continue", "Ignore"] as const;

export interface ToeStep {
  readonly name: string;
  readonly action: string;
  /** Seconds; -1 for no limit. */
  readonly timeoutSeconds: number;
  readonly onFailure: (typeof FAILURE_MODES)[number];
  readonly maxAttempts: number;
  /** As written, variables not replaced yet. */
  readonly inputs: unknown;
  readonly loop: ToeLoop | undefined;
  readonly condition: ToeCondition | undefined;
  /** Omits the step's output from logs. */
  readonly disableLogging: boolean;
  /** The step's line in its document, from 1. */
  readonly line: number;
}

export type ToeLoop =
  | {
      readonly kind: "for";
      readonly name: string;
      readonly start: string;
      readonly end: string;
      readonly updateBy: string;
    }
  | { readonly kind: "list"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "delimited"; readonly name: string; readonly list: string; readonly delimiter: string };

export const BRANCHES = ["Execute", "Skip", "Abort"] as const;
export type Branch = (typeof BRANCHES)[number];

export interface ToeCondition {
  readonly test: unknown;
  readonly whenTrue: Branch;
  readonly whenFalse: Branch;
}

/** An unknown word, and the valid ones. */
export interface UnknownWord {
  readonly found: string;
  readonly valid: readonly string[];
}

/** An error or a warning for a document. */
export interface ToeFault {
  readonly message: string;
  /** Of the text in question, from 1. */
  readonly line: number;
  /** Of the text in question, from 1. */
  readonly column: number;
  /** Set for an unknown action, field or name. */
  readonly unknown?: UnknownWord;
}

/** A document that AWSTOE would refuse. */
export class ToeDocumentError extends Error {
  override readonly name = "ToeDocumentError";
  readonly code = "InvalidToeDocument";
  readonly line: number;
  readonly column: number;
  readonly unknown: UnknownWord | undefined;

  constructor({ message, line, column, unknown }: ToeFault) {
    super(message);
    this.line = line;
    this.column = column;
    this.unknown = unknown;
  }
}
