import { expect, test } from "vitest";
import { findBuild } from "../../adapters/build/builds.ts";
import { NODE, startBuildWorld } from "./build-world.ts";
import { closedHost, startRegistry } from "./registry.ts";

const digestOf = (letters: string) => `sha256:${Buffer.from(letters).toString("hex").padEnd(64, "0")}`;

test("a container image is rebuilt once when its parent's tag moves", async () => {
  const tags = { "amazonlinux:2023": "first" };
  const { host } = await startRegistry(tags);
  const container = `${host}/amazonlinux:2023`;
  const world = await startBuildWorld({}, { container, watched: true });
  const first = await world.build();

  const quiet = await world.watch();
  tags["amazonlinux:2023"] = "second";
  const moved = await world.watch();
  const told = world.details("base.updated");
  const { image: _, ...detail } = told[0] as { image: string; name: string; from: never; to: never };
  await world.start({ trigger: "base", image: NODE, ...detail });
  const again = await world.watch();

  expect((await findBuild(world.ledger, NODE, first))?.base).toBe(digestOf("first"));
  expect([quiet, moved, again].map(({ updated }) => updated)).toEqual([[], [NODE], []]);
  expect(told).toEqual([{ image: NODE, name: container, from: digestOf("first"), to: digestOf("second") }]);
  expect(world.details("build.started").at(-1)).toMatchObject({ triggers: [{ kind: "base", name: container }] });
  expect(world.details("build.started")).toHaveLength(2);
});

test("a registry that does not answer blocks no build, and its watch reports it", async () => {
  const container = `${await closedHost()}/amazonlinux:2023`;
  const world = await startBuildWorld({}, { container, watched: true });

  const build = await world.build();

  expect(await findBuild(world.ledger, NODE, build)).toMatchObject({ status: "available" });
  expect((await findBuild(world.ledger, NODE, build))?.base).toBeUndefined();
  await expect(world.watch()).rejects.toThrow(`${container} could not be resolved`);
});
