import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import type {
  DescribeExecutionCommandOutput,
  GetExecutionHistoryCommandOutput,
  HistoryEvent,
  StartExecutionCommandOutput,
} from "@aws-sdk/client-sfn";
import { createAws } from "../../src/create-aws.ts";
import { allowEverything } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import type { Operation, Service } from "../../src/engine/operation.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { service as events } from "../../src/services/events/service.ts";
import { service as states } from "../../src/services/states/service.ts";

export const account = "111122223333";
export const region = "eu-west-1";
export const start = Date.UTC(2026, 3, 1, 8);
export const caller = { principal: accountPrincipal(account), region };
export const roleArn = `arn:aws:iam::${account}:role/machine`;
export const functionArn = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;

/** A stand-in for Lambda: functions by name, called with their parsed event. What they throw is their own error. */
export type Functions = Record<string, (event: unknown, workbench: Workbench) => unknown>;

/** An embedded AWS with Step Functions, EventBridge, a stand-in Lambda, and a test's other services. */
export class Workbench {
  readonly clock = new VirtualClock(start);
  readonly aws: EmbeddedAws;

  constructor(functions: Functions = {}, services: Record<string, Service> = {}) {
    const all: Record<string, Service> = { events, states, lambda: this.#lambda(functions), ...services };
    const loaders = Object.entries(all).map(([name, service]) => [name, () => Promise.resolve(service)] as const);
    this.aws = createAws({ clock: this.clock, services: Object.fromEntries(loaders), authorizer: allowEverything });
  }

  call<Output>(name: string, input: object): Promise<Output> {
    return this.aws.call<Output>("states", name, input, caller);
  }

  async create(definition: object, name = "machine"): Promise<string> {
    const input = { name, definition: JSON.stringify(definition), roleArn };
    return (await this.call<{ stateMachineArn: string }>("CreateStateMachine", input)).stateMachineArn;
  }

  async begin(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const output = await this.call<StartExecutionCommandOutput>("StartExecution", {
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name === undefined ? {} : { name }),
    });
    return output.executionArn!;
  }

  /** Runs a machine to its end, sixty days of virtual time at most (AWS forgets executions after 90). */
  async run(definition: object, input: unknown = {}): Promise<Run> {
    const arn = await this.begin(await this.create(definition), input);
    await this.clock.runUntil(start + 60 * 24 * 3_600_000);
    return this.look(arn);
  }

  async look(executionArn: string): Promise<Run> {
    const end = await this.call<DescribeExecutionCommandOutput>("DescribeExecution", { executionArn });
    const { events: history } = await this.call<GetExecutionHistoryCommandOutput>("GetExecutionHistory", {
      executionArn,
      maxResults: 1_000,
    });
    return {
      status: end.status!,
      ...(end.output === undefined ? {} : { output: JSON.parse(end.output) as unknown }),
      error: end.error,
      cause: end.cause,
      seconds: ((end.stopDate?.getTime() ?? Number.NaN) - start) / 1_000,
      history: history!,
      types: history!.map(({ type }) => type!),
    };
  }

  #lambda(functions: Functions): Service {
    const invoke: Operation<InvokeCommandInput, Partial<InvokeCommandOutput>> = {
      run: async ({ FunctionName = "", LogType, Payload }) => {
        const name = FunctionName.slice(FunctionName.lastIndexOf(":") + 1);
        const body = functions[name];
        if (!body) throw new Error(`the test has no function ${name}`);
        try {
          const event: unknown = Payload ? JSON.parse(Buffer.from(Payload as Uint8Array).toString()) : {};
          const result = answer((await body(event, this)) ?? null);
          return LogType === "Tail" ? { ...result, LogResult: Buffer.from("log").toString("base64") } : result;
        } catch (failure) {
          const { name: errorType, message: errorMessage } = failure as Error;
          return { ...answer({ errorType, errorMessage, trace: [] }), FunctionError: "Unhandled" };
        }
      },
    };
    return { name: "lambda", client: () => import("@aws-sdk/client-lambda"), operations: { Invoke: invoke } };
  }
}

export interface Run {
  readonly status: string;
  readonly output?: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** From the test's start to the execution's end, in virtual time. */
  readonly seconds: number;
  readonly history: HistoryEvent[];
  readonly types: string[];
}

const answer = (value: unknown) => ({
  StatusCode: 200,
  ExecutedVersion: "$LATEST",
  Payload: Buffer.from(JSON.stringify(value)) as never,
});

/** A function's own error, by name. */
export function named(name: string, message = "no reason"): Error {
  return Object.assign(new Error(message), { name });
}

/** A machine of JSONata states; the first one starts. */
export const machine = (States: Record<string, object>, more: object = {}) => ({
  QueryLanguage: "JSONata",
  StartAt: Object.keys(States)[0],
  States,
  ...more,
});

/** Runs a machine of such states that calls nothing. */
export const runStates = (States: Record<string, object>): Promise<Run> => new Workbench().run(machine(States));

/** A Task that invokes one of the test's functions. */
export const invoke = (name: string, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: functionArn(name), Payload: "{% $states.input %}" },
  Output: "{% $states.result.Payload %}",
  ...more,
});
