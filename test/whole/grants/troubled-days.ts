import { bootExample } from "../../../demo/boot-example.ts";
import { consumers } from "../../../demo/organization.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { useKeysAs } from "./consumer.ts";
import { readFailures } from "./failed-functions.ts";
import { liveHourByHour } from "./hour-by-hour.ts";
import { putOnCall } from "./on-call.ts";
import { readParked } from "./parked.ts";
import type { Scenario } from "./scenario.ts";
import { differ, type Expected } from "./tally.ts";
import { begin, functionsGoneAt, troubles } from "./troubles.ts";
import { findWithoutLog } from "./without-log.ts";

/** The expected result of three days of trouble: counts of events, notices, and parked messages with reasons. */
const expected: Expected = {
  "build.started": 9,
  "build.available": 7,
  "build.failed": 2,
  "gate.passed": 6,
  "image.shared": 14,
  "share.verified": 14,
  "channel.moved": 7,
  "promotion.failed: TooFewRegions, 0 left": 2,
  "promotion.failed: NoManifest, 0 left": 1,
  "promotion.superseded": 2,
  "approval.requested": 2,
  "approval.granted": 1,
  "drift.repaired": 3,
  "feed.failed": 1,
  "trigger.suppressed": 1,
  // CloudTrail reports that an account was made, and that it joined.
  "AWS Service Event via CloudTrail": 2,
  // A team replaces its instances itself.
  "EC2 Auto Scaling Instance Refresh Started": 1,
  "EC2 Auto Scaling Instance Refresh Succeeded": 1,
  // A copy is lost while a channel points at it.
  "drift.found": 2,
  "on SNS": 18,
  "on Slack": 18,
  "alarm amint-acme-promotion-failed": 3,
  "alarm amint-acme-notify-dead-letters": 1,
  "alarm amint-acme-reconcile-dead-letters": 1,
  "alarm amint-acme-record-build-dead-letters": 1,
  "alarm amint-acme-start-build-dead-letters": 1,
  "alarm amint-acme-watch-packages-dead-letters": 1,
  "alarm amint-acme-watch-base-dead-letters": 1,
  "alarm amint-acme-resolve-approval-dead-letters": 1,
  "alarm amint-acme-roll-back-from-slack-dead-letters": 1,
  "alarm amint-acme-mirror-channel-dead-letters": 1,
  "alarm amint-acme-keep-grants-dead-letters": 1,
  "alarm amint-acme-follow-organization-dead-letters": 1,
  "alarm amint-acme-clean-up-dead-letters": 1,
  "alarm amint-acme-mark-leftovers-dead-letters": 1,
  "alarm amint-acme-retire-dead-letters": 1,
  "alarm amint-acme-tell-fleet-dead-letters": 1,
  "alarm amint-acme-roll-out-dead-letters": 1,
  "alarm amint-acme-start-roll-out-dead-letters": 1,
  "alarm amint-acme-watch-exposure-dead-letters": 1,
  // One broken event each; a deleted topic; and later deleted functions.
  "amint-acme-notify-dead-letters: InvalidEvent": 1,
  "amint-acme-notify-dead-letters: NotTold": 1,
  "amint-acme-notify-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-reconcile-dead-letters: InvalidEvent": 1,
  "amint-acme-reconcile-dead-letters: ResourceNotFoundException": 9,
  "amint-acme-reconcile-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-record-build-dead-letters: InvalidEvent": 1,
  "amint-acme-record-build-dead-letters: NO_PERMISSIONS": 3,
  "amint-acme-start-build-dead-letters: InvalidEvent": 1,
  "amint-acme-start-build-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-start-build-dead-letters: ResourceNotFoundException": 3,
  "amint-acme-resolve-approval-dead-letters: InvalidEvent": 1,
  "amint-acme-roll-back-from-slack-dead-letters: InvalidEvent": 1,
  "amint-acme-mirror-channel-dead-letters: InvalidEvent": 1,
  "amint-acme-mirror-channel-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-keep-grants-dead-letters: InvalidEvent": 1,
  "amint-acme-follow-organization-dead-letters: InvalidEvent": 1,
  "amint-acme-follow-organization-dead-letters: NO_PERMISSIONS": 2,
  "amint-acme-clean-up-dead-letters: InvalidEvent": 1,
  "amint-acme-mark-leftovers-dead-letters: InvalidEvent": 1,
  "amint-acme-retire-dead-letters: InvalidEvent": 1,
  "amint-acme-tell-fleet-dead-letters: InvalidEvent": 1,
  "amint-acme-roll-out-dead-letters: InvalidEvent": 1,
  "amint-acme-roll-out-dead-letters: NO_PERMISSIONS": 2,
  "amint-acme-start-roll-out-dead-letters: InvalidEvent": 1,
  "amint-acme-start-roll-out-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-start-roll-out-dead-letters: ResourceNotFoundException": 9,
  "amint-acme-watch-exposure-dead-letters: InvalidEvent": 1,
  "amint-acme-watch-exposure-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-watch-exposure-dead-letters: ResourceNotFoundException": 9,
  "amint-acme-watch-base-dead-letters: InvalidEvent": 1,
  "amint-acme-watch-base-dead-letters: ResourceNotFoundException": 2,
  "amint-acme-watch-packages-dead-letters: InvalidEvent": 1,
  "amint-acme-watch-packages-dead-letters: ResourceNotFoundException": 4,
  "amint-acme-watch-packages-dead-letters: LostManifest": 2,
  // Lambda tries an event three times before it parks it.
  "amint-acme-clean-up failed": 3,
  "amint-acme-follow-organization failed": 3,
  "amint-acme-keep-grants failed": 3,
  "amint-acme-mark-leftovers failed": 3,
  "amint-acme-mirror-channel failed": 3,
  "amint-acme-notify failed": 6,
  "amint-acme-reconcile failed": 3,
  "amint-acme-record-build failed": 3,
  "amint-acme-resolve-approval failed": 3,
  "amint-acme-retire failed": 3,
  "amint-acme-roll-back-from-slack failed": 3,
  "amint-acme-roll-out failed": 3,
  "amint-acme-start-build failed": 3,
  "amint-acme-start-roll-out failed": 3,
  "amint-acme-tell-fleet failed": 3,
  "amint-acme-watch-base failed": 3,
  "amint-acme-watch-exposure failed": 3,
  "amint-acme-watch-packages failed": 9,
  // The failed promotions' refusals; and those while Parameter Store and RAM are not consistent yet.
  "amint-acme-collect-evidence failed": 1,
  "amint-acme-move-channel failed": 2,
  "amint-acme-prepare-image failed": 2,
  "amint-acme-confirm-channel failed": 6,
  "amint-acme-share-parameter failed": 8,
};

