import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  DescribeImagesCommand,
  EC2Client,
  EnableAllowedImagesSettingsCommand,
  ModifyImageAttributeCommand,
  ReplaceImageCriteriaInAllowedImagesSettingsCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { startAws, VirtualClock } from "embedded-aws";
import { addImage } from "embedded-aws/seeds";
import { expect, onTestFinished, test } from "vitest";
import { attachWatermark } from "../../adapters/share/amis.ts";
import { allowedImagesSetting } from "../../core/share/allowed-images.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type AmiId, parseAmiId } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import { HOME } from "../world/factory-of.ts";
import { FACTORY, MANAGEMENT, organization, STRANGER } from "../world/organization.ts";

const CONSUMER = "200000000001";
const run = promisify(execFile);

const amint = async (...args: string[]) =>
  run(process.execPath, ["cli/command/amint.mjs", "policy", "allowed-images", "--account", FACTORY, ...args]);

/** An AMI of the factory's, one of a stranger's and one of the consumer's own: the consumer may launch all of them. */
async function openConsumer() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const { aws, url, close } = await startAws({ clock, organization, port: 0, lingerMs: 25 });
  const stop = clock.race();
  onTestFinished(async () => {
    stop();
    await close();
  });
  const optionsOf = (account: string) => ({
    region: HOME,
    endpoint: url,
    credentials: { accessKeyId: account, secretAccessKey: "test" },
    maxAttempts: 1,
  });
  const add = async (account: string, name: string) => {
    const added = { name, architecture: "x86_64" as const, source: undefined, devices: [] };
    const { id } = addImage(aws, { account, region: HOME }, added);
    await clock.sleep(1_000);
    if (account !== CONSUMER) {
      await new EC2Client(optionsOf(account)).send(
        new ModifyImageAttributeCommand({ ImageId: id, LaunchPermission: { Add: [{ UserId: CONSUMER }] } }),
      );
    }
    return id;
  };
  const images = {
    ours: await add(FACTORY, "acme-al2023-base 2026-04-01T08-00-00.000000Z"),
    other: await add(FACTORY, "scratch"),
    foreign: await add(STRANGER, "acme-al2023-base 2026-04-01T08-00-00.000000Z"),
    own: await add(CONSUMER, "scratch"),
  };
  const ec2 = new EC2Client(optionsOf(CONSUMER));
  return {
    images,
    ec2,
    optionsOf,
    /** Whether each AMI would be allowed, as the consumer sees it; AMIs that it cannot find are left out. */
    async allowed() {
      const { Images = [] } = await ec2.send(
        new DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: Object.values(images) }] }),
      );
      const told = new Map(Images.map(({ ImageId, ImageAllowed }) => [ImageId, ImageAllowed]));
      return Object.fromEntries(
        Object.entries(images).flatMap(([name, id]) => (told.has(id) ? [[name, told.get(id)]] : [])),
      );
    },
    /** The result of launching each AMI. */
    async launches() {
      const ends = Object.entries(images).map(async ([name, ImageId]) => {
        const end = ec2.send(new RunInstancesCommand({ ImageId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 }));
        return [
          name,
          await end.then(
            () => "launched",
            (error: Error) => error.name,
          ),
        ] as const;
      });
      return Object.fromEntries(await Promise.all(ends));
    },
  };
}

