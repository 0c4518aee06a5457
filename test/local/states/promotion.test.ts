import { expect, it } from "vitest";
import type { Operation, Service } from "../../../local/operation.ts";
import { promotion } from "./promotion-machine.ts";
import { type Functions, named, start, Workbench } from "./workbench.ts";

const input = { build: "arn:build", image: "al2023-base" };
const decision = {
  verdict: "passed",
  distribute: [{ region: "us-east-1" }, { region: "eu-central-1" }],
  channels: [
    { name: "candidate", soakSeconds: 86_400, regions: ["eu-west-1", "us-east-1"] },
    { name: "stable", soakSeconds: 0, regions: ["eu-west-1", "us-east-1"] },
  ],
};

/** The machine's functions, with what was asked of them in order, and copies that end as `copies` says. */
function factory(more: Functions = {}, copies: Record<string, { status: string; reason?: string }> = {}) {
  const log: string[] = [];
  const noted =
    (name: string, answer: (event: Record<string, string>) => unknown): Functions[string] =>
    (event, { clock }) => {
      const { region = "", channel = "" } = event as Record<string, string>;
      log.push([name, channel, region, `+${Math.round((clock.now() - start) / 60_000)}m`].filter(Boolean).join(" "));
      return answer(event as Record<string, string>);
    };
  const functions: Functions = {
    "collect-evidence": noted("collect", () => input),
    "decide-gate": noted("decide", () => decision),
    "distribute-image": noted("distribute", ({ region }) => ({ region, copy: `arn:copy/${region}` })),
    "record-copy": noted("record", ({ region }) => ({ region, amiId: `ami-${region}` })),
    "share-image": noted("share", () => ({})),
    "move-channel": noted("move", () => ({ moved: true })),
    "undo-promotion": noted("undo", () => ({})),
    ...Object.fromEntries(Object.entries(more).map(([name, body]) => [name, noted(name, body as never)])),
  };
  const GetImage = {
    run({ imageBuildVersionArn }: { imageBuildVersionArn: string }, { aws }: { aws: { clock: { now(): number } } }) {
      const region = imageBuildVersionArn.split("/")[1]!;
      const ready = aws.clock.now() - start >= 20 * 60_000;
      return { image: { state: ready ? (copies[region] ?? { status: "AVAILABLE" }) : { status: "DISTRIBUTING" } } };
    },
  } as Operation;
  const imagebuilder: Service = {
    name: "imagebuilder",
    client: () => import("@aws-sdk/client-imagebuilder"),
    operations: { GetImage },
  };
  return { log, workbench: new Workbench(functions, { imagebuilder }) };
}

it("a promotion copies everywhere, then shares and moves channel by channel, with a soak between", async () => {
  const { log, workbench } = factory();

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "SUCCEEDED", output: "promoted" });
  expect(log).toEqual([
    "collect +0m",
    "decide +0m",
    "distribute us-east-1 +0m",
    "distribute eu-central-1 +0m",
    "record us-east-1 +20m",
    "record eu-central-1 +20m",
    "share candidate eu-west-1 +20m",
    "share candidate us-east-1 +20m",
    "move candidate +20m",
    "share stable eu-west-1 +1460m",
    "share stable us-east-1 +1460m",
    "move stable +1460m",
  ]);
});

it("a rejected build goes nowhere", async () => {
  const { log, workbench } = factory({ "decide-gate": () => ({ ...decision, verdict: "rejected" }) });

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(log).toEqual(["collect +0m", "decide-gate +0m"]);
});

it("a copy that fails undoes the promotion and fails it with region, status and reason", async () => {
  const { log, workbench } = factory({}, { "eu-central-1": { status: "FAILED", reason: "no key" } });

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({
    status: "FAILED",
    error: "CopyFailed",
    cause: "The copy to eu-central-1 ended FAILED: no key",
  });
  expect(log.at(-1)).toBe("undo +20m");
  expect(log.some((line) => line.startsWith("share"))).toBe(false);
});

it("a copy that never ends is given up after its polls", async () => {
  const { workbench } = factory({}, { "us-east-1": { status: "DISTRIBUTING" } });

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "FAILED", error: "CopyTimedOut", seconds: 151 * 300 });
});

it("a promotion that was superseded stops before the next channel", async () => {
  const { log, workbench } = factory({ "move-channel": () => ({ moved: false }) });

  const run = await workbench.run(promotion, input);

  expect(run.status).toBe("SUCCEEDED");
  expect(log.at(-1)).toBe("move-channel candidate +20m");
});

it("a throttled share is tried again; one that fails for good undoes everything", async () => {
  let calls = 0;
  const share = () => {
    calls++;
    throw named(calls < 4 ? "Throttled" : "ShareRefused", "not allowed");
  };
  const { log, workbench } = factory({ "share-image": share });

  const run = await workbench.run(promotion, input);

  expect(run).toMatchObject({ status: "FAILED", error: "ShareRefused" });
  expect(calls).toBeGreaterThan(3);
  expect(log.at(-1)).toMatch(/^undo/);
});
