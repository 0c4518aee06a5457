import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { ada, app, SECRET, START, slack } from "./slack-workspace.ts";

const sign = (timestamp: string, body: string) =>
  `v0=${createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;

async function listening() {
  const running = await slack();
  const receiver = await app();
  running.interactAt(receiver.url);
  return { ...running, requests: receiver.requests };
}

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
