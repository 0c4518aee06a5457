import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findChannel } from "../../adapters/ledger/channels.ts";
import { findGate } from "../../adapters/ledger/evidence.ts";
import { listMoves } from "../../adapters/ledger/history.ts";
import { findRevocation } from "../../adapters/ledger/revocations.ts";
import { ssmState } from "../../local/services/ssm/state.ts";
import { BUILDS, type Lived, liveThrough, type Schedule, schedules } from "./wayback/live-through.ts";
import { ACCOUNT, IMAGE, openWorld, type World } from "./wayback/world.ts";

/** `WAY_BACK_RUNS=5000` tells more, `WAY_BACK_SEED=1` the same again. */
const { WAY_BACK_RUNS = "150", WAY_BACK_SEED } = process.env;

const regions = ["eu-west-1", "us-east-1"];

test("however promotions, rollbacks, revocations, crashes and retries fall together, the factory's rules hold", {
  timeout: 900_000,
}, async () => {
  const world = await openWorld(regions, BUILDS);
  const outcomes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const lived = await liveThrough(world, schedule);
      for (const one of [...lived.promotions, ...lived.acts]) outcomes.set(one, (outcomes.get(one) ?? 0) + 1);
      expect(await brokenRules(world, schedule, lived)).toEqual([]);
    }),
    { numRuns: Number(WAY_BACK_RUNS), ...(WAY_BACK_SEED && { seed: Number(WAY_BACK_SEED) }) },
  );
  // All of it came to pass, or nothing was tried.
  for (const end of ["promoted", "superseded", "stopped", "undone", "done"]) {
    expect(outcomes.get(end) ?? 0, `${end}: ${JSON.stringify([...outcomes])}`).toBeGreaterThan(0);
  }
});

async function brokenRules(world: World, schedule: Schedule, lived: Lived): Promise<string[]> {
  const broken: string[] = [];
  const { ledger } = world.step();
  const good = new Set<string>();
  for (const { build } of world.builds) {
    const passed = (await findGate(ledger, build))?.verdict === "passed";
    if (passed && !(await findRevocation(ledger, build))) good.add(build);
  }
  // Rule 1.
  for (const { build, version, images } of world.builds) {
    for (const [region, { permissions }] of images) {
      if (permissions.size > 0 && !good.has(build)) broken.push(`${version} is shared in ${region}`);
    }
  }
  for (const { name: channel, share } of world.factory.images[IMAGE]!.channels) {
    const pointed = await findChannel(ledger, IMAGE, channel);
    if (pointed && !good.has(pointed.build)) broken.push(`${channel} points at ${pointed.build}`);
    // Rule 2, and whoever follows the channel can launch what it points at.
    for (const region of regions) {
      const says = parameterOf(world, region, channel);
      if (says !== pointed?.amis[region])
        broken.push(`${channel} in ${region} says ${says}, not ${pointed?.amis[region]}`);
      const image = world.builds.find(({ build }) => build === pointed?.build)?.images.get(region);
      const launchers = [...(image?.permissions.keys() ?? [])].join();
      if (image && !share.accounts.every((account) => launchers.includes(account)))
        broken.push(`${channel} points at ${image.id} in ${region}, which its consumers cannot launch`);
    }
    // Rule 3: each rollback moved its channel once, however often it was begun.
    const moves = await listMoves(ledger, IMAGE, channel);
    const requests = moves.flatMap(({ how, request }) => (how === "rollback" && request ? [request] : []));
    if (new Set(requests).size < requests.length) broken.push(`${channel} went back twice for one request`);
  }
  return [...broken, ...untold(world, schedule, lived)];
}

/** Rule 5: what did not go as asked was told, and why. */
function untold({ said, builds, stopped }: World, schedule: Schedule, { promotions, acts }: Lived): string[] {
  const told = (name: string, build: string | undefined) =>
    said.some((event) => event.name === name && event.detail.build === build);
  const events = { promoted: "channel.moved", superseded: "promotion.superseded", undone: "promotion.failed" };
  const lacking = promotions.flatMap((end, n) => {
    const name = events[end as keyof typeof events];
    if (end === "promoted" || !name || told(name, builds[n]?.build)) return [];
    return [`nobody was told that the promotion of ${n + 1} is ${end}`];
  });
  const silent = schedule.acts.flatMap((act, n) =>
    act.kind === "revoke" && acts[n] === "done" && !told("build.revoked", builds[act.build]?.build)
      ? [`nobody was told that ${act.build + 1} is revoked`]
      : [],
  );
  const crowd = promotions.filter((end) => end === "stopped").length > stopped.size ? ["stopped by nobody"] : [];
  return [...lacking, ...silent, ...crowd];
}

function parameterOf({ aws }: World, region: string, channel: string): string | undefined {
  const { parameters } = aws.state(ssmState, ACCOUNT, region);
  const parameter = parameters.get(`/imagebuilder/amint/way/${IMAGE}/${channel}`);
  return parameter?.versions.at(-1)?.value;
}
