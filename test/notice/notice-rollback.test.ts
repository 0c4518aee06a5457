import { expect, test } from "vitest";
import { whoMayDecide } from "../../core/approval/find-person.ts";
import { readSlackRollback, sayRolledBack } from "../../core/channel/slack-rollback.ts";
import { toBlocks, toWayBack } from "../../core/notice/slack-blocks.ts";
import { type ClickedMessage, type SlackOutcome, toOutcomeBlocks } from "../../core/notice/slack-click.ts";
import { parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";

const image = "al2023-base";

const channel = "candidate";

const arn = (version: string) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/${version}`);

const [from, to] = [arn("1.0.1/1"), arn("1.0.0/3")];

const wayBack = { image, channel, from, to };

const notice = { title: "moved", lines: ["a"], tone: "good", attributes: {} } as const;

const message = { ts: "1775030400.000100", text: "moved", blocks: toBlocks(notice, wayBack) };

const responseUrl = "https://hooks.slack.com/actions/T/1/x";

const click = (changes: object = {}) =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: "block_actions",
      user: { id: "U012AB3CD", username: "ada" },
      response_url: responseUrl,
      channel: { id: "C0000000001", name: "golden-images" },
      message,
      actions: [{ action_id: "roll-back", value: JSON.stringify(wayBack) }],
      ...changes,
    }),
  }).toString();

const command = (text: string) =>
  new URLSearchParams({
    command: "/amint",
    text,
    user_id: "U012AB3CD",
    user_name: "ada",
    response_url: responseUrl,
  }).toString();

test("a click on a way back is read with what it saw, where it goes, who, and the message that it was on", () => {
  expect(readSlackRollback(click())).toEqual({
    ...wayBack,
    user: "U012AB3CD",
    name: "ada",
    responseUrl,
    message: { channel: "C0000000001", ...message },
  });
});

const offer = (changes: object) => ({
  actions: [{ action_id: "roll-back", value: JSON.stringify({ ...wayBack, ...changes }) }],
});

test.each([
  ["a click on another button", click({ actions: [{ action_id: "approve", value: JSON.stringify(wayBack) }] })],
  ["a button that names no build", click(offer({ from: "1.0.1/1" }))],
  ["a button that names no channel", click(offer({ channel: "#a b" }))],
  ["a button without a message", click({ message: undefined })],
  ["no form", "{}"],
])("%s asks for no way back", (_, body) => {
  expect(readSlackRollback(body)).toBeUndefined();
});

const asked = { user: "U012AB3CD", name: "ada", responseUrl };

test("a command names image and channel, and a build where another than the last is wanted", () => {
  expect(readSlackRollback(command(` rollback  ${image} ${channel} `))).toEqual({ image, channel, ...asked });
  expect(readSlackRollback(command(`rollback ${image} ${channel} 1.0.0/3`))).toEqual({
    image,
    channel,
    to: "1.0.0/3",
    ...asked,
  });
});

test.each([
  "",
  "help",
  "rollback",
  `rollback ${image}`,
  `rollback ${image} ${channel} last`,
  `rollback a b 1.0.0/3 now`,
])("%j is answered with what would be valid", (text) => {
  expect(readSlackRollback(command(text))).toEqual({
    usage: expect.stringMatching(/^Usage: \/amint rollback <image> <channel> \[build\]/),
  });
});

const slack = (name: string) => ({ slack: factory.people[name]?.slack ?? "" });

const linus = { slack: "U078IJ9KL", principals: [] };

const withLinus = { ...factory, people: { ...factory.people, linus } };

test("the channel's approvers may; without approvers, everyone in the config's people may", () => {
  const may = (of: string, name: string, who: { slack: string }) =>
    whoMayDecide(withLinus, { image: of, channel: name, identity: who });

  expect(may(image, channel, linus && { slack: linus.slack })).toEqual({ kind: "allowed", person: "linus" });
  expect(may("ubuntu-2404-base", "stable", slack("ada"))).toEqual({ kind: "allowed", person: "ada" });
  expect(may("ubuntu-2404-base", "stable", { slack: linus.slack })).toEqual({
    kind: "refused",
    for: "them",
    why: "linus is not an approver of ubuntu-2404-base stable; ada, grace can decide",
  });
  expect(may(image, channel, { slack: "U0STRANGER" })).toMatchObject({ kind: "refused", for: "them" });
  expect(may("gone", channel, slack("ada"))).toMatchObject({
    for: "everyone",
    why: 'the config has no image "gone"; it has al2023-base, ubuntu-2404-base, al2023-web, al2023-node',
  });
  expect(may(image, "gone", slack("ada"))).toMatchObject({ for: "everyone" });
});

const clicked: ClickedMessage = { channel: "C0000000001", ...message };

const said = (kind: SlackOutcome["kind"], text: string = kind): SlackOutcome => ({ kind, text });

const shown = (...outcomes: SlackOutcome[]) => toOutcomeBlocks(clicked, outcomes, toWayBack(wayBack));

test("the button stays while pressing it could still succeed", () => {
  const types = (...outcomes: SlackOutcome[]) => shown(...outcomes).map(({ type }) => type);

  expect(types(said("refused"), said("failed"))).toEqual(["header", "section", "context", "actions"]);
  expect(types(said("refused"), said("done"))).toEqual(["header", "section", "context"]);
  expect(types(said("over"))).toEqual(["header", "section", "context"]);
  expect(shown(said("refused")).at(-1)).toEqual(toWayBack(wayBack));
});

test("the final message is the same for every writer and every retry, and mentions no one", () => {
  const outcomes = [said("refused", "not for <!channel>"), said("refused", "not for <!channel>"), said("done", "gone")];
  const once = shown(...outcomes);

  const twice = toOutcomeBlocks({ ...clicked, blocks: once }, outcomes, toWayBack(wayBack));

  expect(twice).toEqual(once);
  expect(JSON.stringify(once)).toContain("not for &lt;!channel&gt;");
  expect(once.find(({ type }) => type === "context")).toMatchObject({ elements: [{}, { text: "gone" }] });
});

test("a rollback is said with build, person and regions; one that finds nothing to do says that", () => {
  const regions = { "eu-west-1": "ami-1" };

  expect(sayRolledBack({ image, channel }, { moved: true, build: to, previous: from, regions }, "ada")).toBe(
    "al2023-base candidate was rolled back to 1.0.0/3 by ada, from 1.0.1/1, in 1 region.",
  );
  expect(sayRolledBack({ image, channel }, { moved: false, build: to, regions }, "ada")).toBe(
    "al2023-base candidate already points at 1.0.0/3 in 1 region.",
  );
});
