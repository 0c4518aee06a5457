import { isDeepStrictEqual } from "node:util";
import type { HistoryEvent, StartExecutionCommandOutput, StartSyncExecutionCommandOutput } from "@aws-sdk/client-sfn";
import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import type { AwsError, Operation, Service } from "../../src/engine/operation.ts";
import {
  caller,
  type Functions,
  functionArn,
  named,
  type Run,
  roleArn,
  start,
  Workbench,
} from "../states/workbench.ts";
import type { Behaviour, Case, RecordedEvent } from "./asl-cases.ts";

/** Status, output, error, cause and the history's events with their links. */
function disagreements(one: Case, run: Omit<Run, "seconds">): string[] {
  const { expected } = one;
  const differ: string[] = [];
  const compare = (what: string, got: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(got, wanted))
      differ.push(`${what} ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  };
  compare("status", run.status, expected.status);
  compare("error", run.error, expected.error);
  const masked = (value: unknown, place: string): unknown => {
    const copy = structuredClone(value);
    for (const path of one.maskedPaths ?? []) {
      if (path.startsWith(`${place}/`)) blank(copy, path.slice(place.length + 1).split("/"));
    }
    return comparable(copy);
  };
  if (expected.status === "SUCCEEDED") {
    const [got, wanted] = [run.output, expected.output].map((output) => masked({ output }, ""));
    compare("output", got, wanted);
  }
  if (typeof expected.cause === "string" && !fits(run.cause ?? "", expected.cause)) {
    compare("cause", run.cause, expected.cause);
  }
  if (typeof expected.cause === "object") compare("cause", errorOf(run.cause), errorOf(JSON.stringify(expected.cause)));
  if (expected.history && one.historyOrder === undefined) {
    compare("history", links(run.history), links(expected.history.map(asToday)));
    const difference = firstDifference(run.history, expected.history, masked);
    if (difference !== undefined) differ.push(difference);
  }
  if (expected.history && one.historyOrder !== undefined)
    compare("history", types(run.history), types(expected.history));
  return differ;
}

/** Before November 2024, the exit of a distributed Map followed MapRunSucceeded; since then it follows MapRunStarted. */
function asToday(event: RecordedEvent, _: number, all: readonly RecordedEvent[]): RecordedEvent {
  const previous = all.find(({ id }) => id === event.previousEventId);
  const isOld = event.type === "MapStateExited" && previous?.type === "MapRunSucceeded";
  return isOld ? { ...event, previousEventId: previous.previousEventId } : event;
}

const links = (events: readonly { id?: unknown; previousEventId?: unknown; type?: unknown }[]) =>
  events.map(({ id, previousEventId, type }) => `${id} after ${previousEventId} ${type}`);

/** If the recorder sorted a Parallel's events, it also omitted the one that ends the Parallel; the ids show the gap. */
const types = (events: readonly { type?: unknown }[]) =>
  events
    .map(({ type }) => String(type))
    .filter((type) => type !== "ParallelStateFailed" && type !== "ParallelStateSucceeded")
    .sort();

/** Whether a text agrees with a recorded one, in which `<json-input:1>` and the like stand for values of the run. */
const fits = (got: string, recorded: string): boolean =>
  new RegExp(
    `^${recorded
      .split(/<[\w:-]+>/)
      .map((part) => part.replaceAll(/[^\w ]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  ).test(got);

/** Makes the value at a JSON pointer the same in every run. */
function blank(value: unknown, [step, ...rest]: readonly string[]): void {
  if (step === undefined || typeof value !== "object" || value === null || !(step in value)) return;
  const part = value as Record<string, unknown>;
  if (rest.length > 0) blank(part[step], rest);
  else if (typeof part[step] !== "string" || !part[step].startsWith("{")) part[step] = "masked";
}

const ofTheRun = ["SdkHttpMetadata", "SdkResponseMetadata", "requestId", "stackTrace", "trace"];

/** Without what differs from run to run: HTTP metadata, and traces in a function's error. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !ofTheRun.includes(key));
  return Object.fromEntries(kept.map(([key, part]) => [key, key === "Cause" ? errorOf(part) : comparable(part)]));
}

function errorOf(cause: unknown): unknown {
  if (typeof cause !== "string" || !cause.startsWith("{")) return cause;
  // The recorder replaced a quote of some request ids, too.
  const { errorType, errorMessage } = JSON.parse(cause.replace('"requestId":<', '"requestId":"<')) as Record<
    string,
    unknown
  >;
  return { errorType, errorMessage };
}

const details = [
  "name",
  "input",
  "output",
  "error",
  "cause",
  "index",
  "length",
  "resource",
  "resourceType",
  "parameters",
  "timeoutInSeconds",
  "heartbeatInSeconds",
  "assignedVariables",
  "state",
  "location",
];

/** The first event whose details differ from the recorded ones, as text. @param same how two values compare */
function firstDifference(
  events: readonly HistoryEvent[],
  recorded: readonly RecordedEvent[],
  same: (value: unknown, place: string) => unknown,
): string | undefined {
  for (const [at, { id, previousEventId, type, ...wanted }] of recorded.entries()) {
    const got = events[at] ? told(events[at]) : {};
    const [one, other] = [same(got, `/history/${at}`), same(wanted, `/history/${at}`)];
    if (!isDeepStrictEqual(one, other)) {
      return `event ${id} (${type}) ${JSON.stringify(one)} instead of ${JSON.stringify(other)}`;
    }
  }
  return undefined;
}

/** An event's details as the recorder wrote them: in one level, with JSON texts parsed. */
function told(event: HistoryEvent): Record<string, unknown> {
  const entry = Object.entries(event).find(([key]) => key.endsWith("EventDetails"));
  const given = (entry?.[1] ?? {}) as Record<string, unknown>;
  const isState = /State(Entered|Exited)$/.test(event.type ?? "");
  const kept = details
    .filter((name) => given[name] !== undefined)
    .map((name) => [isState && name === "name" ? "stateName" : name, parsed(given[name])]);
  return Object.fromEntries(kept) as Record<string, unknown>;
}

function parsed(value: unknown): unknown {
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, parsed(part)]));
  }
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** How our response to a case differs from AWS's; empty if they agree. */
export async function runCase(one: Case): Promise<string[]> {
  const workbench = workbenchOf(one);
  if (one.expected.validateResult !== undefined) return validate(workbench, one);
  if (one.expected.createError !== undefined) return create(workbench, one);
  const stateMachineArn = await createMachine(one, workbench);
  const input = fillIn(one, JSON.stringify(one.input ?? {}));
  if (one.type === "EXPRESS") return disagreements(one, await runExpress(workbench, { stateMachineArn, input }));
  const { executionArn } = await workbench.call<StartExecutionCommandOutput>("StartExecution", {
    stateMachineArn,
    input,
  });
  await workbench.clock.runUntil(start + 24 * 3_600_000);
  return disagreements(one, await workbench.look(executionArn!));
}

/** Synchronous: the asynchronous answers were recorded from logs, and are the same. */
async function runExpress(workbench: Workbench, input: object): Promise<Omit<Run, "seconds">> {
  const { status, output, error, cause } = await workbench.clock.runUntilDone(
    workbench.call<StartSyncExecutionCommandOutput>("StartSyncExecution", input),
  );
  const parsed = output === undefined ? {} : { output: JSON.parse(output) as unknown };
  return { status: status!, ...parsed, error, cause, history: [], types: [] };
}

/** The ARN of the case's machine. */
async function createMachine(one: Case, workbench: Workbench): Promise<string> {
  const input = { name: "machine", definition: definitionOf(one), roleArn, type: one.type };
  return (await workbench.call<{ stateMachineArn: string }>("CreateStateMachine", input)).stateMachineArn;
}

const workbenchOf = (one: Case) => new Workbench(functionsOf(one), { sqs: queueOf(one) });

const definitionOf = (one: Case) => fillIn(one, one.definitionText ?? JSON.stringify(one.definition));

async function validate(workbench: Workbench, one: Case): Promise<string[]> {
  const { type, expected } = one;
  const { result, diagnostics } = await workbench.call<{ result: string; diagnostics: unknown }>(
    "ValidateStateMachineDefinition",
    { definition: definitionOf(one), type },
  );
  const [got, wanted] = [JSON.stringify(diagnostics), JSON.stringify(expected.diagnostics)];
  const same = JSON.stringify(sorted(diagnostics)) === JSON.stringify(sorted(expected.diagnostics));
  return [
    ...(result === expected.validateResult ? [] : [`result ${result} instead of ${expected.validateResult}`]),
    ...(same ? [] : [`diagnostics ${got} instead of ${wanted}`]),
  ];
}

async function create(workbench: Workbench, one: Case): Promise<string[]> {
  const { expected } = one;
  try {
    await createMachine(one, workbench);
    return [`accepted instead of ${expected.createError}`];
  } catch (refusal) {
    const { code, message } = refusal as AwsError;
    if (code !== expected.createError) return [`${code} instead of ${expected.createError}`];
    // For labels, AWS uses the words of its implementation ("Error=ValueError Args=...").
    if (message === expected.message || expected.message?.startsWith("Error=ValueError")) return [];
    return [`${message} instead of ${expected.message}`];
  }
}

function functionsOf({ lambdas = {} }: Case): Functions {
  const entries = Object.entries(lambdas);
  return Object.fromEntries(entries.map(([name, one]) => [name.replace("LAMBDA_NAME", "LAMBDA_ARN"), act(one)]));
}

/** A queue whose consumer answers each message's task token as the case requires. */
function queueOf({ callback }: Case): Service {
  const answer = ({ Message, TaskToken }: { Message?: string; TaskToken?: string }): [string, object] | undefined => {
    switch (callback?.kind) {
      case "success":
        return ["SendTaskSuccess", { taskToken: TaskToken, output: JSON.stringify(Message) }];
      case "failure":
        return ["SendTaskFailure", { taskToken: TaskToken, error: "Failure error", cause: "Failure cause" }];
      case "failure-empty":
        return ["SendTaskFailure", { taskToken: TaskToken }];
      default:
        return undefined;
    }
  };
  const send: Operation<SendMessageCommandInput, object> = {
    run({ MessageBody = "{}" }, { aws }) {
      const call = answer(JSON.parse(MessageBody) as { TaskToken: string });
      if (call) aws.clock.after(1_000, () => void aws.call("states", call[0], call[1], caller));
      return { MD5OfMessageBody: "md5", MessageId: "message" };
    },
  };
  return { name: "sqs", client: () => import("@aws-sdk/client-sqs"), operations: { SendMessage: send } };
}

function act({ kind, behaviour, errorType, errorMessage, seconds = 0 }: Behaviour): Functions[string] {
  switch (kind) {
    case "echo":
      return (event) => event;
    case "constant":
      return () => "HelloWorld!";
    case "large-output":
      return () => "a".repeat(257 * 1_024);
    case "sleep-then-echo":
      return async (event, { clock }) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.after(seconds * 1_000, resolve);
        await promise;
        return event;
      };
    case "raise":
      return () => {
        throw named(errorType ?? "Exception", errorMessage ?? "");
      };
    default:
      throw new Error(`no stand-in for a function of kind ${kind}: ${behaviour}`);
  }
}

/** Functions are named after their placeholders. */
const fillIn = ({ placeholders }: Case, text: string): string =>
  placeholders.reduce((filled, name) => filled.replaceAll(`\${${name}}`, placeholderValue(name)), text);

function placeholderValue(name: string): string {
  const days = /^NOW_PLUS_(\d+)_DAYS$/.exec(name)?.[1];
  if (days !== undefined) return new Date(start + Number(days) * 24 * 3_600_000).toISOString();
  return name.startsWith("LAMBDA_ARN") ? functionArn(name) : name.replace("LAMBDA_NAME", "LAMBDA_ARN");
}

/** With the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, sorted(part)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
