import { WebClient } from "@slack/web-api";
import { expect, test } from "vitest";
import { postNotice } from "../../adapters/notice/slack.ts";
import { actions, button, question, slack } from "./slack-workspace.ts";

const notice = {
  title: "al2023-base: channel stable moved to build 1.2.3/4",
  lines: ["a <b> & c"],
  tone: "good",
  attributes: {},
} as const;
const refusal = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error) => error.data?.error,
  );

test("a notice arrives as Block Kit, with what Slack reserves escaped", async () => {
  const { url, messages } = await slack();

  await postNotice({ token: async () => "xoxb-right", channel: "#golden-images", apiUrl: url }, notice);

  expect(messages).toMatchObject([{ channel: "#golden-images", text: notice.title }]);
  expect(messages[0]?.blocks.map(({ type }) => type)).toEqual(["header", "section"]);
  expect(JSON.stringify(messages[0]?.blocks)).toContain("a &lt;b&gt; &amp; c");
});

test("a very long notice is cut to Slack's limits", async () => {
  const { url, messages } = await slack();
  const long = { ...notice, title: "x".repeat(400), lines: Array.from({ length: 500 }, (_, n) => `line & ${n}`) };

  await postNotice({ token: async () => "xoxb-right", channel: "#golden-images", apiUrl: url }, long);

  expect(messages).toHaveLength(1);
});

test("the stand-in refuses as Slack does", async () => {
  const { url, messages, client } = await slack();
  const right = client();
  const anonymous = new WebClient(undefined, { slackApiUrl: url, retryConfig: { retries: 0 } });

  expect(await refusal(client("xoxb-wrong").chat.postMessage({ channel: "C1", text: "x" }))).toBe("invalid_auth");
  expect(await refusal(anonymous.chat.postMessage({ channel: "C1", text: "x" }))).toBe("not_authed");
  expect(await refusal(right.chat.postMessage({ channel: "", text: "x" }))).toBe("channel_not_found");
  expect(await refusal(right.chat.postMessage({ channel: "C1", text: "" }))).toBe("no_text");
  expect(await refusal(right.chat.postMessage({ channel: "C1", text: "x".repeat(40_001) }))).toBe("msg_too_long");
  expect(await refusal(right.apiCall("chat.meMessage", { channel: "C1", text: "x" }))).toBe("unknown_method");
  expect(await refusal(right.chat.postMessage({ channel: "C1", text: "x", blocks: "{" as never }))).toBe(
    "invalid_blocks_format",
  );
  expect(messages).toEqual([]);
});

