import { type Block, blockFaults } from "./block-kit.ts";
import { APP, type PostedMessage, TEAM, type Workspace } from "./workspace.ts";

/** A method's answer, always with HTTP 200 (Web API, "Evaluating responses"). */
export type MethodAnswer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

type Fields = Readonly<Record<string, unknown>>;

interface Content {
  readonly text?: string;
  readonly blocks?: readonly Block[];
}

const MOST_TEXT = 40_000;

/** The methods that the factory uses; Slack's error codes are those of each method's reference page. */
const METHODS: Readonly<Record<string, (workspace: Workspace, fields: Fields) => MethodAnswer>> = {
  "chat.postMessage"(workspace, { channel, ...fields }) {
    if (typeof channel !== "string" || channel === "") return refused("channel_not_found");
    const content = readContent(fields);
    if ("ok" in content) return content;
    return accepted(workspace.post(channel, content.text ?? "", content.blocks ?? []));
  },
  "chat.update"(workspace, { channel, ts, ...fields }) {
    // chat.update accepts only the channel's id, not its name.
    if (typeof channel !== "string" || !workspace.hasChannel(channel)) return refused("channel_not_found");
    const message = workspace.find(channel, String(ts));
    if (!message) return refused("message_not_found");
    const content = readContent(fields);
    if ("ok" in content) return content;
    return accepted(workspace.update(message, content));
  },
};

/** @param method such as `chat.postMessage`; undefined if the path names no method */
export function callMethod(workspace: Workspace, method: string | undefined, fields: Fields): MethodAnswer {
  const call = method !== undefined && Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  return call ? call(workspace, fields) : refused("unknown_method");
}

export const refused = (error: string, more: object = {}): MethodAnswer => ({ ok: false, error, ...more });

const accepted = (message: PostedMessage): MethodAnswer => ({
  ok: true,
  channel: message.channelId,
  ts: message.ts,
  text: message.text,
  message: messageObject(message),
});

/** A message as it appears in answers and interactions. */
export const messageObject = ({ ts, text, blocks, before }: PostedMessage) => ({
  user: APP.user,
  type: "message",
  ts,
  bot_id: APP.bot,
  app_id: APP.id,
  text,
  team: TEAM.id,
  ...(before.length > 0 && { edited: { user: APP.bot, ts } }),
  blocks,
});

/** The message's content, or an error answer. */
export function readContent({ text, blocks }: Fields): Content | MethodAnswer {
  const list = toList(blocks);
  if (list === "no list") return refused("invalid_blocks_format");
  const faults = blockFaults(list ?? []);
  if (faults.length > 0) return refused("invalid_blocks", { response_metadata: { messages: faults } });
  if (text !== undefined && typeof text !== "string") return refused("no_text");
  if (!text && !list?.length) return refused("no_text");
  if ((text ?? "").length > MOST_TEXT) return refused("msg_too_long");
  return { ...(text !== undefined && { text }), ...(list !== undefined && { blocks: list as readonly Block[] }) };
}

/** A list as JSON in a form field, or as a value. */
function toList(value: unknown): unknown[] | undefined | "no list" {
  if (value === undefined) return undefined;
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return Array.isArray(parsed) ? parsed : "no list";
  } catch {
    return "no list";
  }
}
