import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { WireRequest, WireResponse } from "../wire/message.ts";
import { listCalls } from "./calls.ts";
import { readClock, setClock } from "./clock.ts";
import { deployBlueprint } from "./deploy.ts";
import { DoorError } from "./door-error.ts";
import { listEvents } from "./events.ts";
import { readExecutions } from "./executions.ts";
import { planInstances } from "./instances.ts";

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

/** No bucket's name has an underscore: nothing of AWS's is hidden behind these paths. */
export const isAdminPath = (path: string): boolean => path.startsWith(PREFIX);

/** What AWS has no operation for: looking inside, deploying, letting time pass. Never rejects. */
export async function answerAdmin(aws: EmbeddedAws, request: WireRequest): Promise<WireResponse> {
  try {
    refuseBrowsers(request);
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
    throw new DoorError(404, "NotFound", `There is no ${path}; there are ${known.join(", ")}.`);
  }
  const answer = door[method as "GET" | "POST"];
  if (!answer) {
    throw new DoorError(405, "MethodNotAllowed", `${path} answers ${Object.keys(door).join(" and ")}, not ${method}.`);
  }
  return answer;
}

/**
 * Deploying runs code of this machine. A web page can reach 127.0.0.1, too: it tells its origin, or comes by a host
 * name of its own, or cannot send JSON without asking first.
 */
function refuseBrowsers({ method, headers }: WireRequest): void {
  const host = headers.host?.replace(/:\d+$/, "");
  if (headers.origin !== undefined || !["127.0.0.1", "localhost", "[::1]"].includes(host ?? "")) {
    throw new DoorError(403, "Forbidden", "The admin door is for programs of this machine, not for web pages.");
  }
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
