import { expect, test } from "vitest";
import { setInterference } from "../../local/faults/interference.ts";
import { readAftermath } from "./faults-aftermath.ts";
import { brokenRules } from "./faults-rules.ts";
import { undisturbed } from "./faults-undisturbed.ts";
import { begin, HOUR, liveUntilDay, request, startInProcess } from "./in-process.ts";

test("a channel is not moved back to a build whose own promotion has been undone meanwhile", {
  timeout: 60_000,
}, async () => {
  const factory = await startInProcess();
  const { aws, clock } = { ...factory, ...factory.booted };
  try {
    // Both builds come as far as candidate; after the soak nothing is shared any more.
    await request(factory, "ubuntu-2404-base");
    await clock.runUntil(begin + 6 * HOUR);
    await request(factory, "ubuntu-2404-base");
    await clock.runUntil(begin + 20 * HOUR);
    const lifetime = (name: string) => (name.endsWith("share-image") ? { calls: 1, carriedOut: false } : undefined);
    setInterference(aws, { ...undisturbed, lifetime });
    await liveUntilDay(factory, 3);

    const after = await readAftermath(factory);

    expect(after.executions.map(({ status }) => status)).toEqual(["FAILED", "FAILED"]);
    expect(after.ledger["ubuntu-2404-base"]?.channels).toEqual({});
    expect(after.amis.filter(({ shares }) => shares > 0)).toEqual([]);
    expect(brokenRules(after)).toEqual([]);
  } finally {
    await factory.close();
  }
});
