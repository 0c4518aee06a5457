import { WebClient } from "@slack/web-api";
import { expect, onTestFinished, test } from "vitest";
import { startSlack } from "../../local/slack/slack.ts";
import { ada, app, asked, listening, question, START, sign, slack } from "./slack-workspace.ts";

const payloadOf = (body: string) => JSON.parse(new URLSearchParams(body).get("payload") ?? "null");
const signedAt = ({ headers }: { headers: Record<string, unknown> }) => String(headers["x-slack-request-timestamp"]);

test("a click reaches the app as Slack sends it, signed over the raw body", async () => {
  const { press, message, requests } = await asked();

  const pressed = await press(message, "approve", ada);

  const [request] = requests;
  expect(pressed).toMatchObject({ status: 200, body: "thanks", tookMs: 0 });
  expect(request?.headers).toMatchObject({
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": String(START / 1_000),
    "x-slack-signature": sign(String(START / 1_000), request?.body ?? ""),
  });
  expect(payloadOf(request?.body ?? "")).toMatchObject({
    type: "block_actions",
    user: { id: ada.id, username: "ada", team_id: expect.stringMatching(/^T/) },
    api_app_id: expect.stringMatching(/^A/),
    token: expect.any(String),
    container: { type: "message", message_ts: message.ts, channel_id: message.channelId },
    trigger_id: expect.any(String),
    team: { id: expect.stringMatching(/^T/), domain: expect.any(String) },
    channel: { id: message.channelId, name: "golden-images" },
    message: { type: "message", ts: message.ts, text: "Approve?", blocks: [{ type: "actions" }] },
    response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/actions\//),
    actions: [
      {
        type: "button",
        action_id: "approve",
        block_id: expect.any(String),
        value: "b-1",
        style: "primary",
        text: { type: "plain_text", text: "approve" },
        action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
      },
    ],
  });
});

test.each(["secret", "body", "unsigned"] as const)("a forged click has no valid signature: %s", async (forged) => {
  const { press, message, requests } = await asked();

  await press(message, "approve", ada, { forged });

  const [request] = requests;
  const right = sign(String(START / 1_000), request?.body ?? "");
  expect(request?.headers["x-slack-signature"]).not.toBe(right);
  expect(payloadOf(request?.body ?? "").user.id).toBe(forged === "body" ? "U0MALLORY" : ada.id);
});

test("a late click has a valid old signature; with a changed timestamp it is invalid", async () => {
  const { press, message, requests } = await asked();

  await press(message, "approve", ada, { delayedMs: 301_000 });
  await press(message, "approve", ada, { delayedMs: 301_000, forged: "timestamp" });

  const [late, hidden] = requests;
  if (!late || !hidden) throw new Error("not every click arrived");
  expect(signedAt(late)).toBe(String(START / 1_000 - 301));
  expect(late.headers["x-slack-signature"]).toBe(sign(signedAt(late), late.body));
  expect(signedAt(hidden)).toBe(String(START / 1_000));
  expect(hidden.headers["x-slack-signature"]).not.toBe(sign(signedAt(hidden), hidden.body));
});

test("a replay sends the same bytes later", async () => {
  const { press, replay, pass, message, requests } = await asked();
  const pressed = await press(message, "approve", ada);

  pass(3_600_000);
  await replay(pressed);

  const [first, second] = requests;
  expect(second?.body).toBe(first?.body);
  expect(second?.headers["x-slack-signature"]).toBe(first?.headers["x-slack-signature"]);
});

test("each click has its own time and trigger id", async () => {
  const { press, message, requests } = await asked();

  await press(message, "approve", ada);
  await press(message, "approve", ada);

  const payloads = requests.map(({ body }) => payloadOf(body));
  expect(new Set(payloads.map((one) => one.actions[0].action_ts)).size).toBe(2);
  expect(new Set(payloads.map((one) => one.trigger_id)).size).toBe(2);
  expect(new Set(payloads.map((one) => one.response_url)).size).toBe(2);
});

test("a removed button can only be pressed on an older copy of the message", async () => {
  const { press, message, messages, client, requests } = await asked();
  await client().chat.update({ channel: message.channelId, ts: message.ts, text: "approved", blocks: [] });
  const [updated] = messages;
  if (!updated) throw new Error("the message is gone");

  await expect(press(updated, "approve", ada)).rejects.toThrow(
    '"approved" has no button approve to press; it has: none',
  );
  await expect(press(message, "delete", ada)).rejects.toThrow("it has: approve, reject");
  await press(message, "reject", ada);

  expect(requests).toHaveLength(1);
});

