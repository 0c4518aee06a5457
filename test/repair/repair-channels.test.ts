import {
  DeregisterImageCommand,
  DisableImageDeregistrationProtectionCommand,
  EC2Client,
  ModifyImageAttributeCommand,
} from "@aws-sdk/client-ec2";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { AskedOperation } from "embedded-aws/faults";
import { describe, expect, test } from "vitest";
import { readAftermath } from "../whole/faults-aftermath.ts";
import { image, openRepairTrail, type RepairTrail, trails } from "./repair-trail.ts";

const Name = "/imagebuilder/amint/acme/al2023-base/candidate";

/** The first channel's parameter values in every region, by the builds' AMIs. */
async function pointedAt(trail: RepairTrail): Promise<(string | undefined)[]> {
  const { parameters } = await readAftermath(trail.factory);
  return parameters.flatMap((one) =>
    one.image === image && one.channel === "candidate" ? [trail.nameOf(one.value)] : [],
  );
}

for (const [cloudTrail, options] of trails)
  describe(`trail: ${cloudTrail}`, options, () => {
    test("edited or deleted parameters get the ledger's value again, reported once for each time", {
      tags: "deep",
    }, async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [first = "", second = ""] = trail.builds;
      const ssm = new SSMClient({ ...trail.options, region: "us-east-1" });
      const edit = () =>
        ssm.send(
          new PutParameterCommand({
            Name,
            Value: trail.amiOf(first, "us-east-1"),
            DataType: "aws:ec2:image",
            Overwrite: true,
          }),
        );
      const told = () => trail.said("drift.found");
      await edit();
      await trail.pass(1.1);

      expect(await pointedAt(trail)).toEqual([second, second]);
      expect(told()).toEqual([
        {
          image,
          channel: "candidate",
          found: `${Name} in us-east-1 was ${trail.amiOf(first, "us-east-1")}, but the channel points at ${trail.amiOf(second, "us-east-1")}`,
          done: expect.stringMatching(/^It was set back to ami-.+\.$/),
        },
      ]);
      expect(
        trail.factory.slack.messages.some(({ text }) => text?.includes("channel candidate differed from the ledger")),
      ).toBe(true);

      await new SSMClient(trail.options).send(new DeleteParameterCommand({ Name }));
      await trail.pass(1.1);

      expect(await pointedAt(trail)).toEqual([second, second]);
      expect(told()).toHaveLength(2);
      expect(told()[1]).toMatchObject({ found: expect.stringContaining(`${Name} in eu-west-1 was missing`) });

      // A script that does it each hour: one drift.
      for (let hour = 0; hour < 3; hour++) {
        await edit();
        await trail.pass(1);
      }
      expect(told()).toHaveLength(3);
      expect(await pointedAt(trail)).toEqual([second, second]);
      expect(trail.repairs()).toEqual([]);
    });

    test("a parameter of a channel that points at nothing is removed", { tags: "deep" }, async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const stable = {
        Name: Name.replace("candidate", "stable"),
        Type: "String",
        Value: "ami-0123456789abcdef0",
      } as const;
      await new SSMClient(trail.options).send(new PutParameterCommand(stable));
      await trail.pass(1.1);

      const { parameters } = await readAftermath(trail.factory);
      const left = parameters.filter((one) => one.image === image && one.channel === "stable");
      expect(left.map(({ value }) => value)).toEqual([undefined, undefined]);
      expect(trail.said("drift.found")).toMatchObject([{ channel: "stable", done: "It was removed." }]);
    });

    test("a parameter that a move has not set yet is left to the move for half an hour", { tags: "deep" }, async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [first = "", second = ""] = trail.builds;
      trail.refuse(checksFor("roll-back", 5));
      const back = { image, channel: "candidate", to: trail.arns[0], by: "ada", reason: "slow", request: "r" };
      expect(await trail.ask("roll-back", back)).toBe("ParametersNotYet");
      trail.calmDown();

      expect(await trail.ask("reconcile", { scheduledTime: "2026-04-01T18:05:00Z" })).toEqual({ repaired: 0 });
      expect(await pointedAt(trail)).toEqual([first, second]);
      await trail.pass(2);

      expect(await pointedAt(trail)).toEqual([first, first]);
      expect(trail.said("drift.found")).toHaveLength(1);
    });

    /**
     * SSM asks EC2 with the rights of who put the parameter.
     * @param own how often that function itself asks there before
     */
    function checksFor(name: string, own: number, seen: () => void = () => {}) {
      let asked = 0;
      return ({ operation, call: { principal, region } }: AskedOperation): boolean => {
        const its = operation === "DescribeImages" && region === "us-east-1" && principal.arn.includes(`-${name}/`);
        const check = its && ++asked > own;
        if (check) seen();
        return check;
      };
    }

    test("a parameter whose validation by SSM fails is put again, and the promotion continues", {
      tags: "deep",
    }, async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const before = trail.said("channel.moved").length;
      let failed = 0;
      trail.refuse(checksFor("move-channel", 1, () => failed++));
      await trail.factory.request(image);
      await trail.pass(6);

      expect(failed).toBe(1);
      expect(trail.said("channel.moved").length).toBe(before + 1);
      expect(trail.said("promotion.failed")).toEqual([]);
      const [here, there] = await pointedAt(trail);
      expect(here).toBe(there);
    });

    test("removed launch permissions are added again, added ones are reported and left", async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const [first = ""] = trail.builds;
      const ImageId = trail.amiOf(first, "us-east-1");
      const ec2 = new EC2Client({ ...trail.options, region: "us-east-1" });
      const before = await trail.launchable(first);
      const change = (change: object) =>
        ec2.send(new ModifyImageAttributeCommand({ ImageId, Attribute: "launchPermission", LaunchPermission: change }));
      const OrganizationalUnitArn = String(trail.said("image.shared")[0]?.sharedWith).split(",")[0];
      await change({ Remove: [{ OrganizationalUnitArn }], Add: [{ UserId: "777788889999" }] });
      await trail.pass(3);

      expect(await trail.launchable(first)).toEqual({
        ...before,
        "us-east-1": expect.stringMatching(
          /^available: (ou-exam-sandbox1, 777788889999|777788889999, ou-exam-sandbox1)$/,
        ),
      });
      expect(trail.said("drift.found")).toEqual([
        expect.objectContaining({
          found: expect.stringContaining("no longer shared with"),
          done: "It was shared again.",
        }),
        expect.objectContaining({
          found: expect.stringContaining("can be launched by 777788889999"),
          done: expect.stringContaining("Not changed."),
        }),
      ]);

      // An AMI that is gone cannot be repaired: reported once.
      await ec2.send(new DisableImageDeregistrationProtectionCommand({ ImageId }));
      await ec2.send(new DeregisterImageCommand({ ImageId }));
      await trail.pass(3);
      expect(trail.said("drift.found").slice(2)).toMatchObject([
        { found: `${ImageId} in us-east-1 is missing, but the channel points at it: it cannot be launched` },
      ]);

      // What was revoked is not shared again.
      await trail.ask("revoke-build", { build: trail.arns[0], by: "ada", reason: "bad" });
      await trail.pass(3);
      expect(await trail.launchable(first)).toMatchObject({ "eu-west-1": "disabled: " });
      expect(trail.said("drift.found")).toHaveLength(3);
    });
  });
