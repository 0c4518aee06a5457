import { expect, test } from "vitest";
import { manual, newTreeWorld, schedule } from "./one-start/new-tree-world.ts";

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
