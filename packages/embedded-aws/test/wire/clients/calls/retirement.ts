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
    "CreateRule",
    {
      ResourceType: "EC2_IMAGE",
      RetentionPeriod: days(7),
      Description: "deregistered images",
      ResourceTags: [{ ResourceTagKey: "amint:factory", ResourceTagValue: "acme" }],
      Tags: [{ Key: "team", Value: "platform" }],
    },
    { Status: "available", "RetentionPeriod.RetentionPeriodValue": 7 },
    { as: "imageRule", ...in2022 },
  ),
  answered(
    "CreateRule",
    { ResourceType: "EBS_SNAPSHOT", RetentionPeriod: days(14) },
    { Status: "available" },
    { as: "snapshotRule", ...in2022 },
  ),
  answered(
    "CreateRule",
    { ResourceType: "EBS_VOLUME", RetentionPeriod: days(1), ExcludeResourceTags: [{ ResourceTagKey: "scratch" }] },
    { "ExcludeResourceTags.0.ResourceTagKey": "scratch" },
    in2025,
  ),
  refused(
    "CreateRule",
    { ResourceType: "EC2_IMAGE", RetentionPeriod: days(366) },
    "400 ValidationException: between 1 and 365 days",
    in2022,
  ),
  answered("GetRule", { Identifier }, { Description: "deregistered images" }, in2022),
  refused("GetRule", { Identifier: noRule }, gone, in2022),
  answered("ListRules", { ResourceType: "EC2_IMAGE" }, { "Rules.0.Identifier": PRESENT }, in2022),
  answered(
    "UpdateRule",
    { Identifier, RetentionPeriod: days(8) },
    { "RetentionPeriod.RetentionPeriodValue": 8 },
    in2022,
  ),
  refused("TagResource", { ResourceArn, Tags: [{ Key: "cost", Value: "1" }] }, gone, in2022),
  refused("UntagResource", { ResourceArn, TagKeys: ["team"] }, gone, in2022),
  refused("ListTagsForResource", { ResourceArn }, gone, in2022),
  answered("LockRule", { Identifier: locked, LockConfiguration: delay }, { LockState: "locked" }, in2023),
  refused("DeleteRule", { Identifier: locked }, "409 ConflictException", in2023),
  answered("UnlockRule", { Identifier: locked }, { LockState: "pending_unlock", LockEndTime: PRESENT }, in2023),
  answered("DeleteRule", { Identifier }, {}, in2022),
  refused("DeleteRule", { Identifier }, gone, in2022),
]);

const RETIRED_IMAGE = ofService("ec2", [
  answered(
    "CopyImage",
    { Name: "retired", SourceImageId: ref("public.Images.0.ImageId"), SourceRegion: "eu-west-1" },
    {},
    { as: "retired" },
  ),
  answered(
    "DescribeImages",
    { ImageIds: [ImageId] },
    { "Images.0.State": "available" },
    { as: "retiredImage", after: 30 },
  ),
  answered("CreateLaunchTemplate", {
    LaunchTemplateName: "retired",
    LaunchTemplateData: { ImageId, InstanceType: "t3.micro" },
  }),
  answered(
    "DescribeImageReferences",
    { ImageIds: [ImageId], ResourceTypes: [templates] },
    { "ImageReferences.0.ResourceType": "ec2:LaunchTemplate", "ImageReferences.0.Arn": PRESENT },
    in2025,
  ),
  answered(
    "DescribeImageReferences",
    { ImageIds: [noImage], IncludeAllResourceTypes: true },
    { ImageReferences: [] },
    in2025,
  ),
  refused("DescribeImageReferences", { ImageIds: [ImageId] }, noType, in2025),

  answered("DeregisterImage", { ImageId }),
  answered("DeleteSnapshot", { SnapshotId }),
  answered("ListImagesInRecycleBin", { ImageIds: [ImageId] }, { "Images.0.Name": "retired" }, in2022),
  answered(
    "ListSnapshotsInRecycleBin",
    { SnapshotIds: [SnapshotId] },
    { "Snapshots.0.RecycleBinExitTime": PRESENT },
    in2022,
  ),
  refused("RestoreImageFromRecycleBin", { ImageId }, inBin, in2022),
  answered("RestoreSnapshotFromRecycleBin", { SnapshotId }, { State: "completed" }, in2022),
  answered("RestoreImageFromRecycleBin", { ImageId }, { Return: true }, in2022),
  refused("RestoreSnapshotFromRecycleBin", { SnapshotId: noSnapshot }, "400 InvalidSnapshot.NotFound", in2022),
  answered(
    "DeregisterImage",
    { ImageId, DeleteAssociatedSnapshots: true },
    { "DeleteSnapshotResults.0.ReturnCode": "success" },
    in2025,
  ),
]);

export const RETIREMENT_CALLS: readonly FactoryCall[] = [...BIN_RULES, ...RETIRED_IMAGE];
