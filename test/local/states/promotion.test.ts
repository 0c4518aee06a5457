import { expect, it } from "vitest";
import { promotion } from "./promotion-machine.ts";
import { decision, input, promotionWorkbench } from "./promotion-workbench.ts";
import { named } from "./workbench.ts";

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

it("a copy that fails undoes the promotion with region, status and reason, and fails it", async () => {
  const undone: unknown[] = [];
  const { log, workbench } = promotionWorkbench(
    { "undo-promotion": (event) => void undone.push(event) },
    { "eu-central-1": { status: "FAILED", reason: "no key" } },
  );

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "FAILED", error: "PromotionFailed" });
  expect(undone).toMatchObject([
    { error: { Error: "CopyFailed", Cause: "The copy to eu-central-1 ended FAILED: no key" } },
  ]);
  expect(log.at(-1)).toBe("undo-promotion +20m");
  expect(log.some((line) => line.startsWith("share"))).toBe(false);
});

it("a copy that never ends is given up after its looks", async () => {
  const undone: unknown[] = [];
  const { workbench } = promotionWorkbench(
    { "undo-promotion": (event) => void undone.push(event) },
    { "us-east-1": { status: "DISTRIBUTING" } },
  );

  const run = await workbench.run(promotion, input);

  expect(undone).toMatchObject([{ error: { Error: "CopyTimedOut" } }]);
  expect(run).toMatchObject({ status: "FAILED", seconds: 150 * 300 });
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

it("a throttled share is tried again; one that fails for good undoes everything", async () => {
  let calls = 0;
  const undone: unknown[] = [];
  const share = () => {
    calls++;
    throw named(calls < 4 ? "Throttled" : "ShareRefused", "not allowed");
  };
  const { workbench } = promotionWorkbench({
    "share-image": share,
    "undo-promotion": (event) => void undone.push(event),
  });

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "FAILED", error: "PromotionFailed" });
  expect(calls).toBeGreaterThan(3);
  expect(undone).toMatchObject([{ error: { Error: "ShareRefused" } }]);
});