test("the policy that is printed marks others' AMIs in audit mode and refuses them when enabled, never an account's own", async () => {
  const { optionsOf, allowed, launches } = await openConsumer();
  const organizations = new OrganizationsClient(optionsOf(MANAGEMENT));
  const Type = "DECLARATIVE_POLICY_EC2" as const;
  const audit = await amint();
  const enabled = await amint("--mode", "enabled");

  await organizations.send(new EnablePolicyTypeCommand({ RootId: organization.rootId, PolicyType: Type }));
  const { Policy } = await organizations.send(
    new CreatePolicyCommand({ Name: "allowed-images", Description: "", Type, Content: audit.stdout }),
  );
  const PolicyId = Policy?.PolicySummary?.Id;
  await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: organization.rootId }));
  const inAudit = { allowed: await allowed(), launches: await launches() };
  await organizations.send(new UpdatePolicyCommand({ PolicyId, Content: enabled.stdout }));
  const inForce = { allowed: await allowed(), launches: await launches() };

  expect(inAudit.allowed).toEqual({ ours: true, other: false, foreign: false, own: true });
  expect(Object.values(inAudit.launches)).toEqual(Array.from({ length: 4 }, () => "launched"));
  expect(inForce.allowed).toEqual({ ours: true, own: true });
  expect(inForce.launches).toMatchObject({ ours: "launched", own: "launched" });
  expect([inForce.launches.other, inForce.launches.foreign]).not.toContain("launched");
  expect(audit.stderr).toContain("An account's own AMIs are never restricted");
  expect(enabled.stderr).toContain("An account's own AMIs are never restricted");
});

test("the account's own setting that is printed allows what bears a channel's mark, and nothing else", async () => {
  const { optionsOf, ec2, images, allowed } = await openConsumer();
  const { stdout, stderr } = await amint("--account-setting", "--mode", "enabled");

  await ec2.send(new ReplaceImageCriteriaInAllowedImagesSettingsCommand(JSON.parse(stdout)));
  await ec2.send(new EnableAllowedImagesSettingsCommand({ AllowedImagesSettingsState: "enabled" }));
  const unmarked = await allowed();
  await attachWatermark(
    new EC2Client(optionsOf(FACTORY)),
    parseAmiId(images.ours) as Proven<AmiId>,
    "amint/acme-al2023-web/stable",
  );
  const ofOther = await allowed();
  await attachWatermark(
    new EC2Client(optionsOf(FACTORY)),
    parseAmiId(images.ours) as Proven<AmiId>,
    "amint/acme-al2023-base/stable",
  );
  const marked = await allowed();

  expect(unmarked).toEqual({ own: true });
  expect(ofOther, "marked for a channel of another image").toEqual({ own: true });
  expect(marked).toEqual({ ours: true, own: true });
  expect(stderr).toContain("--allowed-images-settings-state enabled");
});

test("the setting requires the marks of the named channels, and an unknown channel is refused", async () => {
  const { stdout } = await amint("--account-setting", "--channel", "stable");

  const { ImageCriteria } = JSON.parse(stdout);
  expect(ImageCriteria).toContainEqual({
    ImageProviders: [FACTORY],
    ImageNames: ["acme-al2023-web *"],
    ImageWatermarks: [{ WatermarkKey: `${FACTORY}:amint/acme-al2023-web/stable` }],
  });
  expect(ImageCriteria).toHaveLength(Object.keys(factory.images).length);
  await expect(amint("--account-setting", "--channel", "stabel")).rejects.toMatchObject({
    stderr: expect.stringContaining('no image has a channel "stabel"; valid are candidate, stable.'),
  });
});

test("a factory with more images than an account's limit of criteria matches their marks by a pattern", () => {
  const [image] = Object.values(factory.images);
  const images = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`image-${n}`, image]),
  ) as typeof factory.images;

  const { ImageCriteria } = allowedImagesSetting({ name: "acme", images }, FACTORY, ["stable"]) as {
    ImageCriteria: { ImageNames: string[]; ImageWatermarks: object[] }[];
  };

  expect(ImageCriteria.map(({ ImageNames }) => ImageNames.length)).toEqual([50, 10]);
  expect(ImageCriteria[0]?.ImageWatermarks).toEqual([{ WatermarkKey: `${FACTORY}:amint/acme-*/stable` }]);
});

test("an unknown mode is refused, naming the valid ones", async () => {
  await expect(amint("--mode", "strict")).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringContaining("Allowed choices are audit, enabled."),
  });
});
