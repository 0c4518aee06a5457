import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { blockActions, type SlackUser } from "./interaction.ts";
import { Responses, type SlackReply } from "./responses.ts";
import { type Forgery, type SignedRequest, signedCommand, signedInteraction } from "./signed-request.ts";
import { callMethod, type MethodAnswer, refused } from "./web-api.ts";
import { APP, type PostedMessage, TEAM, Workspace } from "./workspace.ts";

/** The channel in which slash commands are typed. */
const TYPED_IN = "#operations";

interface SlackOptions {
  /** Signs interactions. */
  readonly signingSecret?: string;
  /** In milliseconds since the epoch; default: the machine's clock. */
  readonly now?: () => number;
}

/** How a click differs from a genuine one that arrives immediately. */
interface Press {
  readonly forged?: Forgery;
  /** Milliseconds between signing and sending. */
  readonly delayedMs?: number;
}

/** A click and the app's response. */
interface Interaction {
  readonly request: SignedRequest;
  /** HTTP status and body of the app's answer. */
  readonly status: number;
  readonly body: string;
  /** Milliseconds until the answer, by the given clock. Above 3,000, Slack shows the user an error. */
  readonly tookMs: number;
}

interface RateLimit {
  /** How many of the next Web API requests it affects. */
  readonly requests: number;
  readonly retryAfterSeconds: number;
}

export interface SimulatedSlack {
  /** Base URL of the Web API, with a trailing slash. */
  readonly url: string;
  /** Current state; keep a reference to press a button that was since updated. */
  readonly messages: readonly PostedMessage[];
  /** Replies through `response_url`. */
  readonly replies: readonly SlackReply[];
  /** Sets the app's request URL, which receives interactions. */
  interactAt(requestUrl: string): void;
  /**
   * A user clicks a button; the app's request URL receives the interaction.
   * @throws Error if the message has no such button, or the request URL or signing secret is missing
   */
  press(message: PostedMessage, actionId: string, user: SlackUser, how?: Press): Promise<Interaction>;
  /** A user types a command in a channel, such as `/amint rollback al2023-base stable`. Throws as `press` does. */
  type(typed: string, user: SlackUser, how?: Press): Promise<Interaction>;
  /** Sends the same bytes again, as an eavesdropper might. */
  replay(interaction: Interaction): Promise<Interaction>;
  /** Replaces the secrets that Slack accepts and signs with; an omitted secret stays. */
  rotate(secrets: { readonly token?: string; readonly signingSecret?: string }): void;
  /** Answers the next requests with HTTP 429. */
  limit(rate: RateLimit): void;
  close(): void;
}

/**
 * The part of Slack that the factory uses, on 127.0.0.1: messages with buttons, and users who press them. Errors as Slack
 * does: HTTP 200 with `ok: false` and Slack's error code, HTTP 429 when rate-limited.
 */
export async function startSlack(token: string, options: SlackOptions = {}): Promise<SimulatedSlack> {
  const { now = Date.now } = options;
  let secrets = { token, signingSecret: options.signingSecret };
  const workspace = new Workspace(now);
  const responses = new Responses(workspace, now);
  let limited: RateLimit = { requests: 0, retryAfterSeconds: 0 };
  let requestUrl: string | undefined;

  const server = createServer(async (request, response) => {
    const fields = await readFields(request);
    const path = request.url ?? "/";
    if (path.startsWith("/api/") && limited.requests > 0) {
      limited = { ...limited, requests: limited.requests - 1 };
      end(response, 429, refused("ratelimited"), { "retry-after": String(limited.retryAfterSeconds) });
      return;
    }
    const replied = fields && responses.answer(path, fields);
    if (replied) end(response, replied.status, replied.body);
    else end(response, 200, answer(workspace, request, fields, secrets.token));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const send = async (request: SignedRequest): Promise<Interaction> => {
    if (requestUrl === undefined) throw new Error("Say by interactAt() where the app takes interactions.");
    const begun = now();
    const { headers, body } = request;
    const answered = await fetch(requestUrl, { method: "POST", headers, body, redirect: "manual" });
    return { request, status: answered.status, body: await answered.text(), tookMs: now() - begun };
  };

  const signed = ({ forged, delayedMs = 0 }: Press = {}) => {
    const { signingSecret } = secrets;
    if (signingSecret === undefined) throw new Error("Start this Slack with a signingSecret to press its buttons.");
    return { secret: signingSecret, at: now() - delayedMs, now: now(), forged };
  };

  return {
    url: `${base}/api/`,
    messages: workspace.messages,
    replies: responses.replies,
    interactAt: (url) => {
      requestUrl = url;
    },
    press: async (message, actionId, user, how) => {
      const signing = signed(how);
      const responseUrl = base + responses.open(message, user.id);
      const payload = blockActions({ message, actionId, user, responseUrl, actionTs: workspace.timestamp() });
      return await send(signedInteraction(payload, signing));
    },
    type: async (typed, user, how) => {
      const signing = signed(how);
      const [command = "", text = ""] = typed.split(/ (.*)/s);
      const channelId = workspace.idOf(TYPED_IN);
      const responseUrl = base + responses.open(undefined, user.id);
      const ts = workspace.timestamp();
      const fields = slashCommand({ command, text, user, channel: TYPED_IN, channelId, responseUrl, ts });
      const answered = await send(signedCommand(fields, signing));
      responses.keepAnswer(user.id, answered);
      return answered;
    },
    replay: ({ request }) => send(request),
    rotate: (changed) => {
      secrets = { ...secrets, ...changed };
    },
    limit: (rate) => {
      limited = rate;
    },
    close: () => server.close(),
  };
}

function answer(
  workspace: Workspace,
  { url, headers }: IncomingMessage,
  fields: Record<string, unknown> | undefined,
  token: string,
): MethodAnswer {
  const method = /^\/api\/([\w.]+)$/.exec(url ?? "")?.[1];
  if (!headers.authorization) return refused("not_authed");
  if (headers.authorization !== `Bearer ${token}`) return refused("invalid_auth");
  return fields ? callMethod(workspace, method, fields) : refused("invalid_json");
}

function end(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}

/** The fields of a form or JSON body; undefined for anything else. */
async function readFields(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (!request.headers["content-type"]?.startsWith("application/json")) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

interface Typed {
  /** With the slash: `/amint`. */
  readonly command: string;
  /** The text after it. */
  readonly text: string;
  readonly user: SlackUser;
  readonly channel: string;
  readonly channelId: string;
  readonly responseUrl: string;
  /** Slack's timestamp, which makes its trigger id unique. */
  readonly ts: string;
}

/** The fields of a slash command's form (Slack, "Enabling interactivity with Slash commands"). */
const slashCommand = ({ command, text, user, channel, channelId, responseUrl, ts }: Typed) => ({
  // The deprecated verification token, which signatures replaced.
  token: "0123456789abcdefABCDEF00",
  team_id: TEAM.id,
  team_domain: TEAM.domain,
  channel_id: channelId,
  channel_name: channel.replace(/^#/, ""),
  user_id: user.id,
  user_name: user.name,
  command,
  text,
  api_app_id: APP.id,
  is_enterprise_install: "false",
  response_url: responseUrl,
  trigger_id: `${ts.replace(".", "")}.${TEAM.id.slice(1)}.${APP.id}`,
});
