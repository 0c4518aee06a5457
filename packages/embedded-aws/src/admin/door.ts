import { VirtualClock } from "../engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { WireRequest, WireResponse } from "../wire/message.ts";
import { deployBlueprint } from "./deploy.ts";
import { planInstances } from "./instances.ts";
import { listCalls, listEvents, readExecutions } from "./look.ts";
import { DoorError, readBody } from "./question.ts";

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
