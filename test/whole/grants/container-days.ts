import { bootExample } from "../../../demo/boot-example.ts";
import factory from "../../../factory.config.ts";
import { begin } from "./hands.ts";
import { liveAndCheck } from "./hour-by-hour.ts";
import type { Scenario } from "./scenario.ts";
import type { Expected } from "./tally.ts";

/** Until the soak of a day is over and the image is in both channels. */
const HOURS = 27;

/** What one request leads to. */
const expected: Expected = {
  "build.started": 1,
  "build.available": 1,
  "gate.passed": 1,
  "image.shared": 4,
  "share.verified": 4,
  "channel.moved": 2,
  // RAM takes a moment: the state machine asks again.
  "amint-acme-share-parameter failed": 4,
};

/** A container image is built, pulled as its consumers do, and promoted. */
export const containerDays: Scenario = {
  name: "the days of a container",
  start: (blueprint) => bootExample({ factory, blueprint, begin }),
  async live(running, { account }, enough) {
    const request = () =>
      running.send("start-build", { trigger: "manual", image: "al2023-node", requestedBy: "linus" });
    const steps = [[0, request] as const, [HOURS, async () => {}] as const];
    const happened = () => running.events.map(({ detailType }) => detailType);
    return liveAndCheck(running, { begin, steps, account, expected, happened, enough });
  },
};