/**
 * Three days in which everything goes wrong that the factory has a grant for: builds fail, promotions are undone,
 * events get lost, manifests vanish. At their end a consumer uses the images' keys.
 */
export const troubledDays: Scenario = {
  name: "the days of trouble",
  start: (blueprint) => bootExample({ factory, blueprint, begin }),
  async live(running, blueprint, enough) {
    const readHeard = await putOnCall(running);
    const { account } = blueprint;
    const happened = () => said(running);
    const lasting = await liveHourByHour(running, {
      begin,
      steps: troubles(running),
      account,
      expected,
      happened,
      enough,
    });
    if (lasting.length > 0) return lasting;
    const heard = (await readHeard()).flatMap(byKind);
    const failed = [...(await readParked(running.options)), ...(await readFailures(running, begin))];
    const differences = differ(expected, [...said(running), ...heard, ...failed]);
    const [consumer] = consumers;
    return [
      ...differences,
      ...(await useKeysAs(consumer?.id ?? "", running, blueprint)),
      ...(await findWithoutLog(running, account)),
    ];
  },
  // A deleted function has no permissions.
  alwaysRefuses: ({ action }, { clock }) => action === "lambda:InvokeFunction" && clock.now() >= functionsGoneAt,
};

function said({ events, slack }: RunningFactory): string[] {
  return [
    ...events.map(({ detailType, detail }) => {
      if (detailType !== "promotion.failed") return detailType;
      return `${detailType}: ${detail.error}, ${(detail.left as string[]).length} left`;
    }),
    ...slack.messages.map(() => "on Slack"),
  ];
}

/** Alarms by name; a return to OK is not counted. */
function byKind(subject: string): string[] {
  const [, state, alarm] = /^(ALARM|OK): "(.+)" in /.exec(subject) ?? [];
  if (state === undefined) return ["on SNS"];
  return state === "ALARM" ? [`alarm ${alarm}`] : [];
}
