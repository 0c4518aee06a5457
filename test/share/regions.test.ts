import { ec2State } from "embedded-aws/state";
import { expect, test } from "vitest";
import { listCopies } from "../../adapters/promotion/promotion.ts";
import { describeChannelMoved } from "../../core/notice/notice.ts";
import { channelMoved } from "../../events/channel.ts";
import type { BuildArn } from "../../events/ids.ts";
import { moveBack } from "../../functions/channel/move-back.ts";
import { copyBuild } from "../../functions/promotion/distribute-image.ts";
import { revokeOne } from "../../functions/revocation/revoke-one.ts";
import { ACCOUNT } from "../channel/way-back/way-factory.ts";
import { HOME, IMAGE, openRegions, REGIONS, WEAK } from "./regions-world.ts";

const share = { accounts: ["444455556666"] };
const everywhere = { name: "stable", share };
/** It moves when two of three regions have the build. */
const withQuorum = { ...everywhere, quorum: 2 };
const others = REGIONS.filter((region) => region !== WEAK);

type Regions = Awaited<ReturnType<typeof openRegions>>;

/** Which build each region's parameter points at, as its number. */
async function builds({ world, says }: Regions, channel = "stable"): Promise<(number | undefined)[]> {
  const said = await says(channel);
  const known = await Promise.all(world.builds.map(({ build }) => amisOf(world, build)));
  return REGIONS.map((region) => {
    const n = known.findIndex((amis) => amis[region] !== undefined && amis[region] === said[region]);
    return said[region] === undefined ? undefined : n + 1;
  });
}

async function amisOf(world: Regions["world"], build: Regions["builds"][number]): Promise<Record<string, string>> {
  const copies = await listCopies(world.step().ledger, build);
  const own = world.builds.find((one) => one.build === build)?.images.get(HOME)?.id ?? "";
  return Object.fromEntries([[HOME, own], ...copies.map(({ region, amiId }) => [region, amiId ?? "none"])]);
}

/** The second build is in all regions but the weak one, which is up again and keeps the first. */
async function openBehind() {
  const factory = await openRegions([withQuorum]);
  const [first, second, third] = factory.builds as [BuildArn, BuildArn, BuildArn];
  await factory.promote(first);
  factory.down.add(WEAK);
  await factory.promote(second);
  factory.down.clear();
  return { factory, first, second, third };
}

