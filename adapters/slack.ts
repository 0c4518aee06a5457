import { WebClient } from "@slack/web-api";
import type { Notice } from "../core/notice.ts";
import { toBlocks } from "../core/slack-blocks.ts";

/** Where a Slack app speaks, and as whom. */
export interface SlackChannel {
  readonly token: string;
  readonly channel: string;
  /** Of Slack's Web API, with a slash at its end. */
  readonly apiUrl: string;
}

/** Posts a notice. The title is the text that notifications and screen readers use. */
export async function postNotice({ token, channel, apiUrl }: SlackChannel, notice: Notice): Promise<void> {
  const slack = new WebClient(token, { retryConfig: { retries: 2 }, slackApiUrl: apiUrl });
  await slack.chat.postMessage({ channel, text: notice.title, blocks: toBlocks(notice) });
}
