import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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
const madeGroup = {
  ...group,
  DesiredCapacity: 1,
  MinSize: 0,
  MaxSize: 1,
  AvailabilityZones: ["eu-west-1a"],
  LaunchTemplate: { LaunchTemplateId, Version: "$Latest" },
};

const ofGroup = { ResourceId: "web", ResourceType: "auto-scaling-group", PropagateAtLaunch: false };

/**
 * Instances of the account's own image, launched directly, by template and by Auto Scaling; and settings of allowed images.
 */
const INSTANCES = ofService("ec2", [
  answered("CopyImage as launchable", {
    Name: "launchable",
    SourceImageId: ref("public.Images.0.ImageId"),
    SourceRegion: "eu-west-1",
  }).says({ ImageId: PRESENT }),
  refused("RunInstances", { ImageId, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro" }).with(
    "400 InvalidAMIID.Unavailable: is not available",
  ),
  answered(
    "RunInstances as launched",
    {
      ImageId,
      MinCount: 1,
      MaxCount: 1,
      InstanceType: "t3.micro",
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "stage", Value: "canary" }] }],
    },
    { after: 30 },
  ).says({ "Instances.0.State.Name": "pending", "Instances.0.Tags.0.Value": "canary" }),
  answered("DescribeVolumes").says({ "Volumes.0.State": "in-use" }),
  answered("DescribeNetworkInterfaces").says({ "NetworkInterfaces.0.Status": "in-use" }),
  answered("DescribeInstanceTypes", { InstanceTypes: ["t3.small"] }).says({
    "InstanceTypes.0.MemoryInfo.SizeInMiB": 2048,
  }),
  refused("DescribeInstanceTypes", { InstanceTypes: ["t3.huge"] }).with(
    "400 InvalidInstanceType: do not exist: [t3.huge]",
  ),
  answered("DescribeInstances", { InstanceIds }, { after: 5 }).says({
    "Reservations.0.Instances.0.State.Name": "running",
    "Reservations.0.Instances.0.MetadataOptions.State": "applied",
    "Reservations.0.Instances.0.BlockDeviceMappings.0.Ebs.VolumeId": PRESENT,
  }),
  refused("DescribeInstances", { InstanceIds: [noInstance] }).with(
    `400 InvalidInstanceID.NotFound: The instance ID '${noInstance}' does not exist`,
  ),
  answered("DescribeInstanceStatus", { InstanceIds }).says({
    "InstanceStatuses.0.SystemStatus.Status": "ok",
    "InstanceStatuses.0.InstanceState.Code": 16,
  }),
  answered("StopInstances", { InstanceIds }).says({ "StoppingInstances.0.CurrentState.Name": "stopping" }),
  answered("StartInstances", { InstanceIds }, { after: 5 }).says({
    "StartingInstances.0.CurrentState.Name": "pending",
  }),
  answered("TerminateInstances", { InstanceIds }, { after: 5 }).says({
    "TerminatingInstances.0.PreviousState.Name": "running",
  }),

  answered("AttachImageWatermark", { ImageId, WatermarkName: "amint-stable" }, watermarks).says({ WatermarkKey }),
  answered("DetachImageWatermark", { ImageId, WatermarkKey }, watermarks),
  answered(
    "ReplaceImageCriteriaInAllowedImagesSettings",
    { ImageCriteria: [{ ImageProviders: ["111122223333"] }] },
    allowedImages,
  ).says({ ReturnValue: true }),
  answered("EnableAllowedImagesSettings", { AllowedImagesSettingsState: "audit-mode" }, allowedImages).says({
    AllowedImagesSettingsState: "audit-mode",
  }),
  answered("GetAllowedImagesSettings", {}, allowedImages).says({
    State: "audit-mode",
    ManagedBy: "account",
    "ImageCriteria.0.ImageProviders": ["111122223333"],
  }),
  answered("DisableAllowedImagesSettings", {}, allowedImages).says({ AllowedImagesSettingsState: "disabled" }),

  answered("CreateLaunchTemplate as template", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId, InstanceType: "t3.micro" },
  }).says({ "LaunchTemplate.LatestVersionNumber": 1 }),
  refused("CreateLaunchTemplate", { LaunchTemplateName: "web", LaunchTemplateData: { ImageId } }).with(
    "400 InvalidLaunchTemplateName.AlreadyExistsException: already in use",
  ),
  answered("CreateLaunchTemplateVersion", {
    LaunchTemplateId,
    SourceVersion: "1",
    LaunchTemplateData: { InstanceType: "t3.small" },
  }).says({ "LaunchTemplateVersion.VersionNumber": 2 }),
  answered("DescribeLaunchTemplates", { LaunchTemplateNames: ["web"] }).says({
    "LaunchTemplates.0.LatestVersionNumber": 2,
    "LaunchTemplates.0.DefaultVersionNumber": 1,
  }),
  answered("DescribeLaunchTemplateVersions", { LaunchTemplateId, Versions: ["$Latest"] }).says({
    "LaunchTemplateVersions.0.LaunchTemplateData.InstanceType": "t3.small",
  }),
]);

