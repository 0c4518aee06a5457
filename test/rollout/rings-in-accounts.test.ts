import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { ORGANIZATION } from "../../adapters/repair/drift-checks.ts";
import { ringParameter } from "../../core/names.ts";
import { beginRing, moveRingEverywhere } from "../../core/rollout/ring.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import type { RepairInvocation } from "../../functions/repair/repair.ts";
import { checkOrganization } from "../../functions/repair/run-drift-checks.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import {
  BUILD,
  canary,
  carryOut,
  change,
  everywhere,
  lookAgain,
  moved,
  open,
  openMoved,
  PRODUCTION,
  TEST,
  WAVES,
} from "./ring-world.ts";

test("each wave has a parameter in every account that the channel reaches, from the channel's first build on", async () => {
  const world = await open();
  const amis = await world.promote(1);

  const asked = await moved(world);

  expect(asked).toEqual([]);
  for (const account of [BUILD, TEST, PRODUCTION]) {
    for (const wave of [undefined, ...WAVES]) expect(await world.copies(account, wave)).toEqual(everywhere(amis));
  }
  expect(await lookAgain(world)).toEqual([]);
});

test("a wave that the config has since lately gets its parameter within the hour", async () => {
  const world = await open();
  const amis = await world.promote(1);

  const asked = await lookAgain(world);

  expect(asked).toEqual([{ image: IMAGE, channel: "stable", all: false }]);
  expect(await world.copies(BUILD, "rest")).toEqual(everywhere(amis));
});

test("the channel moves, and its copies; a ring stays, also after a full comparison", async () => {
  const { world, before } = await openMoved();
  const after = await world.promote(2);

  const asked = await moved(world);
  const compared = await lookAgain(world, "all");

  expect(asked).toEqual([]);
  expect(compared).toEqual([{ image: IMAGE, channel: "stable", rings: "all" }]);
  expect(await world.copies(BUILD)).toEqual(everywhere(after));
  expect(await world.copies(BUILD, "canary")).toEqual(everywhere(before));
});

test("a full comparison restores the ring's own value where another one was written", async () => {
  const { world, before } = await openMoved();
  const after = await world.promote(2);
  const ssm = world.client(SSMClient, { account: TEST });
  const Name = ringParameter("sharing", IMAGE, "stable", "canary");
  await ssm.send(new PutParameterCommand({ Name, Value: after[HOME]!, DataType: "aws:ec2:image", Overwrite: true }));
  await world.pass(60_000);
  const overwritten = await world.copies(TEST, "canary");

  await lookAgain(world, "all");

  expect(overwritten[0]).toBe(after[HOME]);
  expect(await world.copies(TEST, "canary")).toEqual(everywhere(before));
});

test("a ring that moves while its parameters are written has the last word", async () => {
  const { world } = await openMoved(["canary"]);
  const after = await world.promote(2);
  const second = await world.pointed();
  const step = world.step();
  const sts = step.client(STSClient);
  let changed: Promise<unknown> | undefined;
  const send = async (command: AssumeRoleCommand) => {
    changed ??= change(world, (ring) =>
      moveRingEverywhere(beginRing(ring, { ...second, amis: after }, { rollout: "r1", places: [] })),
    );
    await changed;
    return sts.send(command);
  };

  const overtaken = { ...step, client: instead(step.client, STSClient, () => ({ send })) };
  await mirrorChannels({ ...canary, all: true }, overtaken);
  const asked = await carryOut(world);

  expect(asked).toEqual([{ ...canary, all: true }]);
  for (const account of [BUILD, TEST, PRODUCTION])
    expect(await world.copies(account, "canary")).toEqual(everywhere(after));
});

test("each account's rings are compared once in seven days", async () => {
  const world = await open(["canary"]);
  await world.promote(1);
  await moved(world);
  const compared: number[] = [];

  for (let day = 0; day < 7; day++) {
    compared.push((await mirrorChannels({ image: IMAGE, channel: "stable", rings: "turn" }, world.step())).accounts);
    await world.pass(86_400_000);
  }

  const all = await mirrorChannels({ image: IMAGE, channel: "stable", rings: "all" }, world.step());
  expect(all.accounts).toBeGreaterThan(2);
  expect(compared.reduce((sum, one) => sum + one)).toBe(all.accounts);
});

test("where the turn of an account finds a changed ring, all accounts are compared the same day", async () => {
  const { world, before } = await openMoved(["canary"]);
  const after = await world.promote(2);
  const Name = ringParameter("sharing", IMAGE, "stable", "canary");
  for (const account of [TEST, PRODUCTION]) {
    const ssm = world.client(SSMClient, { account });
    await ssm.send(new PutParameterCommand({ Name, Value: after[HOME]!, DataType: "aws:ec2:image", Overwrite: true }));
  }
  await world.pass(60_000);

  const asked: unknown[] = [];
  for (let day = 0; day < 7 && asked.length === 0; day++) {
    const step = world.step();
    const now = new Date(step.now.getTime() + day * 86_400_000);
    await mirrorChannels({ image: IMAGE, channel: "stable", rings: "turn" }, { ...step, now });
    asked.push(...(await carryOut(world)));
  }

  expect(asked).toEqual([{ image: IMAGE, channel: "stable", rings: "all" }]);
  for (const account of [TEST, PRODUCTION]) expect(await world.copies(account, "canary")).toEqual(everywhere(before));
});

test("reconcile has rings compared with each full comparison, in all accounts if it was requested, and not in between", async () => {
  const world = await open(["canary"]);
  const step = world.step();
  const asking = {
    ...step,
    settings: { ...step.settings, env: { FOLLOW_ORGANIZATION_FUNCTION: "follow-organization" } },
  } as unknown as RepairInvocation;
  const hour = {
    checks: new Map([[ORGANIZATION, { lookedAt: step.now.toISOString() }]]),
    states: new Map(),
    work: new Set<never>(),
    rollouts: [],
    moved: [],
    built: true,
  };

  await checkOrganization({ ...hour, full: false }, false, asking);
  const between = [...world.asked];
  await checkOrganization({ ...hour, full: true }, false, asking);
  await checkOrganization({ ...hour, full: true }, true, asking);

  expect(between).toEqual([]);
  expect(world.asked).toEqual(
    ["turn", "all"].map((rings) => ({
      name: "follow-organization",
      event: { scheduledTime: step.now.toISOString(), rings },
    })),
  );
});
