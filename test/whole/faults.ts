import { type FaultPlan, injectFaults, random } from "embedded-aws/faults";
import type { InstancePlan } from "embedded-aws/instances";
import { monthOfInstances } from "../../demo/instances.ts";
import { BEGIN, DAY, HOUR } from "../world/time.ts";
import { type Aftermath, readAftermath } from "./faults-aftermath.ts";
import { type InProcessFactory, liveUntilDay, startInProcess } from "./in-process.ts";

/** Days with faults, and quiet days afterwards. */
const TROUBLED_DAYS = 2;
const CALM_DAYS = 3;

/** Faults of every kind; the seed determines how many. */
export function troubles(seed: number): FaultPlan {
  const dice = random(seed * 7919);
  const upTo = (most: number) => dice() * most;
  const downAt = BEGIN + upTo(TROUBLED_DAYS * DAY);
  return {
    seed,
    throttled: upTo(0.2),
    failedBefore: upTo(0.05),
    failedAfter: upTo(0.05),
    slow: { rate: upTo(0.1), upToMs: 5_000 },
    duplicated: { rate: upTo(0.3), upToMs: HOUR },
    delayed: { rate: upTo(0.2), upToMs: 3 * HOUR },
    reordered: upTo(0.3),
    lost: upTo(0.2),
    killed: upTo(0.15),
    down: [{ region: dice() < 0.5 ? "eu-west-1" : "us-east-1", from: downAt, until: downAt + upTo(2 * HOUR) }],
  };
}

/** Ubuntu is vulnerable for a while, so that the gate rejects some builds. */
const instances: InstancePlan = {
  ...monthOfInstances,
  findings: (context) =>
    context.image.includes("ubuntu") && context.time > BEGIN + 10 * HOUR && context.time < BEGIN + 20 * HOUR
      ? [{ severity: "CRITICAL", title: "CVE-2026-99901", fixAvailable: "YES" }]
      : [],
};

/** Two days of faults while builds are requested, then quiet; then everything is read back. */
export async function liveThrough(plan: FaultPlan): Promise<Aftermath> {
  const factory = await startInProcess(instances);
  try {
    const calmDown = injectFaults(factory.booted.aws, plan);
    await askForBuilds(factory);
    await liveUntilDay(factory, TROUBLED_DAYS);
    calmDown();
    await liveUntilDay(factory, TROUBLED_DAYS + CALM_DAYS);
    return await readAftermath(factory);
  } finally {
    await factory.close();
  }
}

async function askForBuilds(factory: InProcessFactory): Promise<void> {
  for (const at of [0, 0.1, 6 * HOUR, 12 * HOUR, 26 * HOUR]) {
    await factory.clock.runUntil(BEGIN + at);
    // Lambda retries failed events; a caller of the function URL would have to repeat the request.
    for (const image of ["al2023-base", "ubuntu-2404-base"]) {
      await factory.send("start-build", { trigger: "manual", image, requestedBy: "ada" });
    }
  }
}
