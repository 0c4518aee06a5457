import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebClient } from "@slack/web-api";
import { onTestFinished } from "vitest";
import { startSlack } from "../../local/slack/slack.ts";

export const START = Date.UTC(2026, 3, 1, 8);
const SECRET = "shh";
export const ada = { id: "U0000000ADA", name: "ada" };

/** The signature of a request at a time. */
export const sign = (timestamp: string, body: string) =>
  `v0=${createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex")}`;

/** A Slack whose time the test controls. It ends with the test. */
export async function slack() {
  let time = START;
  const running = await startSlack("xoxb-right", { signingSecret: SECRET, now: () => time });
  onTestFinished(() => running.close());
  const client = (token = "xoxb-right") =>
    new WebClient(token, { slackApiUrl: running.url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true });
  const pass = (ms: number) => {
    time += ms;
  };
  return { ...running, client, pass };
}

/** The raw requests that an app received at its request URL. */
export async function app(answer: (url: string) => Promise<void> | void = () => {}) {
  const requests: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ headers: request.headers, body });
    await answer(body);
    response.end("thanks");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`, requests };
}

export const button = (action_id: string, more: object = {}) =>
  ({ type: "button", action_id, text: { type: "plain_text", text: action_id }, ...more }) as const;
export const actions = (...elements: object[]) => ({ type: "actions", elements }) as never;
export const question = [
  actions(button("approve", { value: "b-1", style: "primary" }), button("reject", { style: "danger" })),
];

/** With an app that receives clicks and commands. */
export async function listening() {
  const running = await slack();
  const receiver = await app();
  running.interactAt(receiver.url);
  return { ...running, requests: receiver.requests };
}

/** A message with two buttons, and the app that receives clicks. */
export async function asked() {
  const running = await listening();
  await running.client().chat.postMessage({ channel: "#golden-images", text: "Approve?", blocks: question });
  const [message] = running.messages;
  if (!message) throw new Error("nothing was posted");
  return { ...running, message };
}
