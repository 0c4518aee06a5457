import { describe, expect, it } from "vitest";
import { refusalOf } from "../expect-refusal.ts";
import { sharingAws } from "../ram/sharing-aws.ts";
import { anImage, FACTORY, PRODUCTION, REGION, SANDBOX, STRANGER } from "./an-aws.ts";

const ARN = `arn:aws:ssm:${REGION}:${FACTORY}:parameter/golden/stable`;

/** The factory's image, for production and sandbox to launch; its parameter is shared with production alone. */
async function aChannel() {
  const world = sharingAws();
  const { aws, call, pass } = world;
  const ImageId = anImage(aws, "golden");
  await call(FACTORY, "ec2", "ModifyImageAttribute", {
    ImageId,
    LaunchPermission: { Add: [PRODUCTION, SANDBOX, STRANGER].map((UserId) => ({ UserId })) },
  });
  await call(FACTORY, "ssm", "PutParameter", {
    Name: "/golden/stable",
    Type: "String",
    Tier: "Advanced",
    Value: ImageId,
  });
  await call("999988887777", "ram", "EnableSharingWithAwsOrganization");
  await call(FACTORY, "ram", "CreateResourceShare", { name: "golden", resourceArns: [ARN], principals: [PRODUCTION] });
  await pass(120);
  const launch = (account: string, more: object = {}) =>
    call<{ Instances: { ImageId: string }[] }>(account, "ec2", "RunInstances", {
      ImageId: `resolve:ssm:${ARN}`,
      MinCount: 1,
      MaxCount: 1,
      ...more,
    });
  return { ...world, ImageId, launch };
}

describe("a parameter that another account shares", () => {
  it("names the image of launches, templates and Auto Scaling groups where the share reaches", async () => {
    const { call, pass, launch, ImageId } = await aChannel();
    await call(PRODUCTION, "ec2", "CreateLaunchTemplate", {
      LaunchTemplateName: "web",
      LaunchTemplateData: { ImageId: `resolve:ssm:${ARN}`, InstanceType: "t3.micro" },
    });

    const direct = await launch(PRODUCTION);
    const templated = await launch(PRODUCTION, { ImageId: undefined, LaunchTemplate: { LaunchTemplateName: "web" } });
    await call(PRODUCTION, "autoscaling", "CreateAutoScalingGroup", {
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateName: "web" },
      MinSize: 1,
      MaxSize: 1,
      AvailabilityZones: [`${REGION}a`],
    });
    await pass(60);
    const groups = await call(PRODUCTION, "autoscaling", "DescribeAutoScalingGroups");

    expect([direct, templated].map(({ Instances }) => Instances[0]?.ImageId)).toEqual([ImageId, ImageId]);
    expect(groups).toMatchObject({ AutoScalingGroups: [{ Instances: [{ LifecycleState: "InService" }] }] });
  });

  it("is refused to an account that may launch the image, but that the share does not reach", async () => {
    const { launch } = await aChannel();

    for (const account of [SANDBOX, STRANGER]) {
      const refusal = await refusalOf(launch(account));
      expect(refusal.message).toContain("ssm:GetParameters");
    }
  });

  it("requires ssm:GetParameters for the role that launches", async () => {
    const { role } = await aChannel();
    const launch = (as: Awaited<ReturnType<typeof role>>) =>
      refusalOf(as("ec2", "RunInstances", { ImageId: `resolve:ssm:${ARN}`, MinCount: 1, MaxCount: 1, DryRun: true }));

    const without = await launch(await role(PRODUCTION, "ec2:*"));
    const having = await launch(await role(PRODUCTION, ["ec2:*", "ssm:GetParameters"]));

    expect(without.message).toContain("not authorized to perform: ssm:GetParameters");
    expect(having.code).toBe("DryRunOperation");
  });
});
