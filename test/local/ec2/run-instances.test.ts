import { describe, expect, it } from "vitest";
import { registerImage } from "../../../local/services/ec2/register-image.ts";
import { anAws, FACTORY, REGION, refusalOf, SANDBOX, STRANGER } from "./an-aws.ts";

function aLaunch() {
  const world = anAws();
  const id = registerImage(world.aws, FACTORY, REGION, {
    name: "golden",
    architecture: "x86_64",
    blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
  });
  const launch = (account: string, input: object = {}) =>
    refusalOf(
      world.by("ec2", account)("RunInstances", { ImageId: id, MinCount: 1, MaxCount: 1, DryRun: true, ...input }),
    );
  return { ...world, id, launch };
}

describe("RunInstances", () => {
  it("tells by a dry run who can launch an image", async () => {
    const { by, id, launch } = aLaunch();
    await by("ec2")("ModifyImageAttribute", { ImageId: id, LaunchPermission: { Add: [{ UserId: SANDBOX }] } });

    expect((await launch(FACTORY)).code).toBe("DryRunOperation");
    expect((await launch(SANDBOX)).code).toBe("DryRunOperation");
    expect((await launch(STRANGER)).code).toBe("InvalidAMIID.NotFound");
  });

  it("takes the image from a parameter", async () => {
    const { by, id, launch } = aLaunch();
    await by("ssm")("PutParameter", { Name: "/golden/stable", Type: "String", Value: id });

    expect((await launch(FACTORY, { ImageId: "resolve:ssm:/golden/stable" })).code).toBe("DryRunOperation");
    expect((await launch(FACTORY, { ImageId: "resolve:ssm:/golden/none" })).code).toBe("InvalidParameterValue");
  });

  it("refuses an image that is not available, and an instance type of another architecture", async () => {
    const { by, id, launch } = aLaunch();

    const wrong = await launch(FACTORY, { InstanceType: "m7g.large" });
    const right = await launch(FACTORY, { InstanceType: "g4dn.xlarge" });
    await by("ec2")("DisableImage", { ImageId: id });
    const disabled = await launch(FACTORY);

    expect(wrong.code).toBe("InvalidParameterValue");
    expect(right.code).toBe("DryRunOperation");
    expect(disabled.code).toBe("InvalidAMIID.Unavailable");
  });

  it("starts nothing", async () => {
    const { launch } = aLaunch();

    const refusal = await launch(FACTORY, { DryRun: false });

    expect(refusal).toMatchObject({ code: "NotImplemented", message: expect.stringContaining("RunInstances") });
  });
});
