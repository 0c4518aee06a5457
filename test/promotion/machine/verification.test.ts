import { named } from "embedded-aws/testing/states";
import { expect, it } from "vitest";
import { promotion } from "./promotion-machine.ts";
import { decision, input, promotionWorkbench } from "./promotion-workbench.ts";

const canary = { name: "amint-acme-canary-1", account: "200000000001" };
const one = {
  ...decision,
  distribute: [],
  channels: [{ name: "stable", soakSeconds: 0, regions: ["eu-west-1"], quorum: 1 }],
};
const asked = {
  "decide-gate": () => one,
  "verify-share": () => ({ region: "eu-west-1", amiId: "ami-1", canary }),
  "start-canary": () => ({ verdict: "pending" }),
  "end-canary": () => ({ region: "eu-west-1", amiId: "ami-1" }),
};
/** The steps from the share on, without when. */
const steps = (log: readonly string[]) => {
  const names = log.map((line) => line.split(" ")[0] ?? "");
  return names.slice(names.indexOf("share-image"));
};

it("a canary is looked at until it runs, and is ended before the channel moves", async () => {
  const looks: unknown[] = [];
  let ended: unknown;
  const { log, workbench } = promotionWorkbench({
    ...asked,
    "check-canary": (event) => {
      looks.push(event);
      return { verdict: looks.length < 3 ? "pending" : "launched" };
    },
    "end-canary": (event) => {
      ended = event;
      return { region: "eu-west-1", amiId: "ami-1" };
    },
  });

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "SUCCEEDED" });
  expect(steps(log)).toEqual([
    "share-image",
    "verify-share",
    "start-canary",
    "check-canary",
    "check-canary",
    "check-canary",
    "end-canary",
    "move-channel",
    "confirm-channel",
  ]);
  const ofCanary = { ...input, channel: "stable", region: "eu-west-1", amiId: "ami-1", canary };
  expect(looks.at(0)).toEqual({ ...ofCanary, minutes: 0, last: false });
  expect(looks.at(2)).toEqual({ ...ofCanary, minutes: 2, last: false });
  expect(ended).toEqual({ ...ofCanary, outcome: { verdict: "launched" } });
});

it("a canary that never runs is looked at for ten minutes", async () => {
  const looks: { minutes: number; last: boolean }[] = [];
  const { workbench } = promotionWorkbench({
    ...asked,
    "check-canary": (event) => {
      const look = event as { minutes: number; last: boolean };
      looks.push(look);
      return { verdict: look.last ? "refused" : "pending" };
    },
  });

  await workbench.run(promotion, input);

  expect(looks).toHaveLength(11);
  expect(looks.at(-1)).toMatchObject({ minutes: 10, last: true });
});

it("whatever happens to a canary's steps, it is ended, and its region is left behind with the reason", async () => {
  let ended: unknown;
  let moved: unknown;
  const { workbench } = promotionWorkbench({
    ...asked,
    "check-canary": () => {
      throw named("Broken", "unknown");
    },
    "end-canary": (event) => {
      ended = (event as { outcome: unknown }).outcome;
      throw named("CanaryFailed", "It could not be found out");
    },
    "move-channel": (event) => {
      moved = (event as { behind: unknown }).behind;
      return { moved: true };
    },
  });

  await workbench.run(promotion, input);

  expect(ended).toMatchObject({ Error: "Broken" });
  expect(moved).toEqual([{ region: "eu-west-1", why: "CanaryFailed: It could not be found out" }]);
});

it("consumers are asked again for some minutes, and each question says how many attempts are left", async () => {
  const tries: number[] = [];
  const { log, workbench } = promotionWorkbench({
    ...asked,
    "verify-share": (event) => {
      const { triesLeft } = event as { triesLeft: number };
      tries.push(triesLeft);
      if (triesLeft > 0) throw named("NotLaunchableYet", "not yet");
      throw named("NotLaunchable", "never");
    },
  });

  await workbench.run(promotion, input);

  expect(tries).toEqual([5, 4, 3, 2, 1, 0]);
  expect(steps(log)).not.toContain("start-canary");
});
