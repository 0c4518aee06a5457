import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const ImageId = ref("launchable.ImageId");
const InstanceIds = [ref("launched.Instances.0.InstanceId")];
const LaunchTemplateId = ref("template.LaunchTemplate.LaunchTemplateId");
const noInstance = "i-00000000000000000";
const noTemplate = "lt-00000000000000000";
const WatermarkKey = "111122223333:amint-stable";
/** The years in which EC2 added these. */
const allowedImages = { since: 2024 };
const watermarks = { since: 2026 };
const group = { AutoScalingGroupName: "web" };
const members = [ref("member.AutoScalingInstances.0.InstanceId")];
const grown = { ...group, DesiredCapacity: 1 };

/**
 * Instances of the account's own image, launched directly, by template and by Auto Scaling; and settings of allowed images.
 */
const ofGroup = { ResourceId: "web", ResourceType: "auto-scaling-group", PropagateAtLaunch: false };

export const LAUNCH_CALLS: readonly FactoryCall[] = [
  answered(
    "ec2:CopyImage",
    { Name: "launchable", SourceImageId: ref("public.Images.0.ImageId"), SourceRegion: "eu-west-1" },
    { ImageId: PRESENT },
    { as: "launchable" },
  ),
  refused(
    "ec2:RunInstances",
    { ImageId, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro" },
    { code: "InvalidAMIID.Unavailable", status: 400, message: "is not available" },
  ),
  answered(
    "ec2:RunInstances",
    {
      ImageId,
      MinCount: 1,
      MaxCount: 1,
      InstanceType: "t3.micro",
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "stage", Value: "canary" }] }],
    },
    { "Instances.0.State.Name": "pending", "Instances.0.Tags.0.Value": "canary" },
    { as: "launched", after: 30 },
  ),
  answered("ec2:DescribeVolumes", {}, { "Volumes.0.State": "in-use" }),
  answered("ec2:DescribeNetworkInterfaces", {}, { "NetworkInterfaces.0.Status": "in-use" }),
  answered(
    "ec2:DescribeInstanceTypes",
    { InstanceTypes: ["t3.small"] },
    { "InstanceTypes.0.MemoryInfo.SizeInMiB": 2048 },
  ),
  refused(
    "ec2:DescribeInstanceTypes",
    { InstanceTypes: ["t3.huge"] },
    { code: "InvalidInstanceType", status: 400, message: "do not exist: [t3.huge]" },
  ),
  answered(
    "ec2:DescribeInstances",
    { InstanceIds },
    {
      "Reservations.0.Instances.0.State.Name": "running",
      "Reservations.0.Instances.0.MetadataOptions.State": "applied",
      "Reservations.0.Instances.0.BlockDeviceMappings.0.Ebs.VolumeId": PRESENT,
    },
    { after: 5 },
  ),
  refused(
    "ec2:DescribeInstances",
    { InstanceIds: [noInstance] },
    { code: "InvalidInstanceID.NotFound", status: 400, message: `The instance ID '${noInstance}' does not exist` },
  ),
  answered(
    "ec2:DescribeInstanceStatus",
    { InstanceIds },
    { "InstanceStatuses.0.SystemStatus.Status": "ok", "InstanceStatuses.0.InstanceState.Code": 16 },
  ),
  answered("ec2:StopInstances", { InstanceIds }, { "StoppingInstances.0.CurrentState.Name": "stopping" }),
  answered("ec2:StartInstances", { InstanceIds }, { "StartingInstances.0.CurrentState.Name": "pending" }, { after: 5 }),
  answered(
    "ec2:TerminateInstances",
    { InstanceIds },
    { "TerminatingInstances.0.PreviousState.Name": "running" },
    { after: 5 },
  ),

  answered("ec2:AttachImageWatermark", { ImageId, WatermarkName: "amint-stable" }, { WatermarkKey }, watermarks),
  answered("ec2:DetachImageWatermark", { ImageId, WatermarkKey }, {}, watermarks),
  answered(
    "ec2:ReplaceImageCriteriaInAllowedImagesSettings",
    { ImageCriteria: [{ ImageProviders: ["111122223333"] }] },
    { ReturnValue: true },
    allowedImages,
  ),
  answered(
    "ec2:EnableAllowedImagesSettings",
    { AllowedImagesSettingsState: "audit-mode" },
    { AllowedImagesSettingsState: "audit-mode" },
    allowedImages,
  ),
  answered(
    "ec2:GetAllowedImagesSettings",
    {},
    { State: "audit-mode", ManagedBy: "account", "ImageCriteria.0.ImageProviders": ["111122223333"] },
    allowedImages,
  ),
  answered("ec2:DisableAllowedImagesSettings", {}, { AllowedImagesSettingsState: "disabled" }, allowedImages),

  answered(
    "ec2:CreateLaunchTemplate",
    { LaunchTemplateName: "web", LaunchTemplateData: { ImageId, InstanceType: "t3.micro" } },
    { "LaunchTemplate.LatestVersionNumber": 1 },
    { as: "template" },
  ),
  refused(
    "ec2:CreateLaunchTemplate",
    { LaunchTemplateName: "web", LaunchTemplateData: { ImageId } },
    { code: "InvalidLaunchTemplateName.AlreadyExistsException", status: 400, message: "already in use" },
  ),
  answered(
    "ec2:CreateLaunchTemplateVersion",
    { LaunchTemplateId, SourceVersion: "1", LaunchTemplateData: { InstanceType: "t3.small" } },
    { "LaunchTemplateVersion.VersionNumber": 2 },
  ),
  answered(
    "ec2:DescribeLaunchTemplates",
    { LaunchTemplateNames: ["web"] },
    { "LaunchTemplates.0.LatestVersionNumber": 2, "LaunchTemplates.0.DefaultVersionNumber": 1 },
  ),
  answered(
    "ec2:DescribeLaunchTemplateVersions",
    { LaunchTemplateId, Versions: ["$Latest"] },
    { "LaunchTemplateVersions.0.LaunchTemplateData.InstanceType": "t3.small" },
  ),

  answered("autoscaling:CreateAutoScalingGroup", {
    ...grown,
    MinSize: 0,
    MaxSize: 1,
    AvailabilityZones: ["eu-west-1a"],
    LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
  }),
  refused(
    "autoscaling:CreateAutoScalingGroup",
    {
      ...grown,
      MinSize: 0,
      MaxSize: 1,
      AvailabilityZones: ["eu-west-1a"],
      LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
    },
    { code: "AlreadyExists", ofSdk: "AlreadyExistsFault", status: 400, message: "already exists" },
  ),
  answered("autoscaling:CreateOrUpdateTags", { Tags: [{ ...ofGroup, Key: "team", Value: "images & more" }] }),
  answered(
    "autoscaling:DescribeTags",
    { Filters: [{ Name: "key", Values: ["team"] }] },
    { "Tags.0.ResourceId": "web", "Tags.0.Value": "images & more" },
  ),
  answered("autoscaling:DeleteTags", { Tags: [{ ...ofGroup, Key: "team" }] }),
  refused(
    "autoscaling:CreateOrUpdateTags",
    { Tags: [{ ...ofGroup, ResourceId: "none", Key: "team" }] },
    { code: "ValidationError", status: 400 },
  ),
  answered(
    "autoscaling:DescribeAutoScalingGroups",
    { AutoScalingGroupNames: ["web"] },
    {
      "AutoScalingGroups.0.Instances.0.LifecycleState": "InService",
      "AutoScalingGroups.0.Instances.0.InstanceType": "t3.small",
    },
    { after: 5 },
  ),
  answered("autoscaling:DescribeScalingActivities", group, { "Activities.0.StatusCode": "Successful" }),
  answered(
    "autoscaling:DescribeAutoScalingInstances",
    {},
    { "AutoScalingInstances.0.AutoScalingGroupName": "web", "AutoScalingInstances.0.HealthStatus": "HEALTHY" },
    { as: "member" },
  ),
  answered("autoscaling:SetInstanceProtection", { ...group, InstanceIds: members, ProtectedFromScaleIn: false }),
  answered("autoscaling:SetInstanceHealth", { InstanceId: members[0], HealthStatus: "Healthy" }),
  answered("autoscaling:SuspendProcesses", { ...group, ScalingProcesses: ["InstanceRefresh"] }),
  answered("autoscaling:ResumeProcesses", { ...group, ScalingProcesses: ["InstanceRefresh"] }),
  refused(
    "autoscaling:SuspendProcesses",
    { ...group, ScalingProcesses: ["Refresh"] },
    { code: "ValidationError", status: 400, message: "Refresh is not a valid process type" },
  ),
  answered(
    "autoscaling:StartInstanceRefresh",
    {
      ...group,
      Preferences: { MinHealthyPercentage: 50, CheckpointPercentages: [50, 100], CheckpointDelay: 60 },
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId, Version: "2" } },
    },
    { InstanceRefreshId: PRESENT },
  ),
  refused("autoscaling:StartInstanceRefresh", group, {
    code: "InstanceRefreshInProgress",
    ofSdk: "InstanceRefreshInProgressFault",
    status: 400,
    message: "already in progress",
  }),
  refused(
    "autoscaling:RollbackInstanceRefresh",
    group,
    {
      code: "IrreversibleInstanceRefresh",
      ofSdk: "IrreversibleInstanceRefreshFault",
      status: 400,
      message: "$Latest or $Default",
    },
    { since: 2023 },
  ),
  answered("autoscaling:CancelInstanceRefresh", group, { InstanceRefreshId: PRESENT }),
  refused("autoscaling:CancelInstanceRefresh", group, {
    code: "ActiveInstanceRefreshNotFound",
    ofSdk: "ActiveInstanceRefreshNotFoundFault",
    status: 400,
    message: "No in progress",
  }),
  answered(
    "autoscaling:DescribeInstanceRefreshes",
    group,
    { "InstanceRefreshes.0.Status": "Cancelled", "InstanceRefreshes.0.Preferences.MinHealthyPercentage": 50 },
    { after: 5 },
  ),
  answered(
    "autoscaling:EnterStandby",
    { ...group, InstanceIds: members, ShouldDecrementDesiredCapacity: true },
    { "Activities.0.StatusCode": "Successful" },
  ),
  answered("autoscaling:ExitStandby", { ...group, InstanceIds: members }, { "Activities.0.Progress": 100 }),
  answered("autoscaling:SetDesiredCapacity", { ...group, DesiredCapacity: 1 }),
  answered("autoscaling:UpdateAutoScalingGroup", { ...group, DesiredCapacity: 0 }),
  answered("autoscaling:DeleteAutoScalingGroup", { ...group, ForceDelete: true }, {}, { after: 5 }),
  refused("autoscaling:UpdateAutoScalingGroup", group, {
    code: "ValidationError",
    status: 400,
    message: "AutoScalingGroup name not found",
  }),
  answered(
    "ec2:ModifyLaunchTemplate",
    { LaunchTemplateId, DefaultVersion: "2" },
    { "LaunchTemplate.DefaultVersionNumber": 2 },
  ),
  answered(
    "ec2:DeleteLaunchTemplateVersions",
    { LaunchTemplateId, Versions: ["1", "2"] },
    {
      "SuccessfullyDeletedLaunchTemplateVersions.0.VersionNumber": 1,
      "UnsuccessfullyDeletedLaunchTemplateVersions.0.VersionNumber": 2,
    },
  ),
  answered("ec2:DeleteLaunchTemplate", { LaunchTemplateId }, { "LaunchTemplate.LaunchTemplateName": "web" }),
  refused(
    "ec2:DescribeLaunchTemplates",
    { LaunchTemplateIds: [noTemplate] },
    { code: "InvalidLaunchTemplateId.NotFound", status: 400, message: "does not exist" },
  ),
  answered("ec2:DeregisterImage", { ImageId }),
];