test("an interaction reports how long the app took to answer", async () => {
  const running = await slack();
  const receiver = await app(() => running.pass(3_100));
  running.interactAt(receiver.url);
  await running.client().chat.postMessage({ channel: "C1", text: "?", blocks: question });
  const [message] = running.messages;
  if (!message) throw new Error("nothing was posted");

  expect((await running.press(message, "approve", ada)).tookMs).toBe(3_100);
});

test("a click without a signing secret or request URL is an error that names it", async () => {
  const bare = await startSlack("xoxb-right");
  onTestFinished(() => bare.close());
  await new WebClient("xoxb-right", { slackApiUrl: bare.url }).chat.postMessage({
    channel: "C1",
    text: "?",
    blocks: question,
  });
  const lost = await slack();
  const [message] = bare.messages;
  if (!message) throw new Error("nothing was posted");

  await expect(bare.press(message, "approve", ada)).rejects.toThrow("Start this Slack with a signingSecret");
  await expect(lost.press(message, "approve", ada)).rejects.toThrow("Say by interactAt()");
});

test("an app answers a click without a token, five times within half an hour", async () => {
  const { press, pass, message, messages, replies, requests } = await asked();
  await press(message, "approve", ada);
  await press(message, "approve", ada);
  const [first, second] = requests.map(({ body }) => payloadOf(body).response_url as string);
  const say = async (url: string | undefined, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url ?? "", { method: "POST", headers, body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as { error?: string }).error];
  };

  expect(await say(first, { text: "You may not approve this." })).toEqual([200, undefined]);
  expect(await say(first, { text: "done", replace_original: true, blocks: [] })).toEqual([200, undefined]);
  for (const turn of ["3", "4", "5"]) await say(first, { text: turn, response_type: "in_channel" });
  expect(await say(first, { text: "6" })).toEqual([404, "used_url"]);
  pass(30 * 60_000);
  expect(await say(second, { text: "late" })).toEqual([404, "expired_url"]);

  expect(replies.slice(0, 2)).toEqual([
    { userId: ada.id, ephemeral: true, text: "You may not approve this." },
    { userId: ada.id, ephemeral: false, text: "3" },
  ]);
  expect(messages[0]).toMatchObject({ text: "done", blocks: [] });
});

test("a command reaches the app as Slack sends it: a form, signed over the raw body", async () => {
  const { type, requests, replies } = await listening();

  const typed = await type("/amint rollback al2023-base stable", ada);

  const [request] = requests;
  expect(typed.status).toBe(200);
  expect(request?.headers).toMatchObject({
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-signature": sign(String(START / 1_000), request?.body ?? ""),
  });
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
    command: "/amint",
    text: "rollback al2023-base stable",
    user_id: ada.id,
    user_name: "ada",
    team_id: expect.stringMatching(/^T/),
    channel_id: expect.stringMatching(/^C/),
    channel_name: "operations",
    api_app_id: expect.stringMatching(/^A/),
    response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/commands\//),
    trigger_id: expect.any(String),
  });
  expect(replies).toEqual([{ userId: ada.id, ephemeral: true, text: "thanks" }]);
});

test("a forged command has no valid signature; a late one has a valid old signature", async () => {
  const { type, requests } = await listening();

  await type("/amint help", ada, { forged: "body" });
  await type("/amint help", ada, { forged: "secret" });
  await type("/amint help", ada, { delayedMs: 301_000 });

  const right = requests.map(({ headers, body }) => {
    const timestamp = String(headers["x-slack-request-timestamp"]);
    return [headers["x-slack-signature"] === sign(timestamp, body), new URLSearchParams(body).get("user_id")];
  });
  expect(right).toEqual([
    [false, "U0MALLORY"],
    [false, ada.id],
    [true, ada.id],
  ]);
});

test("an app answers a command for half an hour, to the user who typed it or to all", async () => {
  const { type, requests, replies, pass } = await listening();
  await type("/amint help", ada);
  const url = new URLSearchParams(requests[0]?.body).get("response_url") ?? "";
  const say = async (body: object) => {
    const headers = { "content-type": "application/json" };
    return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
  };

  expect(await say({ text: "done" })).toBe(200);
  expect(await say({ text: "for all", response_type: "in_channel" })).toBe(200);
  pass(30 * 60_000);
  expect(await say({ text: "late" })).toBe(404);

  expect(replies.slice(1)).toEqual([
    { userId: ada.id, ephemeral: true, text: "done" },
    { userId: ada.id, ephemeral: false, text: "for all" },
  ]);
});
