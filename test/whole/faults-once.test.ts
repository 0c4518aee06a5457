// @module-tag deep
import { setInterference, undisturbed } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { BEGIN, HOUR } from "../world/time.ts";
import { readAftermath } from "./faults-aftermath.ts";
import { brokenRules } from "./faults-rules.ts";
import { liveUntilDay, startInProcess } from "./in-process.ts";

/** More requests than start-build makes. */
const MOST_REQUESTS = 18;

test.each([true, false])(
  "a start that dies after any of its requests (the last one carried out: %s) starts one build and says so",
  async (carriedOut) => {
    const factory = await startInProcess();
    const { aws } = factory.booted;
    try {
      for (let calls = 1; calls <= MOST_REQUESTS; calls++) {
        let killed = false;
        const lifetime = (name: string) => {
          if (killed || !name.endsWith("start-build")) return undefined;
          killed = true;
          return { calls, carriedOut };
        };
        setInterference(aws, { ...undisturbed, lifetime });
        // Lambda does not retry requests of function URLs: the requester gets a failure, and repeats the request.
        const ask = () => factory.request("ubuntu-2404-base");
        await ask().catch(ask);
        await factory.clock.runUntil(factory.clock.now() + 2 * HOUR);
      }

      const { events, ledger } = await readAftermath(factory);

      const said = events.filter(({ detailType }) => detailType === "build.started").map(({ detail }) => detail.build);
      const builds = ledger["ubuntu-2404-base"]?.builds ?? [];
      expect(builds.map(({ status }) => status)).toEqual(Array(MOST_REQUESTS).fill("available"));
      expect(new Set(said)).toEqual(new Set(builds.map(({ build }) => build)));
    } finally {
      await factory.close();
    }
  },
);

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