const text = (characters: number, type = "plain_text") => ({ type, text: "x".repeat(characters) });
test.each<[what: string, taken: object[], refused: object[], where: string]>([
  ["header", [{ type: "header", text: text(150) }], [{ type: "header", text: text(151) }], "/blocks/0/text/text"],
  ["header's kind", [], [{ type: "header", text: text(1, "mrkdwn") }], "/blocks/0/text/type"],
  ["section", [{ type: "section", text: text(3000) }], [{ type: "section", text: text(3001) }], "/blocks/0/text/text"],
  [
    "fields",
    [{ type: "section", fields: Array(10).fill(text(2000)) }],
    [{ type: "section", fields: Array(11).fill(text(1)) }],
    "/blocks/0/fields",
  ],
  ["section without anything", [], [{ type: "section" }], "/blocks/0"],
  [
    "buttons in a row",
    [actions(...Array.from({ length: 25 }, (_, n) => button(`${n}`)))],
    [actions(...Array.from({ length: 26 }, (_, n) => button(`${n}`)))],
    "/blocks/0/elements",
  ],
  ["no buttons", [], [actions()], "/blocks/0/elements"],
  ["action_id", [actions(button("x".repeat(75)))], [actions(button("x".repeat(256), { text: text(1) }))], "action_id"],
  ["action_id twice", [], [actions(button("a"), button("a"))], "/blocks/0/elements"],
  [
    "value",
    [actions(button("a", { value: "x".repeat(2000) }))],
    [actions(button("a", { value: "x".repeat(2001) }))],
    "/blocks/0/elements/0/value",
  ],
  ["button's text", [], [actions(button("a", { text: text(76) }))], "/blocks/0/elements/0/text/text"],
  ["style", [], [actions(button("a", { style: "loud" }))], "/blocks/0/elements/0/style"],
  [
    "confirm",
    [actions(button("a", { confirm: { title: text(100), text: text(300), confirm: text(30), deny: text(30) } }))],
    [actions(button("a", { confirm: { title: text(101), text: text(300), confirm: text(30), deny: text(30) } }))],
    "/blocks/0/elements/0/confirm/title/text",
  ],
  ["context", [{ type: "context", elements: [text(1, "mrkdwn")] }], [{ type: "context", elements: [] }], "elements"],
  ["block_id twice", [], [1, 2].map(() => ({ type: "divider", block_id: "same" })), "/blocks"],
  ["unknown kind", [{ type: "divider" }], [{ type: "carousel" }], "/blocks/0/type"],
  ["too many", Array(50).fill({ type: "divider" }), Array(51).fill({ type: "divider" }), "/blocks"],
])("Block Kit's limits hold: %s", async (_, taken, refused, where) => {
  const { client, messages } = await slack();
  const post = (blocks: object[]) => client().chat.postMessage({ channel: "C1", text: "x", blocks: blocks as never });

  if (taken.length > 0) await post(taken);
  const error = await post(refused).catch((cause) => cause.data);

  expect(error).toMatchObject({ ok: false, error: "invalid_blocks" });
  expect(error.response_metadata.messages.join()).toContain(`${where}]`);
  expect(messages).toHaveLength(taken.length > 0 ? 1 : 0);
});

test("a message is updated in place, by the id of its channel and its timestamp", async () => {
  const { client, messages, pass } = await slack();
  const first = await client().chat.postMessage({ channel: "#golden-images", text: "waiting", blocks: question });
  await client().chat.postMessage({ channel: "#golden-images", text: "another" });
  pass(60_000);
  const at = { channel: first.channel ?? "", ts: first.ts ?? "" };

  await client().chat.update({ ...at, text: "approved by ada" });
  const kept = messages[0]?.blocks;
  const updated = await client().chat.update({ ...at, text: "in stable", blocks: [{ type: "divider" }] });

  expect(first.ts).toMatch(/^1775030400\.\d{6}$/);
  expect(updated).toMatchObject({ ok: true, ...at, text: "in stable" });
  expect(messages.map((one) => one.text)).toEqual(["in stable", "another"]);
  expect(messages[0]?.before.map((one) => one.text)).toEqual(["waiting", "approved by ada"]);
  expect(kept).toMatchObject(question);
  expect(messages[0]?.blocks).toMatchObject([{ type: "divider" }]);
});

test("an update of a missing message is refused", async () => {
  const { client, messages } = await slack();
  const { channel = "", ts = "" } = await client().chat.postMessage({ channel: "#golden-images", text: "one" });
  const update = (more: object) => refusal(client().chat.update({ channel, ts, text: "two", ...more }));

  expect(await update({ ts: "1775030400.999999" })).toBe("message_not_found");
  expect(await update({ channel: "C999" })).toBe("channel_not_found");
  expect(await update({ channel: "#golden-images" })).toBe("channel_not_found");
  expect(await update({ text: "" })).toBe("no_text");
  expect(messages.map((one) => one.text)).toEqual(["one"]);
});

test("a client that asks too often gets Retry-After, and nothing is posted meanwhile", async () => {
  const { client, messages, limit } = await slack();
  limit({ requests: 1, retryAfterSeconds: 30 });

  const first = await client()
    .chat.postMessage({ channel: "C1", text: "x" })
    .catch((cause) => cause);
  await client().chat.postMessage({ channel: "C1", text: "y" });

  expect(first).toMatchObject({ code: "slack_webapi_rate_limited_error", retryAfter: 30 });
  expect(messages.map((one) => one.text)).toEqual(["y"]);
});
