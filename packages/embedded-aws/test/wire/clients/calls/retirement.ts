import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const ImageId = ref("retired.ImageId");
const SnapshotId = ref("retiredImage.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId");
const Identifier = ref("imageRule.Identifier");
const locked = ref("snapshotRule.Identifier");
const days = (RetentionPeriodValue: number) => ({ RetentionPeriodValue, RetentionPeriodUnit: "DAYS" });
const delay = { UnlockDelay: { UnlockDelayValue: 7, UnlockDelayUnit: "DAYS" } };
const noImage = "ami-00000000000000000";
const noSnapshot = "snap-00000000000000000";
const noRule = "0123456789a";
/** Clients from 2022 do not return the ARN of an existing rule. */
const ResourceArn = `arn:aws:rbin:eu-west-1:111122223333:rule/${noRule}`;
const gone = "404 ResourceNotFoundException: does not exist";
const inBin = "400 InvalidSnapshot.NotFound: is in the Recycle Bin: restore it first";
const noType = "400 InvalidParameterValue: Either IncludeAllResourceTypes or ResourceTypes";
const templates = {
  ResourceType: "ec2:LaunchTemplate",
  ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: ["1"] }],
};
const in2022 = { since: 2022 };
const in2023 = { since: 2023 };
const in2025 = { since: 2025 };

/** The rules of the Recycle Bin, what references an image, and its way into the bin and back. */
const BIN_RULES = ofService("rbin", [
  answered(
    "CreateRule as imageRule",
    {
      ResourceType: "EC2_IMAGE",
      RetentionPeriod: days(7),
      Description: "deregistered images",
      ResourceTags: [{ ResourceTagKey: "amint:factory", ResourceTagValue: "acme" }],
      Tags: [{ Key: "team", Value: "platform" }],
    },
    { ...in2022 },
  ).says({ Status: "available", "RetentionPeriod.RetentionPeriodValue": 7 }),
  answered(
    "CreateRule as snapshotRule",
    { ResourceType: "EBS_SNAPSHOT", RetentionPeriod: days(14) },
    { ...in2022 },
  ).says({ Status: "available" }),
  answered(
    "CreateRule",
    { ResourceType: "EBS_VOLUME", RetentionPeriod: days(1), ExcludeResourceTags: [{ ResourceTagKey: "scratch" }] },
    in2025,
  ).says({ "ExcludeResourceTags.0.ResourceTagKey": "scratch" }),
  refused("CreateRule", { ResourceType: "EC2_IMAGE", RetentionPeriod: days(366) }, in2022).with(
    "400 ValidationException: between 1 and 365 days",
  ),
  answered("GetRule", { Identifier }, in2022).says({ Description: "deregistered images" }),
  refused("GetRule", { Identifier: noRule }, in2022).with(gone),
  answered("ListRules", { ResourceType: "EC2_IMAGE" }, in2022).says({ "Rules.0.Identifier": PRESENT }),
  answered("UpdateRule", { Identifier, RetentionPeriod: days(8) }, in2022).says({
    "RetentionPeriod.RetentionPeriodValue": 8,
  }),
  refused("TagResource", { ResourceArn, Tags: [{ Key: "cost", Value: "1" }] }, in2022).with(gone),
  refused("UntagResource", { ResourceArn, TagKeys: ["team"] }, in2022).with(gone),
  refused("ListTagsForResource", { ResourceArn }, in2022).with(gone),
  answered("LockRule", { Identifier: locked, LockConfiguration: delay }, in2023).says({ LockState: "locked" }),
  refused("DeleteRule", { Identifier: locked }, in2023).with("409 ConflictException"),
  answered("UnlockRule", { Identifier: locked }, in2023).says({ LockState: "pending_unlock", LockEndTime: PRESENT }),
  answered("DeleteRule", { Identifier }, in2022),
  refused("DeleteRule", { Identifier }, in2022).with(gone),
]);

const RETIRED_IMAGE = ofService("ec2", [
  answered("CopyImage as retired", {
    Name: "retired",
    SourceImageId: ref("public.Images.0.ImageId"),
    SourceRegion: "eu-west-1",
  }),
  answered("DescribeImages as retiredImage", { ImageIds: [ImageId] }, { after: 30 }).says({
    "Images.0.State": "available",
  }),
  answered("CreateLaunchTemplate", {
    LaunchTemplateName: "retired",
    LaunchTemplateData: { ImageId, InstanceType: "t3.micro" },
  }),
  answered("DescribeImageReferences", { ImageIds: [ImageId], ResourceTypes: [templates] }, in2025).says({
    "ImageReferences.0.ResourceType": "ec2:LaunchTemplate",
    "ImageReferences.0.Arn": PRESENT,
  }),
  answered("DescribeImageReferences", { ImageIds: [noImage], IncludeAllResourceTypes: true }, in2025).says({
    ImageReferences: [],
  }),
  refused("DescribeImageReferences", { ImageIds: [ImageId] }, in2025).with(noType),

  answered("DeregisterImage", { ImageId }),
  answered("DeleteSnapshot", { SnapshotId }),
  answered("ListImagesInRecycleBin", { ImageIds: [ImageId] }, in2022).says({ "Images.0.Name": "retired" }),
  answered("ListSnapshotsInRecycleBin", { SnapshotIds: [SnapshotId] }, in2022).says({
    "Snapshots.0.RecycleBinExitTime": PRESENT,
  }),
  refused("RestoreImageFromRecycleBin", { ImageId }, in2022).with(inBin),
  answered("RestoreSnapshotFromRecycleBin", { SnapshotId }, in2022).says({ State: "completed" }),
  answered("RestoreImageFromRecycleBin", { ImageId }, in2022).says({ Return: true }),
  refused("RestoreSnapshotFromRecycleBin", { SnapshotId: noSnapshot }, in2022).with("400 InvalidSnapshot.NotFound"),
  answered("DeregisterImage", { ImageId, DeleteAssociatedSnapshots: true }, in2025).says({
    "DeleteSnapshotResults.0.ReturnCode": "success",
  }),
]);

export const RETIREMENT_CALLS: readonly FactoryCall[] = [...BIN_RULES, ...RETIRED_IMAGE];
