import type { GetImageAncestryCommandOutput } from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import { anAws, anImage, FACTORY, OTHER_REGION, REGION, refusalOf, SANDBOX } from "./an-aws.ts";

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
  )<GetImageAncestryCommandOutput>("GetImageAncestry", { ImageId: copy });
  const refused = await refusalOf(by("ec2", SANDBOX, OTHER_REGION)("GetImageAncestry", { ImageId: copy }));

  expect(
    chain.map(({ ImageId, SourceImageId, SourceImageRegion }) => [ImageId, SourceImageId, SourceImageRegion]),
  ).toEqual([
    [copy, child, REGION],
    [child, root, REGION],
    [root, undefined, undefined],
  ]);
  expect(refused.code).toBe("InvalidAMIID.NotFound");
});
