// @module-tag deep

import { setInterference, undisturbed } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { BEGIN, HOUR } from "../world/time.ts";
import { readAftermath } from "./faults-aftermath.ts";
import { brokenRules } from "./faults-rules.ts";
import { liveUntilDay, startInProcess } from "./in-process.ts";

test("the failed promotion of a newer build gives its channel back to the build that it had overtaken", async () => {
  const factory = await startInProcess();
  const { aws, clock } = { ...factory, ...factory.booted };
  try {
    // Both builds come as far as candidate; after the soak nothing is shared.
    await factory.request("al2023-base");
    await clock.runUntil(BEGIN + 6 * HOUR);
    await factory.request("al2023-base");
    await clock.runUntil(BEGIN + 20 * HOUR);
    const lifetime = (name: string) => (name.endsWith("share-image") ? { calls: 1, carriedOut: false } : undefined);
    setInterference(aws, { ...undisturbed, lifetime });
    await liveUntilDay(factory, 3);

    const after = await readAftermath(factory);

    // The older one is superseded while it soaks; the newer one fails, and gives the channel back to it.
    expect(after.executions.map(({ status }) => status)).toEqual(["FAILED", "SUCCEEDED"]);
    const [oldest] = factory.events.filter(({ detailType }) => detailType === "build.started");
    expect(after.ledger["al2023-base"]?.channels).toMatchObject({
      candidate: { build: oldest?.detail.build, how: "undo" },
    });
    expect(brokenRules(after)).toEqual([]);
  } finally {
    await factory.close();
  }
});
