import { named } from "embedded-aws/testing/states";
import { expect, it } from "vitest";
import { promotion } from "./promotion-machine.ts";
import { decision, input, promotionWorkbench } from "./promotion-workbench.ts";

/** A function that keeps its events and answers the same to each. */
const keeping = (events: unknown[], answer?: object) => (event: unknown) => {
  events.push(event);
  return answer;
};

it("a promotion copies everywhere, then shares and moves channel by channel, with a soak between", async () => {
  const { log, workbench } = promotionWorkbench();

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "SUCCEEDED" });
  expect(log).toEqual([
    "collect-evidence +0m",
    "decide-gate +0m",
    "distribute-image us-east-1 +0m",
    "distribute-image eu-central-1 +0m",
    "record-copy us-east-1 +20m",
    "record-copy eu-central-1 +20m",
    "check-promotion candidate +20m",
    "share-image candidate eu-west-1 +20m",
    "share-image candidate us-east-1 +20m",
    "move-channel candidate +20m",
    "confirm-channel candidate +20m",
    "check-promotion stable +1460m",
    "share-image stable eu-west-1 +1460m",
    "share-image stable us-east-1 +1460m",
    "move-channel stable +1460m",
    "confirm-channel stable +1460m",
  ]);
});

it("a rejected build goes nowhere", async () => {
  const { log, workbench } = promotionWorkbench({ "decide-gate": () => ({ ...decision, verdict: "rejected" }) });

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(log).toEqual(["collect-evidence +0m", "decide-gate +0m"]);
});

/** Three regions, and how many of them must have the build. */
const three = (quorum: number) => ({
  ...decision,
  channels: [
    { name: "stable", soakSeconds: 0, regions: ["eu-west-1", "us-east-1", "eu-central-1"], quorum },
    { name: "asia", soakSeconds: 0, regions: ["eu-west-1", "us-east-1"], quorum: 2 },
  ],
});
const noKey = { "eu-central-1": { status: "FAILED", reason: "no key" } };

it("a copy that fails is begun again, alone; too few regions undo the promotion, each with its cause", async () => {
  const undone: unknown[] = [];
  const begun: unknown[] = [];
  const { log, workbench } = promotionWorkbench(
    {
      "decide-gate": () => three(3),
      "distribute-image": (event) => {
        const { region, instead } = event as { region: string; instead: string | null };
        if (region === "eu-central-1") begun.push(instead);
        return { region, copy: `arn:aws:imagebuilder:${region}:111122223333:image/copy/1.0.0/${begun.length}` };
      },
      "undo-promotion": keeping(undone),
    },
    noKey,
  );

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "FAILED", error: "PromotionFailed" });
  const copy = "arn:aws:imagebuilder:eu-central-1:111122223333:image/copy/1.0.0";
  expect(begun).toEqual([null, `${copy}/1`, `${copy}/2`]);
  expect(log.filter((line) => line.includes("us-east-1"))).toEqual([
    "distribute-image us-east-1 +0m",
    "record-copy us-east-1 +20m",
  ]);
  expect(log.filter((line) => line.startsWith("distribute-image eu-central-1"))).toEqual([
    "distribute-image eu-central-1 +0m",
    "distribute-image eu-central-1 +35m",
    "distribute-image eu-central-1 +55m",
  ]);
  expect(undone).toMatchObject([
    {
      error: {
        Error: "TooFewRegions",
        Cause:
          "Channel stable moves when 3 of its 3 regions have the build; unavailable: eu-central-1 (CopyFailed: the copy ended FAILED in 3 tries: no key)",
      },
    },
  ]);
  expect(log.some((line) => line.startsWith("share"))).toBe(false);
});

it("where the quorum holds, a region without a copy stays behind, and the others continue", async () => {
  const moves: unknown[] = [];
  const { log, workbench } = promotionWorkbench(
    {
      "decide-gate": () => three(2),
      "move-channel": keeping(moves, { moved: true }),
    },
    noKey,
  );

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(log.filter((line) => line.startsWith("share-image"))).toEqual([
    "share-image stable eu-west-1 +60m",
    "share-image stable us-east-1 +60m",
    "share-image asia eu-west-1 +60m",
    "share-image asia us-east-1 +60m",
  ]);
  const why = "CopyFailed: the copy ended FAILED in 3 tries: no key";
  // A channel that is not published there leaves nothing behind.
  expect(moves).toMatchObject([
    { channel: "stable", behind: [{ region: "eu-central-1", why }], again: false },
    { channel: "asia", behind: [], again: false },
  ]);
});

