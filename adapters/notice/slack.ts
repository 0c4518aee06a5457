import { type KnownBlock, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from "@slack/web-api";
import type { Notice } from "../../core/notice/notice.ts";
import { type SlackButtons, toBlocks, toFallback } from "../../core/notice/slack-blocks.ts";

/** As whom an app speaks, and where Slack listens. */
interface SlackApp {
  /** The bot's token; given one that Slack rejects, the one that has replaced it, or the same. */
  readonly token: (rejected?: string) => Promise<string>;
  /** Of Slack's Web API, with a slash at its end. */
  readonly apiUrl: string;
}

/** Where a Slack app speaks, and as whom. */
export interface SlackChannel extends SlackApp {
  readonly channel: string;
}

/** A message as `chat.update` wants it: the channel's id, and the message's timestamp in it. */
export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
}

/** How long one call waits in all for Slack to take messages again. */
const PATIENCE_SECONDS = 90;

/** What `chat.update` answers where a message can be written no more (Web API reference, "chat.update": errors). */
const GONE = ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"];

/**
 * Posts a notice. The title is the text that notifications and screen readers use.
 * @param buttons what can be done about it
 * @returns where it is now
 * @throws SlackBusy, SlackRefused
 */
export const postNotice = (slack: SlackChannel, notice: Notice, buttons?: SlackButtons): Promise<SlackMessage> =>
  post(slack, { channel: slack.channel, ...toContent(notice, buttons) });

/** Says something more below a message, and in the channel: an update of the message calls nobody. */
export const replyToMessage = (
  slack: SlackChannel,
  { channel, ts }: SlackMessage,
  notice: Notice,
): Promise<SlackMessage> => post(slack, { channel, thread_ts: ts, reply_broadcast: true, ...toContent(notice) });

/**
 * Puts another notice in a message's place.
 * @returns false where the message is there no more, or cannot be changed
 * @throws SlackBusy, SlackRefused
 */
export const updateNotice = (
  slack: SlackApp,
  message: SlackMessage,
  notice: Notice,
  buttons?: SlackButtons,
): Promise<boolean> => update(slack, { ...message, ...toContent(notice, buttons) });

/**
 * Puts other blocks in a message's place, and keeps its text.
 * @param message with the text that notifications and screen readers use
 * @returns false where the message is there no more, or cannot be changed
 * @throws SlackBusy, SlackRefused
 */
export const updateBlocks = (
  slack: SlackApp,
  { channel, ts, text }: SlackMessage & { readonly text: string },
  blocks: readonly object[],
): Promise<boolean> => update(slack, { channel, ts, text, blocks: blocks as KnownBlock[] });

type Updating = SlackMessage & { readonly text: string; readonly blocks: KnownBlock[] };

async function update(slack: SlackApp, content: Updating): Promise<boolean> {
  try {
    await patiently(slack, content.channel, (client) => client.chat.update(content));
    return true;
  } catch (error) {
    if (error instanceof SlackRefused && GONE.includes(error.reason)) return false;
    throw error;
  }
}

const toContent = (notice: Notice, buttons?: SlackButtons) => ({
  text: toFallback(notice),
  blocks: toBlocks(notice, buttons),
});

type Posting = Parameters<WebClient["chat"]["postMessage"]>[0];

async function post(slack: SlackChannel, posting: Posting & { channel: string }): Promise<SlackMessage> {
  const { channel, ts } = await patiently(slack, posting.channel, (client) => client.chat.postMessage(posting));
  if (!channel || !ts) throw new SlackRefused(posting.channel, "it does not say where the message is");
  return { channel, ts };
}

/** What every method answers to a token that is not, or no longer, good (Web API reference, common errors). */
const REJECTED = ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"];

/** Slack says by `Retry-After` when it takes the next message (Slack, "Rate limits"); that long it is left alone. */
async function patiently<T>(
  { token, apiUrl }: SlackApp,
  channel: string,
  call: (client: WebClient) => Promise<T>,
): Promise<T> {
  const clientWith = (bearer: string) =>
    new WebClient(bearer, { retryConfig: { retries: 2 }, rejectRateLimitedCalls: true, slackApiUrl: apiUrl });
  let bearer = await token();
  for (let left = PATIENCE_SECONDS; ; ) {
    try {
      return await call(clientWith(bearer));
    } catch (cause) {
      if (cause instanceof WebAPIPlatformError && REJECTED.includes(cause.data.error)) {
        const replaced = await token(bearer);
        if (replaced !== bearer) {
          bearer = replaced;
          continue;
        }
      }
      if (cause instanceof WebAPIPlatformError) throw new SlackRefused(channel, cause.data.error, { cause });
      if (!(cause instanceof WebAPIRateLimitedError)) throw cause;
      const wait = Math.max(1, cause.retryAfter);
      if (wait > left) throw new SlackBusy(channel, wait, { cause });
      left -= wait;
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
  }
}

/** Slack is asked too often, and wants to be left alone for longer than this call can wait. */
class SlackBusy extends Error {
  override readonly name = "SlackBusy";

  constructor(channel: string, seconds: number, options: ErrorOptions) {
    super(`Slack takes no message to ${channel} for another ${seconds} s.`, options);
  }
}

/** Slack does not want a message; its reference page of the method says what the reason means. */
class SlackRefused extends Error {
  override readonly name = "SlackRefused";
  readonly reason: string;

  constructor(channel: string, reason: string, options?: ErrorOptions) {
    super(
      `Slack did not take a message to ${channel}: ${reason}. The channel must exist, and the app be a member of it.`,
      options,
    );
    this.reason = reason;
  }
}
