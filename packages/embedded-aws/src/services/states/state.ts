import type {
  EncryptionConfiguration,
  HistoryEvent,
  HistoryEventType,
  LoggingConfiguration,
  StateMachineType,
  TracingConfiguration,
} from "@aws-sdk/client-sfn";
import type { Clock } from "../../engine/clock/clock.ts";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call } from "../../engine/operation.ts";
import type { Definition } from "./asl/definition.ts";
import { StateError } from "./asl/state-error.ts";
import { checkLogging, NO_LOGGING } from "./logging.ts";

export interface StateMachine extends MachineSettings {
  readonly arn: string;
  readonly name: string;
  readonly type: StateMachineType;
  /** As sent. */
  readonly definition: string;
  readonly parsed: Definition;
  readonly roleArn: string;
  readonly revisionId: string;
  readonly creationDate: Date;
  readonly updateDate: Date;
  readonly deleting: boolean;
  readonly tags: Map<string, string>;
}

const executionStatuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;

export type ExecutionStatus = (typeof executionStatuses)[number];

export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** The machine as it was at the start: updates do not affect running executions. */
  readonly machine: StateMachine;
  /** JSON text, as sent. */
  readonly input: string;
  /** The Map Run that started it, if one did. */
  readonly mapRunArn?: string;
  readonly startDate: Date;
  readonly history: History;
  /** Aborted when the execution is stopped or times out. */
  readonly interruption: AbortController;
  /** The number of random numbers used. */
  dice: number;
  status: ExecutionStatus;
  stopDate?: Date;
  output?: string;
  error?: string | undefined;
  cause?: string | undefined;
}

/** A task that waits for `SendTaskSuccess` or `SendTaskFailure`. */
export interface WaitingTask {
  succeed(output: string): void;
  fail(error: string | undefined, cause: string | undefined): void;
  heartbeat(): void;
}

/** State machines, executions and task tokens of one account and region, by ARN and token. */
export const statesState = defineState("states", () => ({
  machines: new Map<string, StateMachine>(),
  executions: new Map<string, Execution>(),
  /** A finished task's token stays with `undefined`: it is known, but no task waits. */
  tokens: new Map<string, WaitingTask | undefined>(),
}));

export type StatesState = ReturnType<typeof statesState.make>;

/** Closed executions are dropped, and their names free again, after 90 days. */
const MEMORY = 90 * 24 * 3_600_000;

export const statesOf = (call: Call): StatesState => call.aws.state(statesState, call.account, call.region);

/** Throws StateMachineDoesNotExist. */
export function findMachine(call: Call, arn: string | undefined): StateMachine {
  const machine = statesOf(call).machines.get(checkArn(arn, "stateMachine"));
  if (machine) return machine;
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

/** Throws ExecutionDoesNotExist. */
export function findExecution(call: Call, arn: string | undefined): Execution {
  const execution = rememberedExecution(call, checkArn(arn, "execution"));
  if (execution) return execution;
  throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
}

/** Throws ResourceNotFound. */
export function findTagged(call: Call, arn: string | undefined): StateMachine {
  const machine = statesOf(call).machines.get(arn ?? "");
  if (machine) return machine;
  throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);
}

export function rememberedExecution(call: Call, arn: string): Execution | undefined {
  const { executions } = call.aws.state(statesState, accountOf(arn), regionOf(arn));
  const execution = accountOf(arn) === call.account && regionOf(arn) === call.region ? executions.get(arn) : undefined;
  if (!execution?.stopDate || execution.stopDate.getTime() + MEMORY > call.aws.clock.now()) return execution;
  executions.delete(arn);
  return undefined;
}

interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

export const machineArn = ({ partition, account, region }: Place, name: string): string =>
  `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;

/** The ARN of a Standard machine's execution. */
export const executionArn = (machine: string, name: string): string =>
  `${machine.replace(":stateMachine:", ":execution:")}:${name}`;

/** The ARN of an Express machine's execution: several can have one name. */
export const expressArn = (machine: string, name: string, id: string): string =>
  `${machine.replace(":stateMachine:", ":express:")}:${name}:${id}`;

export const regionOf = (arn: string): string => arn.split(":")[3] ?? "";

export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** Refuses, as AWS does, an ARN that is not a state machine's or an execution's. */
export function checkArn(arn: string | undefined, kind: "stateMachine" | "execution"): string {
  const parts = arn?.split(":") ?? [];
  if (parts[0] !== "arn" || parts[2] !== "states")
    throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (parts[5] !== kind)
    throw new AwsError("InvalidArn", `Invalid Arn: 'Resource type not valid in this context: ${parts[5]}'`);
  return arn!;
}

const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Names of machines and executions must not contain white space, brackets, wildcards and similar characters. */
export function checkName(name = ""): string {
  if (FORBIDDEN.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  return name;
}

/** A state machine's logging, tracing and encryption settings. */
export interface MachineSettings {
  readonly loggingConfiguration: LoggingConfiguration;
  readonly tracingConfiguration: TracingConfiguration;
  readonly encryptionConfiguration: EncryptionConfiguration;
}

type Asked = { readonly [Name in keyof MachineSettings]?: MachineSettings[Name] | undefined };

export const USUAL_SETTINGS: MachineSettings = {
  loggingConfiguration: NO_LOGGING,
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: "AWS_OWNED_KEY" },
};

/**
 * The settings after a request; omitted ones stay.
 * @throws AwsError InvalidLoggingConfiguration
 */
export function changedSettings(aws: EmbeddedAws, asked: Asked, before: MachineSettings): MachineSettings {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = asked;
  return {
    loggingConfiguration: loggingConfiguration ? checkLogging(aws, loggingConfiguration) : before.loggingConfiguration,
    tracingConfiguration: tracingConfiguration
      ? { enabled: tracingConfiguration.enabled ?? false }
      : before.tracingConfiguration,
    encryptionConfiguration: encryptionConfiguration ?? before.encryptionConfiguration,
  };
}

export const settingsOf = (machine: MachineSettings): MachineSettings => ({
  loggingConfiguration: machine.loggingConfiguration,
  tracingConfiguration: machine.tracingConfiguration,
  encryptionConfiguration: machine.encryptionConfiguration,
});

/** An execution that reaches it fails (Step Functions service quotas), which ends endless loops. */
const MAX_EVENTS = 25_000;

export type EventDetails = Partial<Omit<HistoryEvent, "id" | "previousEventId" | "timestamp" | "type">>;

/** The events of GetExecutionHistory; closed by the execution's last event. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #clock: Clock;
  readonly #onEvent: (event: HistoryEvent) => void;
  #closed = false;

  /** @param onEvent called for each recorded event */
  constructor(clock: Clock, onEvent: (event: HistoryEvent) => void = () => {}) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Id of the newest event. */
  get last(): number {
    return this.events.length;
  }

  /** Answers the event's id. Threads that still unwind after the end record nothing. */
  record(type: HistoryEventType, details: EventDetails, previousEventId: number): number {
    if (this.#closed) return previousEventId;
    if (this.events.length >= MAX_EVENTS - 1) {
      throw new StateError(
        "States.Runtime",
        `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
      );
    }
    return this.#add(type, details, previousEventId);
  }

  close(type: HistoryEventType, details: EventDetails, previousEventId: number): void {
    this.#add(type, details, previousEventId);
    this.#closed = true;
  }

  #add(type: HistoryEventType, details: EventDetails, previousEventId: number): number {
    const id = this.events.length + 1;
    const event = { timestamp: new Date(this.#clock.now()), type, id, previousEventId, ...details };
    this.events.push(event);
    this.#onEvent(event);
    return id;
  }
}
