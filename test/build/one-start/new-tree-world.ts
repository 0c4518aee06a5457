import { onTestFinished } from "vitest";
import { type ImageState, readImageStates } from "../../../adapters/build/image-state.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { HOUR } from "../../world/time.ts";
import { bootTreeAws, type TreeAws } from "./tree-aws.ts";
import { images, treeFactory } from "./tree-factory.ts";
import { TreeWorld } from "./tree-world.ts";

export const tenHoursBlackout = (now: number): Factory =>
  treeFactory({ blackout: { from: now - HOUR, to: now + 10 * HOUR } });

let booted: Promise<TreeAws> | undefined;
let worlds = 0;

/** A world without random faults, with shortcuts for frequent test steps. */
export async function newTreeWorld(factoryAt: (now: number) => Factory = () => treeFactory()) {
  booted ??= bootTreeAws();
  const aws = await booted;
  // Events of an earlier world's unfinished work are not received.
  await aws.clock.runUntil(aws.clock.now() + 12 * HOUR);
  const factory = factoryAt(aws.clock.now());
  const world = new TreeWorld(aws, factory, { seed: ++worlds, lost: 0, late: 0, duplicated: 0, killed: 0, failing: 0 });
  onTestFinished(() => world.close());
  const stateOf = async (image: string): Promise<ImageState> =>
    (await readImageStates(world.ledger, images)).get(image)!;
  return {
    world,
    readParameter: aws.readParameter,
    stateOf,
    buildsOf: async (image: string) =>
      (await stateOf(image)).builds.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)),
    said: (name: string) => world.said.filter((one) => one.name === name).map(({ detail }) => detail),
    /** A world's hourly schedules. */
    async passHours(hours: number): Promise<void> {
      for (let hour = 0; hour < hours; hour++) {
        await world.pass(60);
        world.reconcile();
      }
      await world.pass(5);
    },
  };
}

let day = 0;
/** Never the same date twice: pipelines remember client tokens. */
export const schedule = (image = "root") => ({
  trigger: "schedule" as const,
  image,
  scheduledTime: new Date(Date.UTC(2026, 4, 1) + ++day * 86_400_000).toISOString(),
});
export const manual = (request: string, image = "root") => ({
  trigger: "manual" as const,
  image,
  requestedBy: "ada",
  request: `${request}-${worlds}`,
});
