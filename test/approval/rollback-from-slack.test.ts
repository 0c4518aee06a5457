// @module-tag deep
import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { internalFailure, setInterference } from "embedded-aws/faults";
import { eventsIn } from "embedded-aws/state";
import { expect, test } from "vitest";
import { listMoves } from "../../adapters/channel/history.ts";
import { listRollbacks } from "../../adapters/channel/rollbacks.ts";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { functionOf } from "../../core/factory/blueprint.ts";
import { parseBuildArn } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import { findParked } from "../../local/consumers/subscriber.ts";
import type { PostedMessage } from "../../local/slack/workspace.ts";
import { openTrail, type Trail } from "../channel/way-back/trail.ts";
import { readAftermath } from "../whole/faults-aftermath.ts";
import { account } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

const image = "al2023-base";
const channel = "candidate";
const MINUTE = HOUR / 60;

const user = (name: string) => ({ id: factory.people[name]?.slack ?? "", name });
const stranger = { id: "U0STRANGER", name: "mallory" };

interface Rolling extends Trail {
  /** The message that the channel moved to the newest build. */
  message(): PostedMessage;
  pass(ms: number): Promise<void>;
  pointedAt(): Promise<string[]>;
  /** What the ledger keeps of those who clicked on the newest message. */
  requests(): ReturnType<typeof listRollbacks>;
}

/** The factory after two builds, of which the channel points at the second. */
async function startRolling(count = 2): Promise<Rolling> {
  const trail = await openTrail(image, count);
  const { slack, options, clock } = trail.factory;
  const FunctionName = functionOf(await readBlueprint(), "answer-slack");
  const { FunctionUrl } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  slack.interactAt(FunctionUrl ?? "");
  const newest = trail.builds.at(-1) ?? "";
  const title = `${image}: channel ${channel} moved to build ${newest}`;
  const arn = String(trail.said("channel.moved").find(({ build }) => String(build).endsWith(`/${newest}`))?.build);
  return {
    ...trail,
    message: () => {
      const found = slack.messages.find(({ text }) => text === title);
      if (!found) throw new Error(`Slack has no message "${title}"`);
      return found;
    },
    pass: (ms) => clock.runUntil(clock.now() + ms),
    async pointedAt() {
      const { parameters } = await readAftermath(trail.factory);
      return parameters
        .filter((one) => one.image === image && one.channel === channel)
        .map(({ region, value }) => `${region} ${trail.nameOf(value)}`);
    },
    requests: () => listRollbacks(trail.ledger, { image, channel, from: parseBuildArn(arn) }),
  };
}

const everywhere = (build: string | undefined) => [`eu-west-1 ${build}`, `us-east-1 ${build}`];
const buttonsOf = ({ blocks }: PostedMessage) =>
  blocks.flatMap(({ elements }) => (Array.isArray(elements) ? elements.flatMap(({ action_id: id }) => id ?? []) : []));
/** What stands below the message. */
const belowOf = ({ blocks }: PostedMessage): string[] =>
  blocks.flatMap(({ type, elements }) =>
    type === "context" ? (elements as { text: string }[]).map(({ text }) => text) : [],
  );

test("a click rolls a channel back in all regions, and the result replaces the button", async () => {
  const rolling = await startRolling();
  const { slack } = rolling.factory;
  const [first, second] = rolling.builds;
  const message = rolling.message();
  const before = message.blocks.at(-1);

  const click = await slack.press(message, "roll-back", user("grace"));
  await rolling.pass(3 * MINUTE);

  expect(before).toMatchObject({
    elements: [
      {
        action_id: "roll-back",
        style: "danger",
        confirm: { text: { text: `${image} ${channel} is rolled back from ${second} to ${first} in all regions.` } },
      },
    ],
  });
  expect([click.status, click.body]).toEqual([200, ""]);
  expect(click.tookMs).toBeLessThan(3_000);
  expect(await rolling.pointedAt()).toEqual(everywhere(first));
  const done = `${image} ${channel} was rolled back to ${first} by grace, from ${second}, in 2 regions.`;
  expect(belowOf(rolling.message())).toEqual([done]);
  expect(buttonsOf(rolling.message())).toEqual([]);
  expect(rolling.message().blocks.slice(0, 2)).toMatchObject(message.blocks.slice(0, 2));
  expect(slack.replies).toEqual([{ userId: user("grace").id, ephemeral: true, text: done }]);
  const because = `grace rolled back: from Slack by @grace (${user("grace").id})`;
  expect(rolling.said("channel.moved").at(-1)).toMatchObject({ image, channel, because });
  expect((await listMoves(rolling.ledger, image, channel)).at(-1)).toMatchObject({ how: "rollback", by: "grace" });
  expect(await rolling.requests()).toMatchObject([
    { identity: { slack: user("grace").id }, name: "grace", outcome: { kind: "done", text: done } },
  ]);
  // A manual move is reported without a button.
  expect(slack.messages.at(-1)?.text).toBe(`${image}: channel ${channel} moved to build ${first}`);
  expect(buttonsOf(slack.messages.at(-1)!)).toEqual([]);
});

