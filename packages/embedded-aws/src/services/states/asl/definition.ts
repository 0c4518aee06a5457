import type { Json, JsonObject } from "./json.ts";

/** A state machine, or a branch of one; validated before it runs (`validate-definition.ts`). */
export interface Branch {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

type Language = "JSONata" | "JSONPath";

export interface Definition extends Branch {
  readonly QueryLanguage?: Language;
  readonly TimeoutSeconds?: number;
}

export const stateTypes = ["Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"] as const;

export type StateType = (typeof stateTypes)[number];

/** What a state, a Choice rule and a Catcher share: output and next state. */
export interface Ending {
  readonly Output?: Json;
  readonly Assign?: JsonObject;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Next?: string;
  readonly End?: boolean;
}

interface Common extends Ending {
  readonly QueryLanguage?: Language;
  readonly InputPath?: string | null;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

interface Catcher extends Ending {
  readonly ErrorEquals: readonly string[];
}

interface Recovers {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Common {
  readonly Type: "Pass";
  readonly Result?: Json;
  readonly Parameters?: Json;
}

export interface TaskState extends Common, Recovers {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly Parameters?: Json;
  readonly TimeoutSeconds?: Json;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: Json;
  readonly HeartbeatSecondsPath?: string;
  /** In JSONPath it can be `RoleArn.$`. */
  readonly Credentials?: { readonly RoleArn?: Json };
}

/** A `Condition` in JSONata; in JSONPath a comparison, or `And`, `Or` and `Not` of comparisons (`choice-rules.ts`). */
interface ChoiceRule extends Ending {
  readonly Condition?: Json;
}

export interface ChoiceState extends Common {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export interface WaitState extends Common {
  readonly Type: "Wait";
  readonly Seconds?: Json;
  readonly SecondsPath?: string;
  readonly Timestamp?: Json;
  readonly TimestampPath?: string;
}

export interface SucceedState extends Common {
  readonly Type: "Succeed";
}

export interface FailState extends Common {
  readonly Type: "Fail";
  readonly Error?: Json;
  readonly ErrorPath?: string;
  readonly Cause?: Json;
  readonly CausePath?: string;
}

export interface ParallelState extends Common, Recovers {
  readonly Type: "Parallel";
  readonly Branches: readonly Branch[];
  readonly Arguments?: Json;
  readonly Parameters?: Json;
}

interface Processor extends Branch {
  readonly ProcessorConfig?: {
    readonly Mode?: "INLINE" | "DISTRIBUTED";
    readonly ExecutionType?: "STANDARD" | "EXPRESS";
  };
}

export interface MapState extends Common, Recovers {
  readonly Type: "Map";
  readonly ItemProcessor?: Processor;
  /** The older names of `ItemProcessor` and `ItemSelector`, in JSONPath. */
  readonly Iterator?: Processor;
  readonly Parameters?: Json;
  readonly Items?: Json;
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: Json;
  readonly MaxConcurrencyPath?: string;
  /** Of a distributed Map, like the following. */
  readonly Label?: string;
  readonly ToleratedFailureCount?: Json;
  readonly ToleratedFailureCountPath?: string;
  readonly ToleratedFailurePercentage?: Json;
  readonly ToleratedFailurePercentagePath?: string;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

export const retriersOf = (state: State): readonly Retrier[] => ("Retry" in state && state.Retry) || [];

export const catchersOf = (state: State): readonly Catcher[] => ("Catch" in state && state.Catch) || [];

const OPEN = "{%";

const CLOSE = "%}";

export const isExpression = (text: string): boolean => text.startsWith(OPEN) && text.endsWith(CLOSE);

/** `$x` of `{% $x %}`. */
export const expressionOf = (text: string): string => text.slice(OPEN.length, -CLOSE.length).trim();

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; undefined if the text is not an RFC 3339 timestamp with an offset. */
export function parseTimestamp(text: string): number | undefined {
  if (!RFC3339.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
