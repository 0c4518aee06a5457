import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import type { Blueprint } from "embedded-aws/deploy";
import { bootExample } from "../../../demo/boot-example.ts";
import { consumers } from "../../../demo/organization.ts";
import factory from "../../../factory.config.ts";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { nameOf } from "../../../stacks/bundle/handlers.ts";
import { liveAndCheck } from "./hour-by-hour.ts";
import { putOnCall } from "./on-call.ts";
import type { Scenario } from "./scenario.ts";
import type { Expected } from "./tally.ts";
import { begin, functionsGoneAt, troubles, unattended } from "./troubles.ts";

/** Arbitrary bytes: a dry run checks only whether the key may be used. */
const CiphertextBlob = new Uint8Array(64);

/**
 * Uses the images' keys as an account does that launches a shared AMI, and grants them to its Auto Scaling role
 * (EC2 user guide, "Share an encrypted AMI"; Auto Scaling user guide, "Required AWS KMS key policy").
 * @returns the denied requests
 */
async function useKeysAs(
  account: string,
  { options, booted }: RunningFactory,
  { resources }: Blueprint,
): Promise<string[]> {
  const refusals: string[] = [];
  const imageKeys = resources.filter(({ type, name }) => type === "aws:kms/key:Key" && name.startsWith("ImageKey"));
  for (const { name, region } of imageKeys) {
    const KeyId = booted.deployment.get(name)?.arn;
    const kms = new KMSClient({ ...options, region, credentials: { ...options.credentials, accessKeyId: account } });
    const uses = [
      () => kms.send(new DescribeKeyCommand({ KeyId })),
      () => kms.send(new DecryptCommand({ KeyId, CiphertextBlob, DryRun: true })),
      () => kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_256", DryRun: true })),
      () => kms.send(new CreateGrantCommand({ KeyId, ...forAutoScaling(account), DryRun: true })),
    ];
    for (const use of uses) {
      try {
        await use();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (error.name !== "DryRunOperationException") refusals.push(`${account}: ${error.name}: ${error.message}`);
      }
    }
  }
  return refusals;
}

const forAutoScaling = (account: string) => ({
  GranteePrincipal: `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  Operations: ["Decrypt" as const, "GenerateDataKeyWithoutPlaintext" as const, "CreateGrant" as const],
});

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
  "EC2 Auto Scaling Instance Refresh Succeeded": 1,
  // A copy is lost while a channel points at it.
  "drift.found": 2,
  "on SNS": 18,
  "on Slack": 18,
  "alarm amint-acme-promotion-failed": 3,
  // Each has one broken event, which Lambda tries three times before it parks it.
  ...Object.fromEntries(
    unattended.map(nameOf).flatMap((name) => [
      [`alarm amint-acme-${name}-dead-letters`, 1],
      [`amint-acme-${name}-dead-letters: InvalidEvent`, 1],
      [`amint-acme-${name} failed`, 3],
    ]),
  ),
  // A deleted topic, and later deleted functions.
  "amint-acme-notify-dead-letters: NoticeNotDelivered": 1,
  "amint-acme-notify-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-reconcile-dead-letters: ResourceNotFoundException": 9,
  "amint-acme-reconcile-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-record-build-dead-letters: NO_PERMISSIONS": 3,
  "amint-acme-start-build-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-start-build-dead-letters: ResourceNotFoundException": 3,
  "amint-acme-mirror-channel-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-follow-organization-dead-letters: NO_PERMISSIONS": 2,
  "amint-acme-roll-out-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-start-roll-out-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-watch-exposure-dead-letters: NO_PERMISSIONS": 1,
  "amint-acme-watch-base-dead-letters: ResourceNotFoundException": 2,
  "amint-acme-watch-packages-dead-letters: ResourceNotFoundException": 4,
  "amint-acme-notify failed": 6,
  // The failed promotions' refusals; and those while Parameter Store and RAM are not consistent yet.
  "amint-acme-collect-evidence failed": 1,
  "amint-acme-move-channel failed": 2,
  "amint-acme-prepare-image failed": 2,
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
    const life = { begin, steps: troubles(running), account, expected, happened, enough };
    const faults = await liveAndCheck(running, life, async () => (await readHeard()).flatMap(byKind));
    return [...faults, ...(await useKeysAs(consumers[0]?.id ?? "", running, blueprint))];
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