test("an unknown user moves nothing and gets the reason; neither does a click for a channel that has moved on", async () => {
  const rolling = await startRolling();
  const { slack } = rolling.factory;
  const [first, second] = rolling.builds;
  const seen = rolling.message();

  await slack.press(seen, "roll-back", stranger);
  await rolling.pass(3 * MINUTE);
  const afterStranger = rolling.message();
  const untouched = await rolling.pointedAt();
  await slack.press(rolling.message(), "roll-back", user("ada"));
  await rolling.pass(3 * MINUTE);
  // Grace still sees the message as it was.
  await slack.press(seen, "roll-back", user("grace"));
  await rolling.pass(3 * MINUTE);

  expect(untouched).toEqual(everywhere(second));
  expect(buttonsOf(afterStranger)).toEqual(["roll-back"]);
  expect(belowOf(afterStranger)).toEqual([
    `${image} ${channel} was not rolled back for mallory: the Slack user U0STRANGER matches no entry of the config's people.`,
  ]);
  expect(await rolling.pointedAt()).toEqual(everywhere(first));
  const [refused, done, late] = belowOf(rolling.message());
  expect(refused).toBe(belowOf(afterStranger)[0]);
  expect(done).toContain(`rolled back to ${first} by ada`);
  expect(late).toMatch(/was not rolled back for grace: al2023-base candidate pointed at .* \(rollback by ada\)/);
  expect(buttonsOf(rolling.message())).toEqual([]);
  expect(slack.replies.map(({ userId, ephemeral }) => [userId, ephemeral])).toEqual([
    [stranger.id, true],
    [user("ada").id, true],
    [user("grace").id, true],
  ]);
  expect((await rolling.requests()).map(({ outcome }) => outcome?.kind)).toEqual(["refused", "done", "over"]);
  expect(rolling.said("channel.moved").filter(({ because }) => because)).toHaveLength(1);
});

test("a channel does not roll back to a revoked build, and the message says why", async () => {
  const rolling = await startRolling();
  const [first, second] = rolling.builds;
  const earlier = rolling.said("build.available").find(({ build }) => String(build).endsWith(`/${first}`))?.build;
  await rolling.factory.send("revoke-build", { build: earlier, by: "ada", reason: "it leaks keys" });
  await rolling.pass(5 * MINUTE);

  await rolling.factory.slack.press(rolling.message(), "roll-back", user("ada"));
  await rolling.pass(3 * MINUTE);

  expect(await rolling.pointedAt()).toEqual(everywhere(second));
  expect(belowOf(rolling.message())).toEqual([
    expect.stringMatching(
      /is not rolled back to .*: it was revoked by ada \(it leaks keys\)\. No other build is possible\.$/,
    ),
  ]);
  expect(buttonsOf(rolling.message())).toEqual([]);
});

