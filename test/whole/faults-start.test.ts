// @module-tag deep

import { setInterference, undisturbed } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { HOUR } from "../world/time.ts";
import { readAftermath } from "./faults-aftermath.ts";
import { startInProcess } from "./in-process.ts";

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
