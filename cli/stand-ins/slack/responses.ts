import { createHash } from "node:crypto";
import { readContent, refused } from "./web-api.ts";
import type { PostedMessage, Workspace } from "./workspace.ts";

/** What an app said by an interaction's `response_url`, or in its answer to a command. */
export interface SlackReply {
  /** Who clicked: only they see an ephemeral reply. */
  readonly userId: string;
  readonly ephemeral: boolean;
  readonly text: string;
}

/** Slack, "Handling user interaction": a response URL takes five answers within thirty minutes. */
const LIFETIME_MS = 30 * 60_000;
const MOST_USES = 5;

interface Opened {
  /** None for a slash command. */
  readonly message: PostedMessage | undefined;
  readonly userId: string;
  readonly until: number;
  uses: number;
}

/** The addresses at which an app can answer a click without a token. */
export class Responses {
  readonly replies: SlackReply[] = [];
  readonly #open = new Map<string, Opened>();
  readonly #workspace: Workspace;
  readonly #now: () => number;

  constructor(workspace: Workspace, now: () => number) {
    this.#workspace = workspace;
    this.#now = now;
  }

  /** A path of its own for one click, or one command. */
  open(message: PostedMessage | undefined, userId: string): string {
    const seed = `${this.#open.size} ${message?.ts ?? "command"} ${userId}`;
    const secret = createHash("sha256").update(seed).digest("hex").slice(0, 24);
    const path = `/${message ? "actions" : "commands"}/${secret}`;
    this.#open.set(path, { message, userId, until: this.#now() + LIFETIME_MS, uses: 0 });
    return path;
  }

  /** Undefined where the path is none of these. */
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

  /** What the answer to a command says at once, if anything. */
  keepAnswer(userId: string, { status, body }: { readonly status: number; readonly body: string }): void {
    if (status !== 200 || body === "") return;
    const fields = body.startsWith("{") ? (JSON.parse(body) as Record<string, unknown>) : { text: body };
    this.#keep(userId, fields, String(fields.text ?? ""));
  }

  #keep(userId: string, { response_type }: Readonly<Record<string, unknown>>, text = ""): void {
    this.replies.push({ userId, ephemeral: response_type !== "in_channel", text });
  }
}
