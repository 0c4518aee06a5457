import type { StartExecutionCommandOutput } from "@aws-sdk/client-sfn";
import type { SendMessageCommandInput } from "@aws-sdk/client-sqs";
import type { AwsError, Operation, Service } from "../../src/engine/operation.ts";
import { caller, type Functions, functionArn, named, roleArn, start, Workbench } from "../states/workbench.ts";
import type { Behaviour, Case } from "./asl-cases.ts";
import { disagreements } from "./compare-run.ts";

/** How our response to a case differs from AWS's; empty if they agree. */
export async function runCase(one: Case): Promise<string[]> {
  const workbench = workbenchOf(one);
  if (one.expected.validateResult !== undefined) return validate(workbench, one);
  if (one.expected.createError !== undefined) return create(workbench, one);
  const stateMachineArn = await createMachine(one, workbench);
  const input = fillIn(one, JSON.stringify(one.input ?? {}));
  const { executionArn } = await workbench.call<StartExecutionCommandOutput>("StartExecution", {
    stateMachineArn,
    input,
  });
  await workbench.clock.runUntil(start + 24 * 3_600_000);
  return disagreements(one, await workbench.look(executionArn!));
}

/** The ARN of the case's machine. */
export async function createMachine(one: Case, workbench = workbenchOf(one)): Promise<string> {
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
