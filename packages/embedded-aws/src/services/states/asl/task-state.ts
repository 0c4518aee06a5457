import { rolePrincipal } from "../../../engine/principal.ts";
import { findIntegration } from "../integrations/find-integration.ts";
import type { Integration, Job, TaskCall } from "../integrations/task-call.ts";
import { accountOf, regionOf, type StatesState, statesState, type WaitingTask } from "../state.ts";
import type { TaskState } from "./definition.ts";
import { checkDataLimit, finish } from "./finish.ts";
import type { Json } from "./json.ts";
import { Interrupted, StateError } from "./state-error.ts";
import { TaskEvents } from "./task-events.ts";
import type { Thread } from "./thread.ts";
import type { Moment, Outcome, Visit } from "./visit.ts";

export async function runTask(visit: Visit<TaskState>): Promise<Outcome> {
  const { state, thread, language } = visit;
  const integration = findIntegration(state.Resource);
  if (!integration)
    throw new StateError("States.Runtime", `The resource '${state.Resource}' is not built in the embedded AWS.`);
  const token = integration.waitsForToken ? new TaskToken(thread) : undefined;
  try {
    const at: Moment = token ? { taskToken: token.text } : {};
    const parameters = language.parameters(visit, at);
    const timeout = language.seconds(visit, "TimeoutSeconds");
    const heartbeat = language.seconds(visit, "HeartbeatSeconds");
    const roleArn = language.role(visit) ?? thread.run.machine.roleArn;
    const result = await attempt(visit, { integration, token, parameters, timeout, heartbeat, roleArn });
    return finish(visit, state, result, { result });
  } finally {
    token?.retire();
  }
}

interface Attempt {
  readonly integration: Integration;
  readonly token: TaskToken | undefined;
  readonly parameters: Json;
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
  readonly roleArn: string;
}

async function attempt(visit: Visit<TaskState>, task: Attempt): Promise<Json> {
  const { thread } = visit;
  const { aws, execution, machine } = thread.run;
  const { integration, token, parameters, timeout, heartbeat } = task;
  const region = regionOf(execution.arn);
  const events = new TaskEvents(thread, integration);
  events.scheduled(parameters, region, {
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
  });
  const deadline = new TaskDeadline(thread, timeout);
  try {
    const principal = rolePrincipal(task.roleArn, execution.name);
    const call = { aws, principal, region, parameters, executionArn: execution.arn, stateMachineArn: machine.arn };
    let result = await deadline.before(integration.call(call));
    const { job } = integration;
    if (token ?? job) events.submitted(result);
    if (token) result = await deadline.before(token.answer(heartbeat));
    if (job) result = await finished(job, call, result, deadline);
    checkDataLimit(integration.functionArn ?? integration.resourceType, result);
    events.succeeded(result);
    return result;
  } catch (failure) {
    if (failure instanceof StateError) events.failed(failure);
    throw failure;
  } finally {
    deadline.cancel();
  }
}

async function finished(job: Job, call: TaskCall, submitted: Json, deadline: TaskDeadline): Promise<Json> {
  try {
    return await deadline.before(job.finished(call, submitted));
  } catch (failure) {
    const cutOff =
      failure instanceof Interrupted || (failure instanceof StateError && failure.error === "States.Timeout");
    if (cutOff) await job.stop(call, submitted);
    throw failure;
  }
}

/** TimeoutSeconds of one attempt of a Task. Later answers of the service are ignored. */
class TaskDeadline {
  readonly #thread: Thread;
  readonly #passed = Promise.withResolvers<never>();
  readonly #cancel: () => void;

  constructor(thread: Thread, seconds: number | undefined) {
    this.#thread = thread;
    // No caller may be awaiting it when it passes.
    this.#passed.promise.catch(() => {});
    const pass = () => this.#passed.reject(new StateError("States.Timeout", undefined));
    this.#cancel = seconds === undefined ? () => {} : thread.run.aws.clock.after(seconds * 1_000, pass);
  }

  before<T>(work: Promise<T>): Promise<T> {
    return this.#thread.unlessInterrupted(Promise.race([work, this.#passed.promise]));
  }

  cancel(): void {
    this.#cancel();
  }
}

/** `.waitForTaskToken`: the token and its answer. Created before the service is called. */
class TaskToken implements WaitingTask {
  readonly text: string;
  readonly #thread: Thread;
  readonly #tokens: StatesState["tokens"];
  readonly #answered = Promise.withResolvers<Json>();
  #heartbeatSeconds: number | undefined;
  #cancel = () => {};

  constructor(thread: Thread) {
    const { aws, execution } = thread.run;
    this.#thread = thread;
    this.#tokens = aws.state(statesState, accountOf(execution.arn), regionOf(execution.arn)).tokens;
    this.text = Buffer.from(`${execution.arn} ${aws.uuid()} ${aws.uuid()}`).toString("base64");
    this.#tokens.set(this.text, this);
    this.#answered.promise.catch(() => {});
  }

  /** The answer; States.Timeout (also known as States.HeartbeatTimeout) if no heartbeat arrives in that time. */
  answer(heartbeatSeconds: number | undefined): Promise<Json> {
    this.#heartbeatSeconds = heartbeatSeconds;
    this.heartbeat();
    return this.#answered.promise;
  }

  succeed(output: string): void {
    this.retire();
    this.#answered.resolve(JSON.parse(output) as Json);
  }

  fail(error: string | undefined, cause: string | undefined): void {
    this.retire();
    this.#answered.reject(new StateError(error, cause));
  }

  heartbeat(): void {
    this.#cancel();
    if (this.#heartbeatSeconds === undefined) return;
    const miss = () => this.#answered.reject(new StateError("States.Timeout", undefined, "States.HeartbeatTimeout"));
    this.#cancel = this.#thread.run.aws.clock.after(this.#heartbeatSeconds * 1_000, miss);
  }

  retire(): void {
    this.#cancel();
    this.#tokens.set(this.text, undefined);
  }
}