it("a copy whose start fails leaves its region behind, and no other", async () => {
  const moves: unknown[] = [];
  const { workbench } = promotionWorkbench({
    "decide-gate": () => three(2),
    "distribute-image": (event) => {
      const { region } = event as { region: string };
      if (region === "us-east-1") throw named("AccessDeniedException", 'no right to "copy"');
      return { region, copy: `arn:aws:imagebuilder:${region}:111122223333:image/copy/1.0.0/1` };
    },
    "move-channel": keeping(moves, { moved: true }),
  });

  await workbench.run(promotion, input);

  const behind = [{ region: "us-east-1", why: 'AccessDeniedException: no right to "copy"' }];
  // The second channel would be in one of its two regions only.
  expect(moves).toMatchObject([{ channel: "stable", behind }]);
});

it("a copy that never ends is given up after its looks", async () => {
  const undone: unknown[] = [];
  const { workbench } = promotionWorkbench(
    { "undo-promotion": keeping(undone) },
    { "us-east-1": { status: "DISTRIBUTING" } },
  );

  const run = await workbench.run(promotion, input);

  expect(undone).toMatchObject([
    { error: { Error: "TooFewRegions", Cause: expect.stringContaining("was still DISTRIBUTING after 12.5 hours") } },
  ]);
  expect(run).toMatchObject({ status: "FAILED", seconds: 150 * 300 });
});

it("a copy that an earlier promotion of the build finished is not waited for", async () => {
  const { log, workbench } = promotionWorkbench({
    "distribute-image": (event) => {
      const { region } = event as { region: string };
      return { region, copy: "arn:copy", amiId: "ami-0123456789abcdef0" };
    },
  });

  await workbench.run(promotion, input);

  expect(log.slice(2, 5)).toEqual([
    "distribute-image us-east-1 +0m",
    "distribute-image eu-central-1 +0m",
    "check-promotion candidate +0m",
  ]);
});

it("a promotion that was superseded stops before the next channel", async () => {
  const { log, workbench } = promotionWorkbench({ "move-channel": () => ({ moved: false }) });

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(log.at(-1)).toBe("move-channel candidate +20m");
});

it("a promotion that a newer build overtakes while it soaks shares nothing more", async () => {
  const { log, workbench } = promotionWorkbench({
    "check-promotion": (event) => ({ goesOn: (event as { channel: string }).channel === "candidate" }),
  });

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(log.at(-1)).toBe("check-promotion stable +1460m");
});

it("a throttled share is retried; a region in which it keeps failing is passed to the move", async () => {
  let calls = 0;
  const moves: unknown[] = [];
  const { workbench } = promotionWorkbench({
    "share-image": (event) => {
      const { region } = event as { region: string };
      if (region !== "us-east-1") return { region };
      calls++;
      throw named(calls < 4 ? "Throttled" : "ShareRefused", "not allowed");
    },
    "move-channel": keeping(moves, { moved: true }),
  });

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(calls).toBeGreaterThan(3);
  expect(moves[0]).toMatchObject({ behind: [{ region: "us-east-1", why: "ShareRefused: not allowed" }] });
});

it("a move that the rule refuses undoes the promotion", async () => {
  const undone: unknown[] = [];
  const { workbench } = promotionWorkbench({
    "move-channel": () => {
      throw named("TooFewRegions", "us-east-1 (ShareRefused: not allowed)");
    },
    "undo-promotion": keeping(undone),
  });

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "FAILED", error: "PromotionFailed" });
  expect(undone).toMatchObject([{ error: { Error: "TooFewRegions" } }]);
});

const again = {
  distribute: [{ region: "us-east-1" }],
  channels: [{ name: "stable", regions: ["us-east-1"], quorum: 0, soakSeconds: 0 }],
};

it("regions that stayed behind get the build without gate and approval", async () => {
  const told: unknown[] = [];
  const { log, workbench } = promotionWorkbench({
    "move-channel": keeping(told, { moved: true }),
    "confirm-channel": keeping(told, { confirmed: true }),
  });

  const run = await workbench.run(promotion, { ...input, again });

  expect(run.status).toBe("SUCCEEDED");
  expect(log).toEqual([
    "distribute-image us-east-1 +0m",
    "record-copy us-east-1 +20m",
    "check-promotion stable +20m",
    "share-image stable us-east-1 +20m",
    "move-channel stable +20m",
    "confirm-channel stable +20m",
  ]);
  expect(told).toMatchObject([{ again: true, behind: [] }, { caughtUp: ["us-east-1"] }]);
});

it("regions that cannot catch up have nothing undone", async () => {
  const { log, workbench } = promotionWorkbench({
    "move-channel": () => {
      throw named("BuildRevoked", "revoked meanwhile");
    },
  });

  const run = await workbench.run(promotion, { ...input, again });

  expect(run.status).toBe("SUCCEEDED");
  expect(log.at(-1)).toBe("move-channel stable +20m");
});
