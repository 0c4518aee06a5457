import { DetachImageWatermarkCommand, EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { DeleteRepositoryPolicyCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { DisassociateResourceShareCommand, GetResourceSharesCommand, RAMClient } from "@aws-sdk/client-ram";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { publishServiceEvent } from "embedded-aws";
import { setInterference, undisturbed } from "embedded-aws/faults";
import { expect, test } from "vitest";
import { watchReconcile } from "./reconcile-calls.ts";
import { openRepairTrail, type RepairTrail } from "./repair-trail.ts";

const SANDBOX = "arn:aws:organizations::999988887777:ou/o-exampleorgid/ou-exam-sandbox1";
const PARAMETER = "/imagebuilder/amint/acme/al2023-base/candidate";
const region = "us-east-1";

/** Manual changes outside the build region, what is found, and how it is repaired. */
const changes: readonly {
  readonly what: string;
  readonly change: (trail: RepairTrail) => Promise<unknown>;
  readonly found: RegExp;
  readonly done: RegExp;
  /** Calls of `reconcile` that change something at AWS, beside the ledger. */
  readonly writes: readonly string[];
}[] = [
  {
    what: "a launch permission",
    change: (trail) =>
      new EC2Client({ ...trail.options, region }).send(
        new ModifyImageAttributeCommand({
          ImageId: trail.amiOf(trail.builds[0] ?? "", region),
          LaunchPermission: { Remove: [{ OrganizationalUnitArn: SANDBOX }] },
        }),
      ),
    found: /^ami-\w+ in us-east-1 was no longer shared with .*ou-exam-sandbox1$/,
    done: /^It was shared again\.$/,
    writes: ["ec2:ModifyImageAttribute"],
  },
  {
    what: "a watermark",
    change: (trail) =>
      new EC2Client({ ...trail.options, region }).send(
        new DetachImageWatermarkCommand({
          ImageId: trail.amiOf(trail.builds[0] ?? "", region),
          WatermarkKey: "111122223333:amint/acme-al2023-base/candidate",
        }),
      ),
    found: /^ami-\w+ in us-east-1 did not have the watermark amint\/acme-al2023-base\/candidate$/,
    done: /^It was marked again\.$/,
    writes: ["ec2:AttachImageWatermark"],
  },
  {
    what: "a parameter",
    change: (trail) =>
      new SSMClient({ ...trail.options, region }).send(new DeleteParameterCommand({ Name: PARAMETER })),
    found: /candidate in us-east-1 was missing, but the channel points at ami-\w+$/,
    done: /^It was set back to ami-\w+\.$/,
    // In both regions, because a put of what it says already changes nothing; and its share, which went with it.
    writes: ["ssm:PutParameter", "ssm:PutParameter", "ram:AssociateResourceShare"],
  },
  {
    what: "a RAM share",
    async change(trail) {
      const ram = new RAMClient({ ...trail.options, region });
      const asked = { resourceOwner: "SELF", name: "amint-acme-al2023-base-candidate" } as const;
      const { resourceShares = [] } = await ram.send(new GetResourceSharesCommand(asked));
      const { resourceShareArn } = resourceShares.find(({ status }) => status === "ACTIVE") ?? {};
      await ram.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [SANDBOX] }));
    },
    found: /candidate in us-east-1 was not shared with exactly .*ou-exam-sandbox1$/,
    done: /^Corrected: shared with .*ou-exam-sandbox1\.$/,
    writes: ["ram:AssociateResourceShare"],
  },
  {
    what: "a key policy",
    async change(trail) {
      const kms = new KMSClient({ ...trail.options, region });
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/amint-acme-images" }));
      const KeyId = KeyMetadata?.Arn;
      const { Policy = "{}" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
      const policy = JSON.parse(Policy);
      policy.Statement = policy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== "OrganizationUses");
      await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify(policy) }));
    },
    found: /differs from the deployed one: the statement OrganizationUses is missing$/,
    done: /^Not changed\./,
    writes: [],
  },
  {
    what: "a repository policy",
    change: (trail) =>
      new ECRClient({ ...trail.options, region }).send(
        new DeleteRepositoryPolicyCommand({ repositoryName: "acme/al2023-node/stable" }),
      ),
    found:
      /^the policy of the repository acme\/al2023-node\/stable in us-east-1 differs from the deployed one: it has no policy$/,
    done: /^Not changed\./,
    writes: [],
  },
];