test("without a quorum a region that is down fails the promotion, which names it, and nothing is shared", async () => {
  const factory = await openRegions([everywhere]);
  const [first, second] = factory.builds;
  expect(await factory.promote(first!)).toBe("SUCCEEDED");
  factory.down.add(WEAK);

  expect(await factory.promote(second!)).toBe("FAILED");
  factory.down.clear();
  expect(factory.said("promotion.failed")).toMatchObject([
    {
      build: second,
      error: "TooFewRegions",
      cause: expect.stringMatching(
        /^Channel stable moves when 3 of its 3 regions have the build; unavailable: eu-central-1 \(CopyFailed: .*unavailable in eu-central-1/,
      ),
      left: [],
    },
  ]);
  expect(await builds(factory)).toEqual([1, 1, 1]);
  expect(factory.said("channel.moved")).toHaveLength(1);
});

test("with a quorum the channel moves without it, says so, and the region catches up when it is back", async () => {
  const factory = await openRegions([withQuorum]);
  const [first, second] = factory.builds;
  await factory.promote(first!);
  factory.down.add(WEAK);

  expect(await factory.promote(second!)).toBe("SUCCEEDED");

  const moved = channelMoved.detail.parse(factory.said("channel.moved").at(-1));
  expect(moved).toMatchObject({ build: second, behind: [{ region: WEAK, keeps: first }] });
  expect(Object.keys(moved.regions)).toEqual(others);
  expect(describeChannelMoved(moved, [])).toMatchObject({
    title: `${IMAGE}: channel stable moved to build 1.0.0/2, except in ${WEAK}`,
    lines: expect.arrayContaining([expect.stringMatching(`^${WEAK} not updated, keeps 1.0.0/1: CopyFailed: `)]),
  });
  expect((await factory.pointed("stable"))?.behind).toMatchObject({ [WEAK]: { build: first } });

  // As long as it is down, it is tried every three hours, and nothing else is touched.
  const begun = await factory.reconcile();
  expect(begun).toEqual([expect.stringMatching(/^way-base-1\.0\.0-2-again-2026-04-\d\d-\d\d$/)]);
  expect(await factory.reconcile()).toEqual(begun);
  await factory.pass(4);
  expect(factory.said("promotion.failed")).toEqual([]);
  factory.down.clear();
  expect(await builds(factory)).toEqual([2, 2, 1]);

  await factory.reconcile();
  await factory.pass(4);
  expect(await builds(factory)).toEqual([2, 2, 2]);
  expect((await factory.pointed("stable"))?.behind).toBeUndefined();
  expect(factory.said("drift.repaired")).toEqual([
    { image: IMAGE, repair: `stable has build 1.0.0/2 in ${WEAK}, too: no longer behind` },
  ]);
  expect(factory.said("channel.moved")).toHaveLength(2);
  expect(await factory.reconcile()).toEqual([]);
});

test("a region that never had a build has no parameter; a newer build supersedes what it missed", async () => {
  const factory = await openRegions([withQuorum]);
  const [first, second] = factory.builds;
  factory.down.add(WEAK);

  expect(await factory.promote(first!)).toBe("SUCCEEDED");

  factory.down.clear();
  expect(await builds(factory)).toEqual([1, 1, undefined]);
  expect(factory.said("channel.moved")).toMatchObject([{ behind: [{ region: WEAK }] }]);
  expect(await factory.promote(second!)).toBe("SUCCEEDED");
  expect(await builds(factory)).toEqual([2, 2, 2]);
  expect(await factory.reconcile()).toEqual([]);
});

test("a region that is down while it is shared stays behind", async () => {
  const factory = await openRegions([{ name: "candidate", share, soak: "12h", quorum: 2 }, withQuorum]);
  const [first] = factory.builds;
  const promoted = factory.promote(first!);
  // Once the copies exist, in the soak: the second channel's share fails.
  factory.world.clock.after(6 * 3_600_000, () => void factory.down.add(WEAK));
  expect(await promoted).toBe("SUCCEEDED");

  factory.down.clear();
  expect(await builds(factory, "candidate")).toEqual([1, 1, 1]);
  expect(await builds(factory)).toEqual([1, 1, undefined]);
  expect(factory.said("channel.moved")[1]).toMatchObject({
    channel: "stable",
    behind: [{ region: WEAK, why: expect.stringMatching(/^ServiceUnavailable: /) }],
  });
});

test("a copy that failed has one other in its place, however many begin it", async () => {
  const { world, judge, copying, builds: all } = await openRegions([everywhere]);
  const build = all[0]!;
  await judge(build);
  const begin = (instead?: Parameters<typeof copyBuild>[0]["instead"]) =>
    world.through(copyBuild({ image: IMAGE, build, region: WEAK, instead }, copying()));
  const { copy: failed } = await begin();

  const both = await Promise.all([begin(failed), begin(failed)]);
  const late = await begin(failed);

  expect(await begin()).toMatchObject(both[0]!);
  expect(new Set([...both, late].map(({ copy }) => copy)).size).toBe(1);
  expect(both[0]?.copy).not.toBe(failed);
});

test("channels and images are published where their config says, and nowhere else", async () => {
  const factory = await openRegions(
    [
      { name: "candidate", share, regions: [HOME] },
      { name: "stable", share },
    ],
    { regions: others },
  );

  expect(await factory.promote(factory.builds[0]!)).toBe("SUCCEEDED");

  expect(await builds(factory, "candidate")).toEqual([1, undefined, undefined]);
  expect(await builds(factory)).toEqual([1, 1, undefined]);
  expect(factory.said("channel.moved").map((moved) => [Object.keys(moved.regions as object), moved.behind])).toEqual([
    [[HOME], undefined],
    [others, undefined],
  ]);
});

const back = { image: IMAGE, channel: "stable", by: "ada", reason: "it does not boot" };

test("a rollback from a build that a region never had, to one that it has", async () => {
  const { factory, first } = await openBehind();

  const { pointed } = await factory.world.through(moveBack({ ...back, request: "r" }, factory.step()));

  expect(pointed).toMatchObject({ build: first });
  expect(pointed.behind).toBeUndefined();
  await factory.pass(1);
  expect(await builds(factory)).toEqual([1, 1, 1]);
  expect(await factory.reconcile()).toEqual([]);
});

test("a rollback to a build that a region lacks takes it to what it had then, not to where it is", async () => {
  const { factory, third } = await openBehind();
  await factory.promote(third);
  expect(await builds(factory)).toEqual([3, 3, 3]);

  await factory.world.through(moveBack({ ...back, request: "r" }, factory.step()));

  await factory.pass(1);
  expect(await builds(factory)).toEqual([2, 2, 1]);
  // And then what it lacked is copied there, late.
  expect(await factory.reconcile()).toHaveLength(1);
  expect(factory.said("drift.found")).toEqual([]);
  await factory.pass(4);
  expect(await builds(factory)).toEqual([2, 2, 2]);
});

test("a rollback leaves a region behind that is down, where the quorum holds, and refuses where it does not", async () => {
  for (const [channel, ends] of [
    [withQuorum, [1, 1, 2]],
    [everywhere, [2, 2, 2]],
  ] as const) {
    const factory = await openRegions([channel]);
    const [first, second] = factory.builds;
    await factory.promote(first!);
    await factory.promote(second!);
    factory.down.add(WEAK);

    const done = await factory.world.through(
      moveBack({ ...back, request: "r" }, factory.step()).then(
        ({ pointed }) => Object.keys(pointed.behind ?? {}),
        ({ name }: Error) => name,
      ),
    );

    expect(done).toEqual(channel === withQuorum ? [WEAK] : "ServiceUnavailable");
    factory.down.clear();
    await factory.pass(1);
    expect(await builds(factory)).toEqual(ends);
    await factory.reconcile();
    await factory.pass(4);
    expect(await builds(factory)).toEqual(channel === withQuorum ? [1, 1, 1] : [2, 2, 2]);
  }
});

test("what a region keeps of a build that is revoked, it keeps no longer", async () => {
  const { factory, first } = await openBehind();
  const revoking = { build: first, by: "ada", reason: "a hole" };
  const { left } = await factory.world.through(revokeOne(revoking, factory.step()));

  expect(left).toEqual([]);
  await factory.pass(1);
  expect(await builds(factory)).toEqual([2, 2, undefined]);
  await factory.reconcile();
  await factory.pass(4);
  expect(await builds(factory)).toEqual([2, 2, 2]);
});

test("launch permissions of what a region keeps are added again where they were removed", async () => {
  const { factory } = await openBehind();
  const kept = (await factory.says("stable"))[WEAK] ?? "";
  const { images } = factory.world.aws.state(ec2State, ACCOUNT, WEAK);
  const launchers = () => [...(images.get(kept)?.permissions.keys() ?? [])].length;
  expect(launchers()).toBe(1);
  images.get(kept)?.permissions.clear();

  await factory.reconcile();

  expect(launchers()).toBe(1);
  expect(factory.said("drift.found")).toMatchObject([
    { channel: "stable", found: expect.stringContaining(`${kept} in ${WEAK} was no longer shared with`) },
  ]);
});

test("a revoked build is left in all regions, also by one that has nothing older", async () => {
  const factory = await openRegions([withQuorum]);
  const [first, second] = factory.builds;
  factory.down.add(WEAK);
  await factory.promote(first!);
  factory.down.clear();
  await factory.promote(second!);
  expect(await builds(factory)).toEqual([2, 2, 2]);

  await factory.world.through(revokeOne({ build: second!, by: "ada", reason: "a hole" }, factory.step()));

  await factory.pass(1);
  expect(await builds(factory)).toEqual([1, 1, undefined]);
});

test("an undone promotion restores what regions had, and needs no region that it never reached", async () => {
  // The second channel wants all regions.
  const factory = await openRegions([{ ...withQuorum, name: "candidate", soak: "1h" }, everywhere]);
  const [first, second] = factory.builds;
  await factory.promote(first!);
  factory.down.add(WEAK);

  expect(await factory.promote(second!)).toBe("FAILED");
  expect(factory.said("promotion.failed")).toMatchObject([{ error: "TooFewRegions", left: [] }]);
  factory.down.clear();
  expect(await builds(factory, "candidate")).toEqual([1, 1, 1]);
  expect(await builds(factory)).toEqual([1, 1, 1]);
  // Nothing of it is begun again.
  expect(await factory.reconcile()).toEqual([]);
});
