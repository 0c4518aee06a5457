// @module-tag deep
// @module-tag needs/sst-platform
import { DescribeImageAttributeCommand, EC2Client, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { busName, channelParameter } from "../../core/names.ts";
import type { RunningFactory } from "../../local/boot/boot-factory.ts";
import type { TryOptions } from "../../local/story/run-try.ts";
import { tryConfig } from "./try-config.ts";

const Name = channelParameter("solo", "base", "live");
const STRANGER = "600000000009";

const faultsAfter = async (interfere: TryOptions["interfere"]): Promise<readonly string[]> =>
  (await tryConfig("one-region", { seed: 1, days: 2, interfere })).faults;

/** Those of a bus whose pattern contains a text. @returns how many */
async function disableRules(options: RunningFactory["options"], EventBusName: string, text: string): Promise<number> {
  const client = new EventBridgeClient(options);
  const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName }));
  const found = Rules.filter(({ EventPattern }) => EventPattern?.includes(text));
  for (const rule of found) await client.send(new DisableRuleCommand({ Name: rule.Name, EventBusName }));
  return found.length;
}

async function published({ options }: RunningFactory): Promise<string> {
  const { Parameter } = await new SSMClient(options).send(new GetParameterCommand({ Name }));
  return Parameter?.Value ?? "";
}

test("an account that can launch what is not shared with it is reported", async () => {
  const faults = await faultsAfter({
    async atEnd(running) {
      await new EC2Client(running.options).send(
        new ModifyImageAttributeCommand({
          ImageId: await published(running),
          LaunchPermission: { Add: [{ UserId: STRANGER }] },
        }),
      );
    },
  });

  expect(faults).toEqual([
    expect.stringMatching(
      /^600000000009 .* sees ami-\w+ in eu-central-1, of base 1\.\S+, which is not shared with it$/,
    ),
    expect.stringMatching(/^600000000009 .* can launch base\/live in eu-central-1, which is not shared with it$/),
  ]);
});

test("accounts that cannot launch what is shared with them are reported", async () => {
  const faults = await faultsAfter({
    async atEnd(running) {
      const ec2 = new EC2Client(running.options);
      const ImageId = await published(running);
      const asked = new DescribeImageAttributeCommand({ ImageId, Attribute: "launchPermission" });
      const { LaunchPermissions: Remove = [] } = await ec2.send(asked);
      await ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Remove } }));
    },
  });

  expect(faults.length).toBeGreaterThan(1);
  expect(faults).toContainEqual(
    "333300001111 (account-3333-1111) cannot launch base/live in eu-central-1, which is shared with it",
  );
});

test("a failed build without a notice is reported, for SNS and for Slack", async () => {
  let disabled = 0;
  const faults = await faultsAfter({
    async eachHour({ options }) {
      if (disabled === 0) disabled = await disableRules(options, busName("solo"), '"build.failed"');
    },
  });

  expect(disabled).toBeGreaterThan(0);
  expect(faults).toContainEqual(expect.stringMatching(/^build\.failed \(base\) at .*: no notice on SNS$/));
  expect(faults).toContainEqual(expect.stringMatching(/^build\.failed \(base\) at .*: no message on Slack$/));
});

test("a channel that points at a build which its gate rejected is reported", async () => {
  const faults = await faultsAfter({
    async atEnd({ options, events, clock }) {
      const rejected = events.find(({ detailType }) => detailType === "gate.rejected")?.detail.build;
      const available = events.find(
        ({ detailType, detail }) => detailType === "build.available" && detail.build === rejected,
      );
      const Value = String(available?.detail.amiId);
      // Whose event lets the factory put the parameter right at once.
      await disableRules(options, "default", '"Parameter Store Change"');
      await new SSMClient(options).send(new PutParameterCommand({ Name, Value, Overwrite: true }));
      // Parameter Store checks that the AMI exists, and only then shows the value.
      await clock.runUntil(clock.now() + 60_000);
    },
  });

  expect(faults).toContainEqual(expect.stringMatching(/^base\/live: points at 1\.\S+, which passed no gate$/));
  expect(faults).toContainEqual(expect.stringMatching(/^base\/live: points at ami-\w+ in eu-central-1, expected ami-/));
});

test("an event in a dead-letter queue is reported", async () => {
  const faults = await faultsAfter({
    async atEnd({ options }) {
      const sqs = new SQSClient(options);
      const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "amint-solo-notify" }));
      await sqs.send(new SendMessageCommand({ QueueUrl: QueueUrls[0], MessageBody: "{}" }));
    },
  });

  expect(faults).toEqual([expect.stringMatching(/^amint-solo-notify-dead-letters holds 1 event\(s\)$/)]);
});
