import { type KnownBlock, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from "@slack/web-api";
import type { Notice } from "../../core/notice/notice.ts";
import { type SlackButtons, toBlocks, toFallback } from "../../core/notice/slack-blocks.ts";

/** The Slack app's identity and endpoint. */
interface SlackApp {
  /** The bot token; called with a rejected token, it returns the replacement, or the same one. */
  readonly token: (rejected?: string) => Promise<string>;
  /** The base URL of Slack's Web API, with a trailing slash. */
  readonly apiUrl: string;
}

/** The Slack app and the channel it posts to. */
export interface SlackChannel extends SlackApp {
  readonly channel: string;
}

/** A message for `chat.update`: the channel's id and the message's timestamp. */
export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
}

/** How long one call waits in total while Slack throttles. */
const PATIENCE_SECONDS = 90;

/** Errors of `chat.update` where a message can no longer be updated (Web API reference, "chat.update": errors). */
const GONE = ["message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"];

/**
 * Posts a notice. Notifications and screen readers use the title.
 * @param buttons its actions
 * @returns the message
 * @throws SlackBusy, SlackRefused
 */
export const postNotice = (slack: SlackChannel, notice: Notice, buttons?: SlackButtons): Promise<SlackMessage> =>
  post(slack, { channel: slack.channel, ...toContent(notice, buttons) });

/** Replies to a message, and shows the reply in the channel: updating a message notifies no one. */
export const replyToMessage = (
  slack: SlackChannel,
  { channel, ts }: SlackMessage,
  notice: Notice,
): Promise<SlackMessage> => post(slack, { channel, thread_ts: ts, reply_broadcast: true, ...toContent(notice) });

/**
 * Replaces a message by another notice.
 * @returns false where the message does not exist or cannot be updated
 * @throws SlackBusy, SlackRefused
 */
export const updateNotice = (
  slack: SlackApp,
  message: SlackMessage,
  notice: Notice,
  buttons?: SlackButtons,
): Promise<boolean> => update(slack, { ...message, ...toContent(notice, buttons) });

/**
 * Replaces a message's blocks and keeps its text.
 * @param message with the text for notifications and screen readers
 * @returns false where the message does not exist or cannot be updated
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
  if (!channel || !ts) throw new SlackRefused(posting.channel, "the response does not identify the message");
  return { channel, ts };
}

/** Errors of every method for an invalid or revoked token (Web API reference, common errors). */
const REJECTED = ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"];

/** Waits as long as Slack's `Retry-After` header requires (Slack, "Rate limits"). */
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

/** Slack throttles for longer than this call can wait. */
class SlackBusy extends Error {
  override readonly name = "SlackBusy";

  constructor(channel: string, seconds: number, options: ErrorOptions) {
    super(`Slack throttles messages to ${channel} for another ${seconds} s; the notice is sent again later.`, options);
  }
}

/** Slack rejected a message; the method's reference page explains the reason. */
class SlackRefused extends Error {
  override readonly name = "SlackRefused";
  readonly reason: string;

  constructor(channel: string, reason: string, options?: ErrorOptions) {
    super(
      `Slack rejected a message to ${channel}: ${reason}. The channel must exist, and the app must be a member of it.`,
      options,
    );
    this.reason = reason;
  }
}
