import { bootExample } from "../../../demo/boot-example.ts";
import factory from "../../../factory.config.ts";
import type { FactoryEvent } from "../../../local/boot/boot-factory.ts";
import { HOUR } from "../../world/time.ts";
import { begin, hands, releasedAt } from "./hands.ts";
import { liveAndCheck } from "./hour-by-hour.ts";
import type { Scenario } from "./scenario.ts";
import type { Expected } from "./tally.ts";

/** The result of four days with many manual decisions: events, and the answers to the callers. */
const expected: Expected = {
  "build.started": 6,
  "build.available": 6,
  "gate.passed": 6,
  "image.shared": 18,
  "channel.moved": 11,
  // By the state machine; twice too early, and a reminder.
  "approval.requested": 4,
  // A repeated question gets the same decision again.
  "approval.granted": 4,
  "build.revoked": 3,
  "build.restored": 1,
  "waiver.expiring": 1,
  "drift.repaired": 1,
  // A deleted parameter, an invented one; an AMI in two regions, for candidate and stable.
  "drift.found by its event": 6,
  "share.verified": 18,
  "package.updated": 1,
  "base.updated at once": 1,
  "trigger.suppressed": 1,
  'expire-approval: {"verdict":"granted"}': 1,
  'request-approval: {"asked":false}': 1,
  'request-approval: {"asked":true}': 2,
  "build.in-use": 3,
  'revoke-build: {"left":"0"}': 3,
  'restore-build: {"shared":2}': 1,
  'roll-back: {"moved":true}': 1,
  'roll-back-from-slack: {"outcome":"done"}': 1,
  // Parameter Store and RAM take a moment: the state machine asks again.
  "amint-acme-share-parameter failed": 8,
};

/** Operators approve by command, answer too late, roll back, revoke and restore. */
export const daysByHand: Scenario = {
  name: "the days by hand",
  start: (blueprint) => bootExample({ factory, blueprint, begin }),
  async live({ clock, ...running }, { account }, enough) {
    const answered: string[] = [];
    const steps = hands({ clock, ...running }, (answer) => answered.push(answer));
    const happened = () => [...running.events.map(inWords), ...answered];
    // Requests that `reconcile` may not make are parked.
    return liveAndCheck({ clock, ...running }, { begin, steps, account, expected, happened, enough });
  },
};

/** The schedule also finds a new base, but hours later; the full comparison finds drift, on the hour. */
function inWords({ detailType, time }: FactoryEvent): string {
  if (detailType === "base.updated" && Date.parse(time) - releasedAt < 60_000) return `${detailType} at once`;
  return detailType === "drift.found" && Date.parse(time) % HOUR >= 60_000 ? `${detailType} by its event` : detailType;
}
