import { toSlackText } from "../../core/notice/foreign-text.ts";

/** Slack responds quickly, or not at all. */
const PATIENCE_MS = 5_000;

const MOST_TEXT = 3_000;

/** Slack's host for replies to interactions (Slack, "Handling user interaction": response_url). */
const SLACK_HOOKS = "https://hooks.slack.com";

/**
 * Replies to a user's click or command, visible only to them.
 * @param responseUrl from a verified Slack interaction; valid for half an hour
 * @param apiUrl the Web API's; a stand-in receives replies, too
 * @throws SlackReplyRefused
 */
export async function replyInSlack(responseUrl: string, apiUrl: string, text: string): Promise<void> {
  const { origin } = new URL(responseUrl);
  if (origin !== SLACK_HOOKS && origin !== new URL(apiUrl).origin)
    throw new SlackReplyRefused(`${origin} is not Slack`);
  const answered = await fetch(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text: toSlackText(text, MOST_TEXT) }),
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answered.ok) throw new SlackReplyRefused(`HTTP ${answered.status}`);
}

/** Slack rejected a reply. Its URL is a secret for half an hour, so the message does not include it. */
class SlackReplyRefused extends Error {
  override readonly name = "SlackReplyRefused";

  constructor(why: string) {
    super(`Slack rejected the reply to a click: ${why}`);
  }
}
