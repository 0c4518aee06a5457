import { type InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { listRollbacks, recordRollback } from "../../adapters/channel/rollbacks.ts";
import { toBlocks } from "../../core/notice/slack-blocks.ts";
import { readSlackSteering, type Steering } from "../../core/rollout/slack-steering.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { handleSlackRequest } from "../../functions/channel/slack-request.ts";
import { steer } from "../../functions/rollout/steer-roll-out.ts";
import { blockFaults } from "../../local/slack/block-kit.ts";
import { IMAGE } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { openRollouts } from "./rollout-world.ts";

const at = { image: IMAGE, channel: "stable" };
const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");
const halt = { ...at, build, rollout: "20260401T080000000Z", halted: "2026-04-01T09:00:00Z" };
const notice = { title: "halted", lines: ["a"], tone: "bad", attributes: {} } as const;
const blocks = toBlocks(notice, halt);

const click = (action: string, value: object) =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: "block_actions",
      user: { id: "U012AB3CD", username: "ada" },
      channel: { id: "C0000000001" },
      message: { ts: "1775030400.000100", text: "halted", blocks },
      actions: [{ action_id: action, value: JSON.stringify(value) }],
    }),
  }).toString();

test("a halt's notice has two buttons that say what they would do, as Slack takes them", () => {
  const [resume, back] = (blocks.at(-1) as { elements: { action_id: string; value: string; confirm: object }[] })
    .elements;

  expect(blockFaults(blocks)).toEqual([]);
  expect([resume, back]).toMatchObject([
    {
      action_id: "resume-roll-out",
      style: "primary",
      confirm: { text: { text: expect.stringContaining("base stable: the roll-out of 1.0.1/1 continues.") } },
    },
    {
      action_id: "roll-out-back",
      style: "danger",
      confirm: { text: { text: expect.stringContaining("is rolled back") } },
    },
  ]);
  expect([resume, back].map((one) => JSON.parse(one?.value ?? ""))).toEqual([halt, halt]);
});

test("a click on one of them is read with the halt that it was about; no other click is", () => {
  const { image, channel, ...seen } = halt;

  expect(readSlackSteering(click("roll-out-back", halt))).toMatchObject({
    image,
    channel,
    steer: { ...seen, action: "back" },
    user: "U012AB3CD",
    name: "ada",
  });
  expect(readSlackSteering(click("resume-roll-out", halt))?.steer.action).toBe("resume");
  expect(readSlackSteering(click("approve", halt))).toBeUndefined();
  expect(readSlackSteering(click("roll-out-back", { ...halt, build: "1.0.1/1" }))).toBeUndefined();
  expect(readSlackSteering(click("roll-out-back", { ...halt, channel: "#a b" }))).toBeUndefined();
});

/** A halted roll-out, and the results of clicks on its notice. */
async function openHalted() {
  const people = { ada: { slack: "U012AB3CD" }, grace: { slack: "U045EF6GH" } };
  const world = await openRollouts({ factory: { people } });
  await world.promote(1);
  await world.start();
  let clicks = 0;
  const press = async (user: string, action: Steering["action"], seen: Omit<Steering, "action">) => {
    const now = new Date(world.clock.now()).toISOString();
    const asked = { ...at, id: `click-${clicks++}`, identity: { slack: user }, at: now, steer: { ...seen, action } };
    await recordRollback(world.ledger, asked);
    const functions = {
      send: ({ input }: InvokeCommand) =>
        steer(JSON.parse(String(input.Payload)), world.step()).then(
          (answer) => ({ Payload: { transformToString: () => JSON.stringify(answer) } }),
          ({ name, message }: Error) => ({
            FunctionError: "Unhandled",
            Payload: { transformToString: () => JSON.stringify({ errorType: name, errorMessage: message }) },
          }),
        ),
    };
    const step = world.step();
    const env = { ...step.settings.env, AWAITED_ROLL_BACK: "roll-back", AWAITED_STEER_ROLL_OUT: "steer-roll-out" };
    const client = instead(step.client, LambdaClient, () => functions);
    const { outcome } = await handleSlackRequest(asked, { ...step, client, settings: { ...step.settings, env } });
    await world.pass(60_000);
    return outcome;
  };
  const haltNow = async () => {
    await world.steer("halt");
    const record = (await world.record())!;
    const halted = `${record.changedAt.slice(0, 19)}Z`;
    await world.pass(60_000);
    return { build: record.build, rollout: record.id, halted };
  };
  const state = async () => (await world.record())?.state;
  return { world, press, haltNow, state };
}

test("approvers in the config can resume or roll back a halted roll-out; other users cannot", async () => {
  const { press, haltNow, state } = await openHalted();
  const seen = await haltNow();

  const refused = await press("U0STRANGER", "resume", seen);
  expect(refused).toMatchObject({ kind: "refused", text: expect.stringContaining("was not resumed for U0STRANGER") });
  expect(await state()).toBe("halted");

  const resumed = await press("U012AB3CD", "resume", seen);
  expect(resumed).toEqual({ kind: "done", text: "The stable roll-out of base 1.0.0/1 was resumed by ada." });
  expect(await state()).toBe("running");

  const again = await haltNow();
  const back = await press("U045EF6GH", "back", again);
  expect(back).toEqual({ kind: "done", text: "The stable roll-out of base 1.0.0/1 is being rolled back by grace." });
  expect(await state()).toBe("returning");
});

test("a second click, and one on an earlier halt's notice or on another roll-out's, change nothing", async () => {
  const { world, press, haltNow, state } = await openHalted();
  const first = await haltNow();
  await press("U012AB3CD", "resume", first);

  const second = await press("U045EF6GH", "back", first);
  expect(second).toEqual({
    kind: "over",
    text: "The stable roll-out of base 1.0.0/1 was not rolled back for grace: The stable roll-out of base 1.0.0/1 was resumed by ada.",
  });
  expect(await state()).toBe("running");
  const kinds = (await listRollbacks(world.ledger, { ...at, steer: { ...first, action: "back" } })).map(
    ({ outcome }) => outcome?.kind,
  );
  expect(kinds).toEqual(["done", "over"]);

  // Resumed at the terminal, it halts again: the message of the halt before still has its buttons.
  const unseen = await haltNow();
  await world.steer("resume");
  await world.pass(60_000);
  await haltNow();
  const late = await press("U012AB3CD", "resume", unseen);
  expect(late).toMatchObject({ kind: "over", text: expect.stringContaining("it has halted again since") });
  const strange = await press("U012AB3CD", "resume", { ...first, rollout: "20250101T000000000Z" });
  expect(strange).toMatchObject({
    kind: "over",
    text: expect.stringContaining("another roll-out of base stable has begun since"),
  });
  expect(await state()).toBe("halted");
});