test("a slash command can roll back to any former build of the channel, for its approvers only", async () => {
  const rolling = await startRolling(3);
  const { slack } = rolling.factory;
  const [first] = rolling.builds;
  const say = async (text: string, who = user("ada")) => {
    const answered = await slack.type(`/amint ${text}`, who);
    await rolling.pass(3 * MINUTE);
    return [answered.status, slack.replies.at(-1)?.text];
  };

  const [status, done] = await say(`rollback ${image} ${channel} ${first}`);
  const usage = await say("roll back please");
  const nowhere = await say(`rollback ${image} beta`);
  const never = await say(`rollback ${image} ${channel} 9.9.9/9`);
  const unasked = await say(`rollback ubuntu-2404-base stable`, stranger);

  expect([status, done]).toEqual([200, expect.stringContaining(`was rolled back to ${first} by ada`)]);
  expect(await rolling.pointedAt()).toEqual(everywhere(first));
  expect(usage[1]).toContain("Usage: /amint rollback <image> <channel> [build]");
  expect(nowhere[1]).toContain(`has no channel "beta"; it has candidate, stable.`);
  expect(never[1]).toContain("is not rolled back to 9.9.9/9: it was never promoted to this channel. Possible: ");
  expect(unasked[1]).toContain("the Slack user U0STRANGER matches no entry of the config's people.");
  expect(slack.replies.every(({ ephemeral }) => ephemeral)).toBe(true);
  const kept = await listRollbacks(rolling.ledger, { image, channel });
  expect(kept.map(({ outcome }) => outcome?.kind)).toEqual(["done", "over"]);
});

const forgeries = [
  ["signed with another secret", { forged: "secret" }, "forged"],
  ["with a forged body", { forged: "body" }, "forged"],
  ["without a signature", { forged: "unsigned" }, "unsigned"],
  ["older than five minutes", { delayedMs: 5 * MINUTE + 2_000 }, "late"],
] as const;

test("a click or a command that is forged, late or sent again is refused, logged and moves nothing", async () => {
  const rolling = await startRolling();
  const { slack, booted } = rolling.factory;
  const [first, second] = rolling.builds;
  const logs = () =>
    eventsIn(booted.aws, account, "eu-west-1", `/aws/lambda/amint-${factory.name}-answer-slack`)
      .map(({ message }) => message)
      .join("");

  for (const [what, how, why] of forgeries) {
    for (const ask of [
      () => slack.press(rolling.message(), "roll-back", user("ada"), how),
      () => slack.type(`/amint rollback ${image} ${channel}`, user("ada"), how),
    ]) {
      expect((await ask()).status, what).toBe(403);
      expect(logs().slice(logs().lastIndexOf("Slack request rejected")), what).toContain(`"why":"${why}"`);
    }
  }
  await rolling.pass(3 * MINUTE);
  const untouched = await rolling.pointedAt();
  const genuine = await slack.press(rolling.message(), "roll-back", user("ada"));
  const replayed = await slack.replay(genuine);
  await rolling.pass(3 * MINUTE);

  expect(untouched).toEqual(everywhere(second));
  expect([genuine.status, replayed.status]).toEqual([200, 403]);
  expect(await rolling.pointedAt()).toEqual(everywhere(first));
  expect(await rolling.requests()).toHaveLength(1);
});

test("a rollback that fails half-way is reported, is retried, and moves the channel once", async () => {
  const rolling = await startRolling();
  const { slack, booted, clock, options } = rolling.factory;
  const [first] = rolling.builds;
  const begun = clock.now();
  let refused = 0;
  setInterference(booted.aws, {
    async operation({ service, operation, errors }, carryOut) {
      if (service !== "ssm" || operation !== "PutParameter" || clock.now() > begun + MINUTE / 2)
        return await carryOut();
      refused++;
      throw internalFailure({ errors });
    },
    deliveries: () => [0],
    latency: () => 0,
    lifetime: () => undefined,
  });

  await slack.press(rolling.message(), "roll-back", user("ada"));
  await rolling.pass(MINUTE / 2);
  const meanwhile = rolling.message();
  await rolling.pass(10 * MINUTE);

  expect(refused).toBeGreaterThan(0);
  expect(belowOf(meanwhile)).toEqual([expect.stringMatching(/was not rolled back for ada: .* It is retried\.$/)]);
  expect(buttonsOf(meanwhile)).toEqual(["roll-back"]);
  expect(await rolling.pointedAt()).toEqual(everywhere(first));
  expect(belowOf(rolling.message())).toEqual([expect.stringContaining(`was rolled back to ${first} by ada`)]);
  expect(buttonsOf(rolling.message())).toEqual([]);
  const moves = await listMoves(rolling.ledger, image, channel);
  expect(moves.map(({ build }) => build && buildVersion(build))).toEqual([...rolling.builds, first]);
  expect(await findParked(options)).toEqual([]);
});
