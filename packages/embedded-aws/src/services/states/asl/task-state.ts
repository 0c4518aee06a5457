import { rolePrincipal } from "../../../engine/principal.ts";
import { regionOf } from "../arns.ts";
import { findIntegration } from "../integrations/find-integration.ts";
import type { Integration } from "../integrations/task-call.ts";
import { checkDataLimit } from "./data-limit.ts";
import type { TaskState } from "./definition.ts";
import { evaluate, evaluateAs, evaluationError, type Moment } from "./evaluate.ts";
import { finish } from "./finish.ts";
import type { Json } from "./json.ts";
import { StateError } from "./state-error.ts";
import { TaskDeadline } from "./task-deadline.ts";
import { TaskEvents } from "./task-events.ts";
import { TaskToken } from "./task-token.ts";
import type { Outcome, Visit } from "./visit.ts";

export async function runTask(visit: Visit<TaskState>): Promise<Outcome> {
  const { state, thread, input } = visit;
  const integration = findIntegration(state.Resource);
  if (!integration)
    throw new StateError("States.Runtime", `The resource '${state.Resource}' is not built in the embedded AWS.`);
  const token = integration.waitsForToken ? new TaskToken(thread) : undefined;
  try {
    const at: Moment = token ? { taskToken: token.text } : {};
    const parameters = state.Arguments === undefined ? input : evaluate(visit, "Arguments", state.Arguments, at);
    const timeout = seconds(visit, "TimeoutSeconds", state.TimeoutSeconds);
    const heartbeat = seconds(visit, "HeartbeatSeconds", state.HeartbeatSeconds);
    const roleArn = role(visit);
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
    if (token) {
      events.submitted(result);
      result = await deadline.before(token.answer(heartbeat));
    }
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

function role(visit: Visit<TaskState>): string {
  const { Credentials } = visit.state;
  if (Credentials === undefined) return visit.thread.run.machine.roleArn;
  return evaluateAs(visit, "Credentials/RoleArn", Credentials.RoleArn, "string") as string;
}

function seconds(visit: Visit<TaskState>, field: string, template: Json | undefined): number | undefined {
  if (template === undefined) return undefined;
  const value = evaluateAs(visit, field, template, "number") as number;
  if (Number.isInteger(value) && value > 0 && value <= 99_999_999) return value;
  throw evaluationError(visit, `The ${field} field must be a positive integer but was: ${value}`, field);
}
