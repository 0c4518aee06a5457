/** Runs a document's steps: a simulated instance, or a real system. */
export interface StepHost {
  /**
   * One round of a loop (or the only one) of one attempt of a step. Exit code 194 or 3010: the system has restarted,
   * and the same round runs again.
   */
  run(step: StepRequest): Promise<StepOutcome>;
  inspect(question: Question): Promise<boolean>;
  /**
   * The value of `{{ aws:ssm:name }}`.
   * @throws ParameterUnreadableError, which fails the step; other errors end the document
   */
  readParameter(name: string): Promise<ParameterValue>;
  /** Called when each step starts and ends, including skipped ones. */
  observe?(event: StepEvent): void;
}

export interface StepRequest {
  readonly phase: string;
  readonly name: string;
  readonly action: string;
  /** With variables replaced; secret values are not masked. */
  readonly inputs: unknown;
  /** As written: shows which parts depend on another step's output. */
  readonly written: unknown;
  /** From 1, up to the step's maxAttempts. */
  readonly attempt: number;
  /** The loop's round, from 0. */
  readonly iteration: number;
  /** -1 for none. Covers all rounds and restarts of an attempt; each attempt starts it again. Enforced by the host. */
  readonly timeoutSeconds: number;
  /** The step's output must not be logged. */
  readonly disableLogging: boolean;
  /** SecureString values read so far: `maskSecrets` keeps them out of logs. */
  readonly secrets: readonly string[];
}

/** The result of one round. */
export interface StepOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Besides `stdout`, by the action module's names, for `{{ phase.step.outputs.name }}`. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Instead of `exit status <n>`. */
  readonly errorMessage?: string;
}

export const INSPECTIONS = [
  "binaryExists",
  "fileExists",
  "folderExists",
  "fileMD5Equals",
  "fileSHA1Equals",
  "fileSHA256Equals",
  "fileSHA512Equals",
] as const;

/** A comparison about the system itself, variables replaced. */
export interface Question {
  readonly operator: (typeof INSPECTIONS)[number];
  /** For `binaryExists`: the program's name. */
  readonly path: string;
  /** For a file: the expected hash, as in the document. */
  readonly hash?: string;
}

export interface ParameterValue {
  readonly value: string;
  /** A SecureString. */
  readonly secret: boolean;
}

export type StepEvent =
  | {
      readonly kind: "started";
      readonly phase: string;
      readonly step: string;
      readonly action: string;
      readonly line: number;
    }
  | ({ readonly kind: "ended" } & StepRecord);

/** How a step ended, with secret values masked. */
export interface StepRecord {
  readonly phase: string;
  readonly step: string;
  readonly action: string;
  readonly status: "success" | "failed" | "ignored-failure" | "skipped";
  /** Of the last round, with variables replaced as far as possible. */
  readonly inputs: unknown;
  /** Outputs of a loop's successful rounds are joined by line breaks. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Empty unless it failed. */
  readonly failureMessage: string;
  /** 0 for a step that its `if` skipped or aborted. */
  readonly attempts: number;
  /** Of the last round; undefined if none ran. */
  readonly exitCode: number | undefined;
}

/** A failed read of `{{ aws:ssm:… }}`. */
export class ParameterUnreadableError extends Error {
  override readonly name = "ParameterUnreadableError";
  readonly code = "ParameterUnreadable";

  constructor(parameter: string, why: string, options?: ErrorOptions) {
    super(`The SSM parameter '${parameter}' could not be read: ${why}`, options);
  }
}
