import { describe, expect, test } from "vitest";
import { addPending } from "../../adapters/build/claims.ts";
import { listSuppressed } from "../../adapters/build/reasons.ts";
import { toReasons } from "../../core/build/reasons.ts";
import {
  manual,
  newTreeWorld,
  newTreeWorld as newWorld,
  schedule,
  tenHoursBlackout,
} from "./one-start/new-tree-world.ts";
import { images, treeFactory } from "./one-start/tree-factory.ts";
import type { TreeWorld } from "./one-start/tree-world.ts";

describe("Of triggers that come at once", () => {
  test("twenty start one build; the others wait, and start the next one together", async () => {
    const { world, buildsOf, said } = await newWorld();

    for (let person = 0; person < 20; person++) world.ask(manual(`person ${person}`));
    await world.pass(300);

    const builds = await buildsOf("root");
    expect(world.started.filter((build) => build.includes("root"))).toHaveLength(2);
    expect(builds.map(({ triggers }) => triggers.length).toSorted((a, b) => a - b)[0]).toBeGreaterThanOrEqual(1);
    expect(builds.flatMap(({ triggers }) => triggers)).toHaveLength(20);
    expect(said("build.started").filter(({ image }) => image === "root")).toHaveLength(2);
  });

  test("twenty of the same count as one, and it is reported once", async () => {
    const { world, buildsOf, said } = await newWorld();
    const again = manual("again");

    for (let time = 0; time < 20; time++) world.ask(again);
    await world.pass(300);
    world.ask(again);
    await world.pass(300);

    expect(await buildsOf("root")).toHaveLength(1);
    expect(said("build.started").filter(({ image }) => image === "root")).toHaveLength(1);
    expect(said("trigger.suppressed")).toEqual([]);
  });

  test("one that a slow function kept although it had become a build by then starts nothing with the next", async () => {
    const { world, buildsOf, stateOf } = await newWorld();
    const first = manual("first");
    world.ask(first);
    await world.pass(180);
    const trigger = { kind: "manual" as const, requestedBy: "ada" };
    const [reason] = toReasons("root", trigger, first.request);

    await addPending(world.ledger, "root", [{ token: reason!.token, trigger, since: new Date(0).toISOString() }]);
    world.ask(schedule());
    await world.pass(180);

    expect((await buildsOf("root")).map(({ triggers }) => triggers.map(({ kind }) => kind))).toEqual([
      ["manual"],
      ["schedule"],
    ]);
    expect((await stateOf("root")).pending).toEqual([]);
  });

  test("known advisories start nothing, and new ones beside them do", async () => {
    const { world, buildsOf } = await newWorld();
    const looked = "arn:aws:imagebuilder:eu-west-1:111122223333:image/tree-root/1.0.0/1";
    const packages = (...others: string[]) =>
      ({ trigger: "packages", image: "root", build: looked, advisories: [], others }) as unknown as Parameters<
        TreeWorld["ask"]
      >[0];

    world.ask(packages("ALAS-1", "ALAS-2"));
    await world.pass(180);
    world.ask(packages("ALAS-2"));
    world.ask(packages("ALAS-2", "ALAS-3"));
    await world.pass(180);

    const reasons = (await buildsOf("root")).map(({ triggers }) => triggers);
    const advisories = reasons.map((all) =>
      all.flatMap((one) => (one.kind === "packages" ? one.others.toSorted() : [])),
    );
    expect(advisories).toEqual([["ALAS-1", "ALAS-2"], ["ALAS-3"]]);
  });
});

test("a build remembers the public AMI that it started from, and the image's fingerprint", async () => {
  const { world, buildsOf, readParameter } = await newWorld();

  world.ask(manual("base"));
  await world.pass(60);

  const [build] = await buildsOf("root");
  const parameter = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";
  const { Parameter } = await readParameter(parameter);
  expect(build).toMatchObject({ base: Parameter?.Value, config: expect.stringMatching(/^[0-9a-f]{40}$/) });
});

describe("What comes before its time", () => {
  test("waits for the minimum interval, is reported once, and starts within the hour after it, which does not count as a repair", async () => {
    const { world, buildsOf, said, stateOf } = await newWorld();
    world.ask(manual("first"));
    await world.pass(60);

    world.ask(schedule());
    await world.pass(5);
    const { pending } = await stateOf("root");
    world.reconcile();
    await world.pass(10);
    const early = await buildsOf("root");
    await world.pass(50);
    world.reconcile();
    await world.pass(10);

    expect(pending).toMatchObject([{ held: { code: "interval", until: expect.any(String) } }]);
    expect(early).toHaveLength(1);
    expect((await buildsOf("root")).map(({ triggers }) => triggers[0]?.kind)).toEqual(["manual", "schedule"]);
    expect(said("trigger.suppressed").filter(({ image }) => image === "root")).toMatchObject([
      { decision: "waits", code: "interval", until: pending[0]?.held?.until },
    ]);
    expect(said("drift.repaired")).toEqual([]);
  });

  test("waits for the end of a blackout, which does not delay manual requests", async () => {
    const { world, buildsOf, said, passHours } = await newWorld(tenHoursBlackout);

    world.ask(schedule());
    await passHours(9);
    expect(await buildsOf("root")).toEqual([]);
    await passHours(2);
    expect(await buildsOf("root")).toHaveLength(1);

    expect(said("trigger.suppressed")).toMatchObject([{ code: "blackout", reason: "blackout: stocktaking" }]);
    expect(said("drift.repaired")).toEqual([]);
  });

  test("joins a manual request during a blackout", async () => {
    const { world, buildsOf } = await newWorld(tenHoursBlackout);

    world.ask(schedule());
    await world.pass(30);
    world.ask(manual("urgent"));
    await world.pass(30);

    expect((await buildsOf("root")).map(({ triggers }) => triggers.map(({ kind }) => kind).toSorted())).toEqual([
      ["manual", "schedule"],
    ]);
  });
});

