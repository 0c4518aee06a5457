import { listClocks } from "../../../adapters/rollout/exposures.ts";
import { listPatched } from "../../../core/rollout/patched.ts";
import { bootExample } from "../../../demo/boot-example.ts";
import { fleetEvents } from "../../../demo/fleet.ts";
import { fleet, revocation } from "../../../demo/story.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { revokeNewest } from "../../../local/story/acts.ts";
import { liveAndCheck, type Step } from "./hour-by-hour.ts";
import type { Scenario } from "./scenario.ts";
import type { Expected } from "./tally.ts";

/** On the next day at 13:00 the vendor publishes ALAS2023-2026-9901, for which the factory rebuilds. */
const begin = Date.UTC(2026, 3, 6, 8);

/** The result of a fix that reaches instances, and of its revocation with the web server that was built on it. */
const expected: Expected = {
  "package.updated": 1,
  "build.started": 4,
  "build.available": 4,
  "gate.passed": 4,
  "image.shared": 12,
  "share.verified": 12,
  "channel.moved": 9,
  "approval.requested": 1,
  "build.revoked": 2,
  "build.in-use": 2,
  "rollout.halted": 1,
  "rollout.ended": 2,
  "ALAS2023-2026-9901 fixed in all groups": 1,
  "EC2 Auto Scaling Instance Refresh Succeeded": 11,
  "EC2 Auto Scaling Instance Refresh Failed": 1,
  // The state machine retries while Parameter Store and RAM are not consistent yet.
  "amint-acme-share-parameter failed": 6,
};

/** Teams' groups follow a channel: a fix reaches them, an alarm halts its roll-out for a while, and it is revoked. */
export const rolloutDays: Scenario = {
  name: "the days of a roll-out",
  // The demo's teams call the embedded AWS over HTTP.
  start: (blueprint) => bootExample({ factory, blueprint, port: 0, begin }),
  async live(running, { account }, enough) {
    const steps = stepsOf(running);
    const happened = () => running.events.map(({ detailType }) => detailType);
    return liveAndCheck(running, { begin, steps, account, expected, happened, enough }, () => readPatched(running));
  },
};

function stepsOf(running: RunningFactory): Step[] {
  const { image } = fleet;
  const [open, alarm, over, resume] = fleetEvents;
  return [
    [0, () => running.send("start-build", { trigger: "manual", image, requestedBy: "linus" })],
    [26, () => open.act(running)],
    // While the production wave's instances are replaced.
    [32.05, () => alarm.act(running)],
    [32.9, () => over.act(running)],
    [33, () => resume.act(running)],
    [35, () => revokeNewest(running, revocation)],
    [58.5, async () => {}],
  ];
}

/** `ALAS2023-2026-9901 fixed in all groups` for each advisory whose fix reached every instance. */
async function readPatched({ ledger }: RunningFactory): Promise<string[]> {
  const clocks = listPatched(await listClocks(ledger));
  return clocks.flatMap(({ image, advisory, milestones: { p100 } }) =>
    image === fleet.image && p100 ? [`${advisory} fixed in all groups`] : [],
  );
}
