import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { type Execution, statesState } from "../services/states/state.ts";
import type { WireRequest } from "../wire/message.ts";
import { DoorError } from "./door-error.ts";
import { newest, readQuery, toNumber } from "./query.ts";

/**
 * `GET /_embedded/executions?last=`: state machines' executions of all accounts and regions, oldest first.
 * `?name=` (name or ARN): that one, the newest where several have the name, with its history.
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
    throw new DoorError(404, "NoSuchExecution", `There is no execution ${name}; there are: ${known || "none"}.`);
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
