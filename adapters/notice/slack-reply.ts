import { toSlackText } from "../../core/notice/foreign-text.ts";

/** An answer is small and soon there, or it does not come. */
const PATIENCE_MS = 5_000;

const MOST_TEXT = 3_000;

/** Where Slack takes answers to clicks (Slack, "Handling user interaction": response_url). */
const SLACK_HOOKS = "https://hooks.slack.com";

/**
 * Tells the one who clicked, and nobody else, what became of it.
 * @param responseUrl from an interaction that is known to be Slack's; it is good for half an hour
 * @param apiUrl of the Web API; where that is a stand-in, it takes the answers, too
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

/** Slack did not take an answer to a click. Its address is a secret for half an hour, so it is not named. */
class SlackReplyRefused extends Error {
  override readonly name = "SlackReplyRefused";

  constructor(why: string) {
    super(`Slack did not take the reply to a click: ${why}`);
  }
}
