import { createHash } from "node:crypto";
import type { Block } from "./block-kit.ts";

/** Ids that Slack assigned to the team, its app and the app's bot. */
export const TEAM = { id: "T0000000001", domain: "golden-images" } as const;
export const APP = { id: "A0000000001", bot: "B0000000001", user: "U0000000001" } as const;

interface MessageContent {
  readonly text: string;
  /** Slack adds ids that the app omitted. */
  readonly blocks: readonly Block[];
}

/** A message's current state; an update replaces the object. */
export interface PostedMessage extends MessageContent {
  /** As the app gave it: `#golden-images`, or the id. */
  readonly channel: string;
  readonly channelId: string;
  /** Its id within the channel. */
  readonly ts: string;
  /** Its content before each update, oldest first. */
  readonly before: readonly MessageContent[];
}

/** A workspace's messages; every app may write to every channel. */
export class Workspace {
  /** In the order in which they were posted. */
  readonly messages: PostedMessage[] = [];
  readonly #now: () => number;
  readonly #channels = new Map<string, string>();
  #stamps = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  post(channel: string, text: string, blocks: readonly Block[]): PostedMessage {
    const ts = this.timestamp();
    const content = { text, blocks: withIds(blocks, ts) };
    const message = { channel, channelId: this.idOf(channel), ts, ...content, before: [] };
    this.messages.push(message);
    return message;
  }

  hasChannel(id: string): boolean {
    return [...this.#channels.values()].includes(id);
  }

  find(channelId: string, ts: string): PostedMessage | undefined {
    return this.messages.find((one) => one.channelId === channelId && one.ts === ts);
  }

  /** Omitted blocks stay (Web API reference, chat.update). */
  update(message: PostedMessage, { text, blocks }: { text?: string; blocks?: readonly Block[] }): PostedMessage {
    const { text: oldText, blocks: oldBlocks } = message;
    const changed = {
      ...message,
      text: text ?? oldText,
      blocks: blocks === undefined ? oldBlocks : withIds(blocks, `${message.ts} ${message.before.length}`),
      before: [...message.before, { text: oldText, blocks: oldBlocks }],
    };
    this.messages[this.messages.indexOf(message)] = changed;
    return changed;
  }

  /** Seconds and a unique number: `1775030400.000100`. */
  timestamp(): string {
    this.#stamps++;
    return `${Math.floor(this.#now() / 1_000)}.${String(this.#stamps * 100).padStart(6, "0")}`;
  }

  /** A channel's id, given its name or id. */
  idOf(channel: string): string {
    const known = this.#channels.get(channel);
    const id = known ?? (isId(channel) ? channel : `C${String(this.#channels.size + 1).padStart(10, "0")}`);
    this.#channels.set(channel, id);
    return id;
  }
}

const isId = (channel: string): boolean => /^[CDG][A-Z0-9]+$/.test(channel);

/** Slack assigns omitted ids, so that interactions can name their origin. */
const withIds = (blocks: readonly Block[], seed: string): Block[] =>
  blocks.map((block, index) => ({
    ...block,
    block_id: block.block_id ?? madeUp(`${seed} ${index}`),
    ...(Array.isArray(block.elements) && {
      elements: block.elements.map((one: Block, at) => withActionId(one, `${seed} ${index} ${at}`)),
    }),
    ...(block.accessory !== undefined && { accessory: withActionId(block.accessory as Block, `${seed} ${index} a`) }),
  }));

const withActionId = (element: Block, seed: string): Block =>
  element.type === "button" ? { ...element, action_id: element.action_id ?? madeUp(seed) } : element;

const madeUp = (seed: string): string => createHash("sha256").update(seed).digest("base64url").slice(0, 5);
