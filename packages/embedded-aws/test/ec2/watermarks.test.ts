import { describe, expect, it } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { TRANSPORTS } from "../wire/transports.ts";
import { anAws, anImage, ec2Clients, FACTORY, OTHER_REGION, REGION, SANDBOX } from "./an-aws.ts";

function watermarked() {
  const world = anAws();
  const made = (name: string, sourceImageId?: string) => anImage(world.aws, name, { sourceImageId });
  const id = made("golden");
  const attach = (account = FACTORY, WatermarkName = "amint-stable") =>
    world.by("ec2", account)("AttachImageWatermark", { ImageId: id, WatermarkName });
  const marksOf = async (ImageId: string, region = REGION) =>
    (await world.by("ec2", FACTORY, region)("DescribeImages", { ImageIds: [ImageId] })).Images?.[0]?.ImageWatermarks;
  return { ...world, id, made, attach, marksOf };
}

describe("watermarks", () => {
  it("are inherited by copies and derived images, and stay there when the source loses them", async () => {
    const { by, clock, id, made, attach, marksOf } = watermarked();
    expect(await attach()).toEqual({ WatermarkKey: `${FACTORY}:amint-stable` });
    const mark = {
      WatermarkKey: `${FACTORY}:amint-stable`,
      SourceImageId: id,
      SourceImageRegion: REGION,
      SourceImageCreationTime: new Date(clock.now()),
      WatermarkCreationTime: new Date(clock.now()),
    };
    const { ImageId: copy } = await by(
      "ec2",
      FACTORY,
      OTHER_REGION,
    )<{ ImageId: string }>("CopyImage", { Name: "copy", SourceImageId: id, SourceRegion: REGION });
    const child = made("child", id);

    await by("ec2")("DetachImageWatermark", { ImageId: id, WatermarkKey: mark.WatermarkKey });
    await by("ec2")("DetachImageWatermark", { ImageId: id, WatermarkKey: mark.WatermarkKey });

    expect(await marksOf(id)).toBeUndefined();
    expect(await marksOf(copy, OTHER_REGION)).toEqual([mark]);
    expect(await marksOf(child)).toEqual([mark]);
  });

  it.each(TRANSPORTS)("are shown with their times, $name", async ({ connect }) => {
    const { aws, clock, id } = watermarked();
    const client = (await ec2Clients(connect, aws))();
    await client.attachImageWatermark({ ImageId: id, WatermarkName: "amint-stable" });

    const { Images } = await client.describeImages({ ImageIds: [id] });

    expect(Images?.[0]?.ImageWatermarks).toEqual([
      {
        WatermarkKey: `${FACTORY}:amint-stable`,
        SourceImageId: id,
        SourceImageRegion: REGION,
        SourceImageCreationTime: new Date(clock.now()),
        WatermarkCreationTime: new Date(clock.now()),
      },
    ]);
  });

  it("are found by filter", async () => {
    const { by, id, made, attach } = watermarked();
    made("plain");
    await attach();

    const found = await by("ec2")("DescribeImages", {
      Owners: ["self"],
      Filters: [{ Name: "image-watermark.watermark-key", Values: ["*:amint-*"] }],
    });

    expect(found.Images?.map(({ ImageId }) => ImageId)).toEqual([id]);
  });

  it("are the owner's to give, have names, and are for private images only", async () => {
    const { by, id, attach } = watermarked();
    const share = (Group?: string) =>
      by("ec2")("ModifyImageAttribute", {
        ImageId: id,
        LaunchPermission: { Add: [Group ? { Group } : { UserId: SANDBOX }] },
      });
    await share();
    await by("ec2")("DisableImageBlockPublicAccess");

    await expectRefusal(attach(SANDBOX), "AuthFailure");
    await expectRefusal(attach(FACTORY, "no"), "InvalidParameterValue");
    await attach();
    await expectRefusal(share("all"), "OperationNotPermitted", containing("watermark"));
    await by("ec2")("DetachImageWatermark", { ImageId: id, WatermarkKey: `${FACTORY}:amint-stable` });
    await share("all");
    await expectRefusal(attach(), "OperationNotPermitted");
  });
});

it("an image's ancestry goes from itself over copies to the root, which was made from nothing", async () => {
  const { aws, by } = anAws();
  const make = (name: string, sourceImageId?: string) => anImage(aws, name, { sourceImageId });
  const root = make("root");
  const child = make("child", root);
  const copying = { Name: "copy", SourceImageId: child, SourceRegion: REGION };
  const { ImageId: copy } = await by("ec2", FACTORY, OTHER_REGION)<{ ImageId: string }>("CopyImage", copying);

  const { ImageAncestryEntries: chain = [] } = await by(
    "ec2",
    FACTORY,
    OTHER_REGION,
  )("GetImageAncestry", { ImageId: copy });
  await expectRefusal(by("ec2", SANDBOX, OTHER_REGION)("GetImageAncestry", { ImageId: copy }), "InvalidAMIID.NotFound");

  expect(
    chain.map(({ ImageId, SourceImageId, SourceImageRegion }) => [ImageId, SourceImageId, SourceImageRegion]),
  ).toEqual([
    [copy, child, REGION],
    [child, root, REGION],
    [root, undefined, undefined],
  ]);
});