const GROUPS = ofService("autoscaling", [
  answered("CreateAutoScalingGroup", madeGroup),
  refused("CreateAutoScalingGroup", madeGroup).with("400 AlreadyExists (AlreadyExistsFault): already exists"),
  answered("CreateOrUpdateTags", { Tags: [{ ...ofGroup, Key: "team", Value: "images & more" }] }),
  answered("DescribeTags", { Filters: [{ Name: "key", Values: ["team"] }] }).says({
    "Tags.0.ResourceId": "web",
    "Tags.0.Value": "images & more",
  }),
  answered("DeleteTags", { Tags: [{ ...ofGroup, Key: "team" }] }),
  refused("CreateOrUpdateTags", { Tags: [{ ...ofGroup, ResourceId: "none", Key: "team" }] }).with(
    "400 ValidationError",
  ),
  answered("DescribeAutoScalingGroups", { AutoScalingGroupNames: ["web"] }, { after: 5 }).says({
    "AutoScalingGroups.0.Instances.0.LifecycleState": "InService",
    "AutoScalingGroups.0.Instances.0.InstanceType": "t3.small",
  }),
  answered("DescribeScalingActivities", group).says({ "Activities.0.StatusCode": "Successful" }),
  answered("DescribeAutoScalingInstances as member").says({
    "AutoScalingInstances.0.AutoScalingGroupName": "web",
    "AutoScalingInstances.0.HealthStatus": "HEALTHY",
  }),
  answered("SetInstanceProtection", { ...group, InstanceIds: members, ProtectedFromScaleIn: false }),
  answered("SetInstanceHealth", { InstanceId: members[0], HealthStatus: "Healthy" }),
  answered("SuspendProcesses", { ...group, ScalingProcesses: ["InstanceRefresh"] }),
  answered("ResumeProcesses", { ...group, ScalingProcesses: ["InstanceRefresh"] }),
  refused("SuspendProcesses", { ...group, ScalingProcesses: ["Refresh"] }).with(
    "400 ValidationError: Refresh is not a valid process type",
  ),
  answered("StartInstanceRefresh", {
    ...group,
    Preferences: { MinHealthyPercentage: 50, CheckpointPercentages: [50, 100], CheckpointDelay: 60 },
    DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId, Version: "2" } },
  }).says({ InstanceRefreshId: PRESENT }),
  refused("StartInstanceRefresh", group).with(
    "400 InstanceRefreshInProgress (InstanceRefreshInProgressFault): already in progress",
  ),
  refused("RollbackInstanceRefresh", group, { since: 2023 }).with(
    "400 IrreversibleInstanceRefresh (IrreversibleInstanceRefreshFault): $Latest or $Default",
  ),
  answered("CancelInstanceRefresh", group).says({ InstanceRefreshId: PRESENT }),
  refused("CancelInstanceRefresh", group).with(
    "400 ActiveInstanceRefreshNotFound (ActiveInstanceRefreshNotFoundFault): No in progress",
  ),
  answered("DescribeInstanceRefreshes", group, { after: 5 }).says({
    "InstanceRefreshes.0.Status": "Cancelled",
    "InstanceRefreshes.0.Preferences.MinHealthyPercentage": 50,
  }),
  answered("EnterStandby", { ...group, InstanceIds: members, ShouldDecrementDesiredCapacity: true }).says({
    "Activities.0.StatusCode": "Successful",
  }),
  answered("ExitStandby", { ...group, InstanceIds: members }).says({ "Activities.0.Progress": 100 }),
  answered("SetDesiredCapacity", { ...group, DesiredCapacity: 1 }),
  answered("UpdateAutoScalingGroup", { ...group, DesiredCapacity: 0 }),
  answered("DeleteAutoScalingGroup", { ...group, ForceDelete: true }, { after: 5 }),
  refused("UpdateAutoScalingGroup", group).with("400 ValidationError: AutoScalingGroup name not found"),
]);

const TEMPLATES_AND_IMAGE = ofService("ec2", [
  answered("ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion: "2" }).says({
    "LaunchTemplate.DefaultVersionNumber": 2,
  }),
  answered("DeleteLaunchTemplateVersions", { LaunchTemplateId, Versions: ["1", "2"] }).says({
    "SuccessfullyDeletedLaunchTemplateVersions.0.VersionNumber": 1,
    "UnsuccessfullyDeletedLaunchTemplateVersions.0.VersionNumber": 2,
  }),
  answered("DeleteLaunchTemplate", { LaunchTemplateId }).says({ "LaunchTemplate.LaunchTemplateName": "web" }),
  refused("DescribeLaunchTemplates", { LaunchTemplateIds: [noTemplate] }).with(
    "400 InvalidLaunchTemplateId.NotFound: does not exist",
  ),
  answered("DeregisterImage", { ImageId }),
]);

export const LAUNCH_CALLS: readonly FactoryCall[] = [...INSTANCES, ...GROUPS, ...TEMPLATES_AND_IMAGE];
