import { expect, test } from "vitest";
import { findChannel } from "../../adapters/channel/channels.ts";
import { listMoves, moveInLedger } from "../../adapters/channel/history.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { promoteCalmly } from "./way-back/promote.ts";
import { IMAGE, openWay } from "./way-back/world.ts";

const channel = "candidate";

async function promoteThree() {
  const world = await openWay(["eu-west-1", "us-east-1"], 3);
  await world.renew();
  for (const one of world.builds) await promoteCalmly(world, one);
  return world;
}

test("a repeated rollback request does not go back again", async () => {
  const world = await promoteThree();
  const asked = { image: IMAGE, channel, by: "ada", reason: "slow", request: "one" };

  const first = await world.through(moveBack(asked, world.step()));
  const again = await world.through(moveBack(asked, world.step()));

  expect(first.pointed.build).toBe(world.builds[1]?.build);
  expect(again.pointed.build).toBe(world.builds[1]?.build);
});

test("of two concurrent moves from the same state, one succeeds, and the history has one more move", async () => {
  const world = await promoteThree();
  const { ledger, now } = world.step();
  const seen = await findChannel(ledger, IMAGE, channel);
  const before = await listMoves(ledger, IMAGE, channel);
  if (!seen) throw new Error("The channel points at nothing.");
  const [older, old] = world.builds;

  const moved = await world.through(
    Promise.all(
      [older, old].map((one) =>
        moveInLedger(ledger, { image: IMAGE, channel, now }, seen, { ...seen, build: one?.build ?? seen.build }),
      ),
    ),
  );

  expect(moved.filter((one) => one !== undefined)).toHaveLength(1);
  expect((await findChannel(ledger, IMAGE, channel))?.build).toBe(moved.find((one) => one !== undefined)?.build);
  expect(await listMoves(ledger, IMAGE, channel)).toHaveLength(before.length + 1);
});
