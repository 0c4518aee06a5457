import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { type Execution, statesState } from "../services/states/state.ts";
import type { WireRequest } from "../wire/message.ts";
import { DoorError, newest, readQuery, toNumber } from "./question.ts";
import { recordsOf } from "./records.ts";

/** `GET /_embedded/calls?after=&last=&service=&operation=&caller=&failed=true`; `caller` is part of the ARN. */
export function listCalls(aws: EmbeddedAws, request: WireRequest): object {
  const wanted = readQuery(request, ["after", "last", "service", "operation", "caller", "failed"]);
  const calls = recordsOf(aws)
    .calls.after(toNumber("after", wanted.after) ?? 0)
    .filter(({ service }) => wanted.service === undefined || service === wanted.service)
    .filter(({ operation }) => wanted.operation === undefined || operation === wanted.operation)
    .filter(({ caller }) => wanted.caller === undefined || caller.includes(wanted.caller))
    .filter(({ outcome }) => wanted.failed !== "true" || outcome !== "OK");
  return { calls: newest(calls, toNumber("last", wanted.last)) };
}

/** `GET /_embedded/events?after=&last=&bus=&source=&detail-type=` */
export function listEvents(aws: EmbeddedAws, request: WireRequest): object {
  const wanted = readQuery(request, ["after", "last", "bus", "source", "detail-type"]);
  const events = recordsOf(aws)
    .events.after(toNumber("after", wanted.after) ?? 0)
    .filter(({ bus }) => wanted.bus === undefined || bus === wanted.bus)
    .filter(({ event }) => wanted.source === undefined || event.source === wanted.source)
    .filter(({ event }) => wanted["detail-type"] === undefined || event["detail-type"] === wanted["detail-type"]);
  return { events: newest(events, toNumber("last", wanted.last)) };
}

/**
 * `GET /_embedded/executions?last=`: state machine executions of all accounts and regions, oldest first.
 * `?name=` (name or ARN): that execution with its history; the newest if several share the name.
 */
export function readExecutions(aws: EmbeddedAws, request: WireRequest): object {
  const { name, last } = readQuery(request, ["name", "last"]);
  const executions = [...aws.places(statesState)]
    .flatMap(({ state }) => [...state.executions.values()])
    .sort((a, b) => a.startDate.getTime() - b.startDate.getTime());
  if (name === undefined) return { executions: newest(executions.map(toJson), toNumber("last", last)) };
  const found = executions.findLast((one) => one.arn === name || one.name === name);
  if (!found) {
    const known = executions.map((one) => one.name).join(", ");
    throw new DoorError(404, "NoSuchExecution", `Execution ${name} does not exist. Known: ${known || "none"}.`);
  }
  return { execution: { ...toJson(found), history: found.history.events } };
}

const toJson = ({ arn, name, machine, status, startDate, stopDate, input, output, error, cause }: Execution) => ({
  arn,
  name,
  stateMachine: machine.name,
  status,
  startDate,
  stopDate,
  input,
  output,
  error,
  cause,
});
