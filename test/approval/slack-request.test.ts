import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { readSlackAnswer } from "../../core/approval/slack-answer.ts";
import { checkSlackSignature } from "../../core/notice/slack-request.ts";

const secret = "8f742231b10e8888abcd99yyyzzz85a5";
const now = new Date("2026-04-16T08:00:00Z");
const sign = (body: string, timestamp: string, key = secret) =>
  `v0=${createHmac("sha256", key).update(`v0:${timestamp}:${body}`).digest("hex")}`;
const secondsAgo = (seconds: number) => String(now.getTime() / 1000 - seconds);

test("the example of Slack's own documentation is genuine at its time", () => {
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
  const signed = { body, timestamp: "1531420618", signature };

  expect(checkSlackSignature(signed, secret, new Date(1531420618_000))).toBe("genuine");
  expect(checkSlackSignature(signed, secret, now)).toBe("late");
});

test.each([
  ["just in time", secondsAgo(300), "genuine"],
  ["too old", secondsAgo(301), "late"],
  ["from the future", secondsAgo(-301), "late"],
  ["of no time at all", "now", "late"],
])("a signed request that is %s", (_, timestamp, verdict) => {
  expect(checkSlackSignature({ body: "a=b", timestamp, signature: sign("a=b", timestamp) }, secret, now)).toBe(verdict);
});

test.each([
  ["another body", { body: "a=c" }],
  ["another time", { timestamp: secondsAgo(1) }],
  ["another secret", { signature: sign("a=b", secondsAgo(0), "guessed") }],
  ["half a signature", { signature: sign("a=b", secondsAgo(0)).slice(0, 20) }],
  ["an older version's signature", { signature: sign("a=b", secondsAgo(0)).replace("v0", "v1") }],
])("a request with %s is forged", (_, changes) => {
  const signed = { body: "a=b", timestamp: secondsAgo(0), signature: sign("a=b", secondsAgo(0)) };

  expect(checkSlackSignature({ ...signed, ...changes }, secret, now)).toBe("forged");
});

test("a request without a signature is unsigned", () => {
  expect(checkSlackSignature({ body: "", timestamp: "1", signature: undefined }, secret, now)).toBe("unsigned");
  expect(checkSlackSignature({ body: "", timestamp: undefined, signature: "v0=" }, secret, now)).toBe("unsigned");
});

const build = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.2.3/4";
const form = (changes: object) =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: "block_actions",
      user: { id: "U012AB3CD", username: "ada" },
      response_url: "https://hooks.slack.com/actions/T/1/x",
      actions: [{ action_id: "approve", value: JSON.stringify({ build, channel: "stable" }) }],
      ...changes,
    }),
  }).toString();

test("a click on an approval button is parsed into user, answer and response URL", () => {
  expect(readSlackAnswer(form({}))).toEqual({
    build,
    channel: "stable",
    verdict: "approved",
    user: "U012AB3CD",
    name: "ada",
    responseUrl: "https://hooks.slack.com/actions/T/1/x",
  });
});

test.each([
  ["another button", form({ actions: [{ action_id: "open-runbook", value: "x" }] })],
  ["a button without a value", form({ actions: [{ action_id: "approve" }] })],
  ["a value that names no build", form({ actions: [{ action_id: "approve", value: '{"build":"x","channel":"y"}' }] })],
  ["another kind of interaction", form({ type: "view_submission" })],
  ["an action named like an object's own", form({ actions: [{ action_id: "toString", value: "{}" }] })],
  ["no form", "{}"],
  ["no JSON in its payload", "payload=%7B"],
])("%s asks nothing", (_, body) => {
  expect(readSlackAnswer(body)).toBeUndefined();
});