describe("After failures in a row", () => {
  async function broken() {
    const built = await newWorld();
    built.world.fail();
    for (let failure = 0; failure < 2; failure++) {
      built.world.ask(schedule());
      await built.passHours(4);
    }
    return built;
  }

  test("none starts by itself, and the last failure says so", async () => {
    const { world, buildsOf, said, passHours } = await broken();

    world.ask(schedule());
    await passHours(24);

    expect(said("build.failed").map(({ breaker }) => breaker)).toEqual([undefined, { failures: 2 }]);
    expect(await buildsOf("root")).toHaveLength(2);
    expect(said("trigger.suppressed").filter(({ code }) => code === "breaker")).toHaveLength(1);
    expect(said("drift.repaired")).toEqual([]);
    expect(await listSuppressed(world.ledger, "root")).toMatchObject([{ decision: "waits", code: "breaker" }]);
  });

  test("a request starts a build with everything that waited; when it succeeds, automatic builds resume", async () => {
    const { world, buildsOf, passHours } = await broken();
    world.ask(schedule());
    await passHours(1);
    world.calmDown();

    world.ask(manual("repaired"));
    await passHours(4);
    world.ask(schedule());
    await passHours(4);

    const kinds = (await buildsOf("root")).map(({ triggers }) => triggers.map(({ kind }) => kind).toSorted());
    expect(kinds.slice(2)).toEqual([["manual", "schedule"], ["schedule"]]);
  });

  test("a change of the image's config lets what waits start within the hour", async () => {
    const { world, buildsOf, passHours } = await broken();
    world.ask(schedule());
    await passHours(1);
    world.calmDown();

    world.configure(treeFactory({ volumeGiB: 16 }));
    await passHours(2);

    expect((await buildsOf("root")).map(({ status }) => status)).toEqual(["failed", "failed", "available"]);
  });
});

test("a tree whose root is triggered in three ways at once is built once, parents before children", async () => {
  const { world, buildsOf, said, passHours } = await newWorld();

  world.ask(schedule());
  world.ask(schedule());
  world.ask(schedule());
  await passHours(30);

  const trees = await Promise.all(images.map((image) => buildsOf(image)));
  const counts = trees.map((builds) => builds.length);
  expect(counts[0]).toBeLessThanOrEqual(2);
  expect(counts).toEqual(images.map(() => counts[0]));
  const order = said("build.started").map(({ image }) => image);
  expect(order.indexOf("root")).toBeLessThan(Math.min(order.indexOf("left"), order.indexOf("right")));
  expect(order.indexOf("left")).toBeLessThan(order.indexOf("bottom"));
  expect(said("drift.repaired")).toEqual([]);
});

/** More requests than start-build makes. */
const MOST_REQUESTS = 18;
const everyRequest = Array.from({ length: MOST_REQUESTS }, (_, calls) => calls + 1);

/** Requests after which a reason is recorded, and need not be sent again. */
const KEPT_AFTER = 4;

test.each(everyRequest)(
  "a start that dies after %i requests is resumed; a repeated request gets the same build",
  async (calls) => {
    const { world, buildsOf, said, passHours, stateOf } = await newTreeWorld();
    const asked = manual("dying");

    await world.askDying(asked, calls);
    await passHours(3);
    const unasked = await buildsOf("root");
    world.ask(asked);
    await passHours(3);

    const builds = await buildsOf("root");
    expect(unasked).toHaveLength(calls < KEPT_AFTER ? 0 : 1);
    expect(builds.map(({ triggers }) => triggers)).toEqual([[{ kind: "manual", requestedBy: "ada" }]]);
    expect(said("build.started").map(({ build }) => build)).toContain(builds[0]?.build);
    expect(await stateOf("root")).toMatchObject({ claim: undefined, pending: [] });
  },
);

test.each(everyRequest)(
  "a start that dies after %i requests leaves no reason that the next trigger starts again",
  async (calls) => {
    const { world, buildsOf, said, passHours } = await newTreeWorld();
    const asked = manual("dying");

    await world.askDying(asked, calls);
    await world.pass(5);
    world.ask(schedule());
    await passHours(4);
    world.ask(asked);
    await passHours(3);

    const builds = await buildsOf("root");
    expect(builds.flatMap(({ triggers }) => triggers.map(({ kind }) => kind)).toSorted()).toEqual([
      "manual",
      "schedule",
    ]);
    const told = said("build.started").filter(({ image }) => image === "root");
    expect(new Set(told.map(({ build }) => build))).toEqual(new Set(builds.map(({ build }) => build)));
  },
);
