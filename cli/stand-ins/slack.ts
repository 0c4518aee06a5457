import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface PostedMessage {
  readonly channel: string;
  readonly text: string;
  readonly blocks: readonly Record<string, unknown>[];
}

export interface SlackStandIn {
  /** Base of the Web API, with a slash at its end. */
  readonly url: string;
  readonly messages: readonly PostedMessage[];
  close(): void;
}

/**
 * Slack's Web API as far as the factory uses it, on 127.0.0.1. Refuses as Slack does: HTTP 200 with `ok: false` and
 * Slack's error code (Web API reference, chat.postMessage and "Evaluating responses").
 */
export async function startSlack(token: string): Promise<SlackStandIn> {
  const messages: PostedMessage[] = [];
  const server = createServer(async (request, response) => {
    const answer = decide(request, await readBody(request), token);
    if (answer.message) messages.push(answer.message);
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(answer.error ? { ok: false, error: answer.error } : accepted(answer, messages.length)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/api/`, messages, close: () => server.close() };
}

interface Answer {
  readonly error?: string;
  readonly message?: PostedMessage;
}

const accepted = ({ message }: Answer, count: number) => ({
  ok: true,
  channel: `C${String(1).padStart(10, "0")}`,
  ts: `${1_700_000_000 + count}.000100`,
  message,
});

function decide(request: IncomingMessage, fields: Record<string, unknown>, token: string): Answer {
  if (request.url !== "/api/chat.postMessage") return { error: "unknown_method" };
  const authorization = request.headers.authorization;
  if (!authorization) return { error: "not_authed" };
  if (authorization !== `Bearer ${token}`) return { error: "invalid_auth" };
  const { channel, text } = fields;
  if (typeof channel !== "string" || channel === "") return { error: "channel_not_found" };
  const blocks = toBlocks(fields.blocks);
  if (blocks === undefined) return { error: "invalid_blocks_format" };
  if (!blocks.every(isValidBlock) || blocks.length > 50) return { error: "invalid_blocks" };
  if (typeof text !== "string" || (text === "" && blocks.length === 0)) return { error: "no_text" };
  if (text.length > 40_000) return { error: "msg_too_long" };
  return { message: { channel, text, blocks } };
}

function toBlocks(value: unknown): Record<string, unknown>[] | undefined {
  if (value === undefined) return [];
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The two kinds of block that notices use, with Block Kit's limits. Another kind is none that we post. */
function isValidBlock({ type, text }: Record<string, unknown>): boolean {
  if (typeof text !== "object" || text === null || !("text" in text) || !("type" in text)) return false;
  const length = typeof text.text === "string" ? text.text.length : 0;
  if (type === "header") return text.type === "plain_text" && length >= 1 && length <= 150;
  if (type === "section") return ["mrkdwn", "plain_text"].includes(String(text.type)) && length >= 1 && length <= 3000;
  return false;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  if (request.headers["content-type"]?.startsWith("application/json")) return JSON.parse(body);
  return Object.fromEntries(new URLSearchParams(body));
}
