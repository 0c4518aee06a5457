import { createHash } from "node:crypto";
import { readContent, refused } from "./web-api.ts";
import type { PostedMessage, Workspace } from "./workspace.ts";

/** An app's reply through an interaction's `response_url`, or its answer to a command. */
export interface SlackReply {
  /** The user who clicked; only they see an ephemeral reply. */
  readonly userId: string;
  readonly ephemeral: boolean;
  readonly text: string;
}

/** Slack, "Handling user interaction": a response URL accepts five answers within thirty minutes. */
const LIFETIME_MS = 30 * 60_000;
const MOST_USES = 5;

interface Opened {
  /** Undefined for a slash command. */
  readonly message: PostedMessage | undefined;
  readonly userId: string;
  readonly until: number;
  uses: number;
}

/** Response URLs, where an app answers a click without a token. */
export class Responses {
  readonly replies: SlackReply[] = [];
  readonly #open = new Map<string, Opened>();
  readonly #workspace: Workspace;
  readonly #now: () => number;

  constructor(workspace: Workspace, now: () => number) {
    this.#workspace = workspace;
    this.#now = now;
  }

  /** A new path for one click or command. */
  open(message: PostedMessage | undefined, userId: string): string {
    const seed = `${this.#open.size} ${message?.ts ?? "command"} ${userId}`;
    const secret = createHash("sha256").update(seed).digest("hex").slice(0, 24);
    const path = `/${message ? "actions" : "commands"}/${secret}`;
    this.#open.set(path, { message, userId, until: this.#now() + LIFETIME_MS, uses: 0 });
    return path;
  }

  /** Undefined if the path is not an open response URL. */
  answer(path: string, fields: Readonly<Record<string, unknown>>): { status: number; body: object } | undefined {
    const opened = this.#open.get(path);
    if (!opened) return undefined;
    if (this.#now() >= opened.until) return { status: 404, body: refused("expired_url") };
    if (++opened.uses > MOST_USES) return { status: 404, body: refused("used_url") };
    const content = readContent(fields);
    if ("ok" in content) return { status: 400, body: content };
    const { message } = opened;
    const current = message && this.#workspace.find(message.channelId, message.ts);
    if (fields.replace_original === true && current) this.#workspace.update(current, content);
    else this.#keep(opened.userId, fields, content.text);
    return { status: 200, body: { ok: true } };
  }

  /** Records the immediate answer to a command, if any. */
  keepAnswer(userId: string, { status, body }: { readonly status: number; readonly body: string }): void {
    if (status !== 200 || body === "") return;
    const fields = body.startsWith("{") ? (JSON.parse(body) as Record<string, unknown>) : { text: body };
    this.#keep(userId, fields, String(fields.text ?? ""));
  }

  #keep(userId: string, { response_type }: Readonly<Record<string, unknown>>, text = ""): void {
    this.replies.push({ userId, ephemeral: response_type !== "in_channel", text });
  }
}
