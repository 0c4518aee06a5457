import { DeregisterImageCommand, DisableImageCommand, EC2Client } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { expect, test } from "vitest";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { recordUndone } from "../../adapters/promotion/promotion.ts";
import { recordGone } from "../../adapters/retirement/leftovers.ts";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { readRecordedObstacle } from "../../functions/channel/read-obstacles.ts";
import type { Invocation } from "../../functions/invocation.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { listBuilt } from "../world/built.ts";
import type { Build } from "./way-back/builds.ts";
import { promoteCalmly } from "./way-back/promote.ts";
import { amiIn, IMAGE, openWay, type World } from "./way-back/world.ts";

const regions = ["eu-west-1", "us-east-1"] as const;
const channel = "candidate";

type Fault = (one: Build, step: Invocation) => Promise<unknown>;

const inRegion =
  (region: string, Command: typeof DisableImageCommand | typeof DeregisterImageCommand): Fault =>
  ({ images }, step) =>
    step.client(EC2Client, region).send(new Command({ ImageId: amiIn(images, region) }) as DisableImageCommand);

/** Faults that prevent a rollback to a former build, by name; `fine` and `unshared` do not. */
const faults: Readonly<Record<string, Fault>> = {
  fine: async () => {},
  unshared: async ({ images }) => {
    for (const image of images.values()) image.permissions.clear();
  },
  revoked: ({ build }, { ledger, now }) =>
    recordRevocation(ledger, build, { by: "ada", reason: "bad", at: now.toISOString() }),
  retired: ({ build }, { ledger, now }) => recordGone(ledger, build, "unused", now),
  undone: ({ build }, { ledger }) => recordUndone(ledger, build, ["a share"]),
  rejected: ({ build }, { ledger, now }) =>
    recordGate(ledger, build, { verdict: "rejected", reasons: [], decidedAt: now.toISOString() }),
  "disabled at home": inRegion("eu-west-1", DisableImageCommand),
  "disabled elsewhere": inRegion("us-east-1", DisableImageCommand),
  "gone at home": inRegion("eu-west-1", DeregisterImageCommand),
  "gone elsewhere": inRegion("us-east-1", DeregisterImageCommand),
};
const usable = new Set(["fine", "unshared"]);
const names = Object.keys(faults);

/** Builds that went through the channel one after the other; to each but the last one something happens. */
async function openFaulty(happened: readonly string[]) {
  const world = await openWay(regions, happened.length + 1);
  await world.renew();
  for (const one of world.builds) await promoteCalmly(world, one, 10_000);
  for (const [n, name] of happened.entries()) {
    const one = world.builds[n];
    if (one) await world.through(Promise.resolve(faults[name]?.(one, world.step())));
  }
  return world;
}

let requests = 0;

/** Rolls back as the command does; refusals have a message. */
const goBack = (world: World, to?: string): Promise<{ readonly at: string } | { readonly refused: string }> =>
  world.through(
    moveBack(
      { image: IMAGE, channel, by: "ada", reason: "r", request: `r${++requests}`, ...(to && { to }) },
      world.step(),
    ).then(
      ({ pointed }) => ({ at: pointed.build.split("/").slice(2).join("/") }),
      (error: Error) => ({ refused: error.message }),
    ),
  );

const offeredIn = (message: string): string[] => /Possible: (.*)\.$/.exec(message)?.[1]?.split(", ") ?? [];

/** Requests each build in turn: exactly the offered ones are accepted. */
async function findFalseOffers(happened: readonly string[]): Promise<string[]> {
  const world = await openFaulty(happened);
  const asked = await goBack(world, "9.9.9/9");
  const offered = "refused" in asked ? offeredIn(asked.refused) : [];
  const current = world.builds.at(-1)?.version ?? "";
  const wrong: string[] = [];
  const last = happened.findLastIndex((name) => usable.has(name));
  const plain = await goBack(world);
  const to = "at" in plain ? plain.at : undefined;
  if (to !== world.builds[last]?.version) wrong.push(`without --to: ${JSON.stringify(plain)}`);
  if (to) await goBack(world, current);
  for (const [n, { version }] of world.builds.slice(0, -1).entries()) {
    const expected = usable.has(happened[n] ?? "");
    if (offered.includes(version) !== expected) wrong.push(`${happened[n]} is ${expected ? "not " : ""}offered`);
    const done = await goBack(world, version);
    if ("at" in done !== expected) wrong.push(`${happened[n]}: ${JSON.stringify(done)}`);
    if ("refused" in done && offeredIn(done.refused).join() !== offered.join())
      wrong.push(`other offers: ${done.refused}`);
    if ("at" in done) await goBack(world, current);
  }
  return wrong;
}

test("a rollback offers the builds that it accepts, whatever happened to the others", async () => {
  expect(await findFalseOffers(names)).toEqual([]);
});

test("random fates: what is offered is accepted, what is refused is not offered, and the default is usable", async () => {
  const fates = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 });

  const { runs: numRuns, seed } = sizeOf({ quick: 4, deep: 4 });
  const holds = fc.asyncProperty(fates, async (happened) => {
    expect(await findFalseOffers(happened)).toEqual([]);
  });
  await fc.assert(holds, { numRuns, seed, endOnFailure: true });
});

test("where no build is left, the refusal says so and offers none", async () => {
  const world = await openFaulty(["revoked", "disabled elsewhere"]);

  expect(await goBack(world)).toEqual({
    refused: `${IMAGE} ${channel} is not rolled back: no earlier build is usable. No other build is possible.`,
  });
});

test("an AMI that AWS does not confirm as the build's is not offered", async () => {
  const world = await openFaulty(["fine", "fine", "revoked"]);
  const [first, , third] = world.builds;
  // Image Builder lists another AMI as the first build's.
  const [own, other] = [amiIn(first!.images, "eu-west-1"), amiIn(third!.images, "us-east-1")];
  listBuilt(world.aws, first!.build, { "eu-west-1": own, "us-east-1": other });

  const refused = await goBack(world, "9.9.9/9");

  expect(refused).toEqual({ refused: expect.stringMatching(/promoted to this channel\. Possible: 1\.0\.0\/2\.$/) });
});

test("the ledger alone shows for each recorded fault that a notice offers no rollback", async () => {
  const recorded = ["revoked", "retired", "undone", "rejected"];
  const world = await openFaulty(["fine", ...recorded]);
  const { ledger } = world.step();

  const obstacles = await Promise.all(
    world.builds.slice(0, -1).map(({ build }) => readRecordedObstacle(ledger, IMAGE, build)),
  );

  expect(obstacles).toEqual([
    undefined,
    "was revoked by ada (bad)",
    expect.stringContaining("is retired since"),
    "failed in its promotion, which was undone",
    "did not pass its gate",
  ]);
});
