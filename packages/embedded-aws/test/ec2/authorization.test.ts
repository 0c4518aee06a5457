import { describe, expect, it } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { Authorization } from "../../src/engine/operation.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { anImage, FACTORY, REGION } from "./an-aws.ts";

function aWatchedAws() {
  const asked: Authorization[] = [];
  const aws = createAws({
    clock: new VirtualClock(0),
    authorizer: { authorize: (_call, authorization) => void asked.push(authorization) },
  });
  const id = anImage(aws, "golden", { tags: { factory: "acme" } });
  const ask = async (service: string, operation: string, input: object) => {
    asked.length = 0;
    const caller = { principal: accountPrincipal(FACTORY), region: REGION };
    await aws.call(service, operation, input, caller).catch(() => {});
    return asked.map(({ action, resources, context }) => ({ action, resources, context }));
  };
  return { ask, id };
}

describe("the authorization", () => {
  it("of an image is its ARN without account, with its tags", async () => {
    const { ask, id } = aWatchedAws();

    const [asked] = await ask("ec2", "ModifyImageAttribute", { ImageId: id, Description: { Value: "x" } });

    expect(asked).toMatchObject({
      action: "ec2:ModifyImageAttribute",
      resources: [`arn:aws:ec2:${REGION}::image/${id}`],
      context: { "aws:ResourceTag/factory": "acme", "ec2:ResourceTag/factory": "acme", "ec2:Owner": FACTORY },
    });
  });

  it("of tags is every resource, with the tags asked for", async () => {
    const { ask, id } = aWatchedAws();

    const asked = await ask("ec2", "CreateTags", {
      Resources: [id, "snap-0123456789abcdef0"],
      Tags: [{ Key: "build", Value: "1" }],
    });

    expect(asked.map(({ resources }) => resources)).toEqual([
      [`arn:aws:ec2:${REGION}::image/${id}`],
      [`arn:aws:ec2:${REGION}::snapshot/snap-0123456789abcdef0`],
    ]);
    expect(asked[0]?.context).toMatchObject({ "aws:TagKeys": ["build"], "aws:RequestTag/build": "1" });
  });

  it("of lists is everything", async () => {
    const { ask } = aWatchedAws();

    const [asked] = await ask("ec2", "DescribeImages", {});

    expect(asked).toMatchObject({ action: "ec2:DescribeImages", resources: ["*"] });
  });

  it("of what is in the Recycle Bin is everything, whatever is asked for", async () => {
    const { ask, id } = aWatchedAws();

    const [images] = await ask("ec2", "ListImagesInRecycleBin", { ImageIds: [id] });
    const [snapshots] = await ask("ec2", "ListSnapshotsInRecycleBin", { SnapshotIds: ["snap-0123456789abcdef0"] });

    expect(images).toMatchObject({ action: "ec2:ListImagesInRecycleBin", resources: ["*"] });
    expect(snapshots).toMatchObject({ action: "ec2:ListSnapshotsInRecycleBin", resources: ["*"] });
  });

  it("of a parameter is its ARN, with or without the first slash, and of a public one no account", async () => {
    const { ask } = aWatchedAws();
    const resource = async (Name: string) => (await ask("ssm", "GetParameter", { Name }))[0]?.resources[0];

    expect(await resource("/golden/stable:3")).toBe(`arn:aws:ssm:${REGION}:${FACTORY}:parameter/golden/stable`);
    expect(await resource("plain")).toBe(`arn:aws:ssm:${REGION}:${FACTORY}:parameter/plain`);
    expect(await resource("/aws/service/x")).toBe(`arn:aws:ssm:${REGION}::parameter/aws/service/x`);
    expect(await resource("arn:aws:ssm:eu-west-1:222233334444:parameter/shared")).toBe(
      "arn:aws:ssm:eu-west-1:222233334444:parameter/shared",
    );
  });
});
