import { VirtualClock } from "../engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { type Execution, statesState } from "../services/states/state.ts";
import type { WireRequest, WireResponse } from "../wire/message.ts";
import { deployBlueprint } from "./deploy.ts";
import { planInstances } from "./instances.ts";
import { DoorError, newest, readBody, readQuery, toNumber } from "./question.ts";
import { recordsOf } from "./records.ts";

/** `GET /_embedded/calls?after=&last=&service=&operation=&caller=&failed=true`; `caller` is part of the ARN. */
function listCalls(aws: EmbeddedAws, request: WireRequest): object {
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
function listEvents(aws: EmbeddedAws, request: WireRequest): object {
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
function readExecutions(aws: EmbeddedAws, request: WireRequest): object {
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

/** `GET /_embedded/clock` */
const readClock = ({ clock }: EmbeddedAws): object => ({
  now: new Date(clock.now()).toISOString(),
  kind: clock instanceof VirtualClock ? "virtual" : "real",
  // It passes as fast as real time, until it is advanced.
  following: !(clock instanceof VirtualClock) || clock.following,
});

/** `POST /_embedded/clock {"until": "<ISO 8601>"}` advances virtual time, and runs recurring schedules on the way. */
async function setClock(aws: EmbeddedAws, request: WireRequest): Promise<object> {
  const { until } = readBody(request);
  const time = typeof until === "string" ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new DoorError(400, "BadBody", `until must be a time such as "2026-05-01T00:00:00Z", not ${show(until)}.`);
  }
  if (!(aws.clock instanceof VirtualClock)) {
    throw new DoorError(409, "RealClock", "Real time passes by itself. Start with a virtual clock to let it jump.");
  }
  await aws.clock.runUntil(time);
  return readClock(aws);
}

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

type Answer = (aws: EmbeddedAws, request: WireRequest) => object | Promise<object>;

const PREFIX = "/_embedded/";

const DOORS: Readonly<Record<string, { readonly GET?: Answer; readonly POST?: Answer }>> = {
  "": {
    GET: () => ({
      doors: Object.keys(DOORS)
        .filter(Boolean)
        .map((name) => PREFIX + name),
    }),
  },
  calls: { GET: listCalls },
  clock: { GET: readClock, POST: setClock },
  deploy: { POST: deployBlueprint },
  events: { GET: listEvents },
  executions: { GET: readExecutions },
  instances: { POST: planInstances },
};

/** Bucket names cannot contain an underscore, so these paths hide nothing of AWS's. */
export const isAdminPath = (path: string): boolean => path.startsWith(PREFIX);

/** Requests that AWS has no operation for: inspecting, deploying, advancing time. Never rejects. */
export async function answerAdmin(aws: EmbeddedAws, request: WireRequest): Promise<WireResponse> {
  try {
    refuseForms(request);
    return json(200, await find(request)(aws, request));
  } catch (cause) {
    const { status, code, message } = cause instanceof DoorError ? cause : internal(cause);
    return json(status, { error: { code, message } });
  }
}

function find({ method, path }: WireRequest): Answer {
  const name = path.slice(PREFIX.length);
  const door = Object.hasOwn(DOORS, name) ? DOORS[name] : undefined;
  if (!door) {
    const known = Object.keys(DOORS).map((one) => PREFIX + one);
    throw new DoorError(404, "NotFound", `${path} does not exist. Known paths: ${known.join(", ")}.`);
  }
  const answer = door[method as "GET" | "POST"];
  if (!answer) {
    throw new DoorError(405, "MethodNotAllowed", `${path} answers ${Object.keys(door).join(" and ")}, not ${method}.`);
  }
  return answer;
}

/** A page in a browser cannot send JSON without a CORS preflight. */
function refuseForms({ method, headers }: WireRequest): void {
  if (method === "POST" && !/^application\/json\b/.test(headers["content-type"] ?? "")) {
    throw new DoorError(415, "UnsupportedMediaType", "The body must be JSON, with content-type application/json.");
  }
}

const internal = (cause: unknown) => ({
  status: 500,
  code: "InternalFailure",
  message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
});

const json = (status: number, body: object): WireResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