const MINUTES = 1 / 60;

test("what is changed by hand is reported within two minutes of its event, and no repair causes another", async () => {
  const trail = await openRepairTrail(1);
  await trail.pass(3);
  for (const { what, change, found, done, writes } of changes) {
    const before = trail.said("drift.found").length;
    const calls = watchReconcile(trail);

    await change(trail);
    await trail.pass(2 * MINUTES);
    const soon = trail.said("drift.found").slice(before);
    await trail.pass(2);

    expect(soon, what).toEqual([expect.objectContaining({ found: expect.stringMatching(found) })]);
    expect(soon[0]?.done, what).toMatch(done);
    expect(trail.said("drift.found"), what).toHaveLength(before + 1);
    expect(calls.writes(), what).toEqual(writes);
    // Each of the writes comes back as an event or two, and each of these is one look.
    expect(calls.looks(), what).toBeLessThanOrEqual(2 + 3 * writes.length);
  }
});

test("what is changed by hand while its event is lost is reported by the next full look", async () => {
  const trail = await openRepairTrail(1);
  await trail.pass(3);
  setInterference(trail.factory.booted.aws, {
    ...undisturbed,
    deliveries: ({ source }) => (source === "amint" ? [0] : []),
  });

  for (const { change } of changes) await change(trail);
  await trail.pass(3);
  const early = trail.said("drift.found");
  await trail.pass(24);

  expect(early).toEqual([]);
  const reported = trail.said("drift.found").map((one) => String(one.found));
  // The parameter's share went with it, and is restored with it.
  const expected = changes.filter(({ what }) => what !== "a RAM share");
  for (const { what, found } of expected) {
    expect(
      reported.filter((one) => found.test(one)),
      what,
    ).toHaveLength(1);
  }
});

test("a thousand events in a minute are repaired once", { tags: "deep" }, async () => {
  const trail = await openRepairTrail(1);
  await trail.pass(3);
  const { aws } = trail.factory.booted;
  await changes[2]?.change(trail);
  const calls = watchReconcile(trail);
  const event = {
    account: "111122223333",
    region,
    source: "aws.ssm",
    "detail-type": "Parameter Store Change",
    detail: { operation: "Update", name: PARAMETER, type: "String" },
  };

  for (let n = 0; n < 100; n++) {
    for (let m = 0; m < 10; m++) publishServiceEvent(aws, event);
    await trail.pass(MINUTES / 100);
  }
  await trail.pass(2);

  expect(trail.said("drift.found")).toHaveLength(1);
  expect(calls.writes()).toEqual(changes[2]?.writes);
});

test("events of other accounts and factories are ignored; an incomplete one is parked with the reason", async () => {
  const trail = await openRepairTrail(1);
  await trail.pass(3);
  const { aws } = trail.factory.booted;
  const calls = watchReconcile(trail);
  const event = { account: "111122223333", region, source: "aws.ssm", "detail-type": "Parameter Store Change" };

  publishServiceEvent(aws, { ...event, detail: { operation: "Update", name: PARAMETER.replace("acme", "other") } });
  publishServiceEvent(aws, { ...event, account: "222233334444", detail: { operation: "Update", name: PARAMETER } });
  publishServiceEvent(aws, {
    ...event,
    source: "aws.kms",
    "detail-type": "AWS API Call via CloudTrail",
    detail: { eventName: "PutKeyPolicy", errorCode: "AccessDenied", userIdentity: { type: "AssumedRole" } },
  });
  await trail.pass(2 * MINUTES);
  const ignored = calls.looks();
  publishServiceEvent(aws, {
    ...event,
    source: "aws.kms",
    "detail-type": "AWS API Call via CloudTrail",
    detail: { eventName: "PutKeyPolicy", userIdentity: { type: "AssumedRole" } },
  });
  await trail.pass(1);

  expect(ignored).toBe(0);
  const sqs = new SQSClient(trail.options);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "amint-acme-reconcile-dead-letters" }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages.map(({ Body }) => Body)).toEqual([expect.stringMatching(/InvalidEvent.*resources/s)]);
});
