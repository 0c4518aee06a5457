import { WebClient } from "@slack/web-api";
import { expect, onTestFinished, test } from "vitest";
import { postNotice } from "../../adapters/slack.ts";
import { startSlack } from "../../cli/stand-ins/slack.ts";

const notice = {
  title: "al2023-base: stable is now 1.2.3/4",
  lines: ["a <b> & c"],
  tone: "good",
  attributes: {},
} as const;

async function slack() {
  const running = await startSlack("xoxb-right");
  onTestFinished(() => running.close());
  return running;
}

const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error) => error.data?.error,
  );

test("a notice arrives as Block Kit, with what Slack reserves escaped", async () => {
  const { url, messages } = await slack();

  await postNotice({ token: "xoxb-right", channel: "#golden-images", apiUrl: url }, notice);

  expect(messages).toMatchObject([{ channel: "#golden-images", text: notice.title }]);
  expect(messages[0]?.blocks.map(({ type }) => type)).toEqual(["header", "section"]);
  expect(JSON.stringify(messages[0]?.blocks)).toContain("a &lt;b&gt; &amp; c");
});

test("a very long notice is cut to what Slack takes", async () => {
  const { url, messages } = await slack();
  const long = { ...notice, title: "x".repeat(400), lines: Array.from({ length: 500 }, (_, n) => `line & ${n}`) };

  await postNotice({ token: "xoxb-right", channel: "#golden-images", apiUrl: url }, long);

  expect(messages).toHaveLength(1);
});

test("the stand-in refuses as Slack does", async () => {
  const { url, messages } = await slack();
  const as = (token?: string) => new WebClient(token, { slackApiUrl: url, retryConfig: { retries: 0 } });
  const right = as("xoxb-right");

  expect(await refusal(as("xoxb-wrong").chat.postMessage({ channel: "C1", text: "x" }))).toBe("invalid_auth");
  expect(await refusal(as().chat.postMessage({ channel: "C1", text: "x" }))).toBe("not_authed");
  expect(await refusal(right.chat.postMessage({ channel: "", text: "x" }))).toBe("channel_not_found");
  expect(await refusal(right.chat.postMessage({ channel: "C1", text: "" }))).toBe("no_text");
  expect(await refusal(right.apiCall("chat.meMessage", { channel: "C1", text: "x" }))).toBe("unknown_method");
  const tooLong = [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] as const;
  expect(await refusal(right.chat.postMessage({ channel: "C1", text: "x", blocks: [...tooLong] }))).toBe(
    "invalid_blocks",
  );
  expect(messages).toEqual([]);
});
