import { answered, type FactoryCall, PRESENT, ref, refused, time } from "../factory-call.ts";

const ImageId = ref("copy.ImageId");
const ReportId = ref("usage.ReportId");
const GroupId = ref("group.GroupId");
const VpcId = ref("vpc.Vpc.VpcId");
const SubnetId = ref("subnet.Subnet.SubnetId");
const InternetGatewayId = ref("igw.InternetGateway.InternetGatewayId");
const RouteTableId = ref("table.RouteTable.RouteTableId");
const SnapshotId = ref("copied.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId");
const noImage = "ami-00000000000000000";
const noGroup = "sg-00000000000000000";
const gone = {
  code: "InvalidAMIID.NotFound",
  status: 400,
  message: `The image id '[${noImage}]' does not exist`,
};
const share = { OperationType: "add", LaunchPermission: { Add: [{ UserId: "222233334444" }] } };
const https = [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
const added = { since: 2023 };

export const IMAGE_CALLS: readonly FactoryCall[] = [
  answered("ec2:DescribeRegions", { RegionNames: ["eu-west-1"] }, { "Regions.0.RegionName": "eu-west-1" }),
  answered("ec2:DescribeAvailabilityZones", {}, { "AvailabilityZones.0.State": "available" }),
  answered(
    "ec2:DescribeVpcs",
    { Filters: [{ Name: "is-default", Values: ["true"] }] },
    { "Vpcs.0.IsDefault": true },
    { as: "vpcs" },
  ),
  answered(
    "ec2:DescribeSubnets",
    { Filters: [{ Name: "vpc-id", Values: [ref("vpcs.Vpcs.0.VpcId")] }] },
    {
      "Subnets.0.State": "available",
    },
  ),

  answered("ec2:CreateVpc", { CidrBlock: "10.9.0.0/16" }, { "Vpc.CidrBlock": "10.9.0.0/16" }, { as: "vpc" }),
  answered(
    "ec2:DescribeVpcAttribute",
    { VpcId, Attribute: "enableDnsHostnames" },
    { "EnableDnsHostnames.Value": false },
  ),
  answered("ec2:CreateSubnet", { VpcId, CidrBlock: "10.9.1.0/24" }, { "Subnet.VpcId": PRESENT }, { as: "subnet" }),
  answered("ec2:ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: true } }),
  answered("ec2:CreateSubnet", { VpcId, CidrBlock: "10.9.2.0/24" }, { "Subnet.VpcId": PRESENT }, { as: "unused" }),
  answered("ec2:DeleteSubnet", { SubnetId: ref("unused.Subnet.SubnetId") }),
  refused(
    "ec2:DeleteSubnet",
    { SubnetId: ref("unused.Subnet.SubnetId") },
    { code: "InvalidSubnetID.NotFound", status: 400, message: "does not exist" },
  ),
  answered("ec2:CreateInternetGateway", {}, { "InternetGateway.InternetGatewayId": PRESENT }, { as: "igw" }),
  answered("ec2:AttachInternetGateway", { InternetGatewayId, VpcId }),
  refused(
    "ec2:AttachInternetGateway",
    { InternetGatewayId, VpcId },
    { code: "Resource.AlreadyAssociated", status: 400, message: "is already attached to network" },
  ),
  answered("ec2:DescribeInternetGateways", {}, { "InternetGateways.0.Attachments.0.State": "available" }),
  answered("ec2:AllocateAddress", {}, { Domain: "vpc" }, { as: "address" }),
  answered(
    "ec2:CreateNatGateway",
    { SubnetId, AllocationId: ref("address.AllocationId") },
    { "NatGateway.State": "pending" },
  ),
  answered(
    "ec2:DescribeNatGateways",
    { Filter: [{ Name: "state", Values: ["available"] }] },
    { "NatGateways.0.State": "available" },
  ),
  answered("ec2:CreateRouteTable", { VpcId }, { "RouteTable.RouteTableId": PRESENT }, { as: "table" }),
  answered(
    "ec2:CreateRoute",
    { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId },
    { Return: true },
  ),
  refused(
    "ec2:CreateRoute",
    { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId },
    { code: "RouteAlreadyExists", status: 400, message: "0.0.0.0/0 already exists" },
  ),
  answered("ec2:AssociateRouteTable", { RouteTableId, SubnetId }, { AssociationId: PRESENT }),
  answered(
    "ec2:DescribeRouteTables",
    { RouteTableIds: [RouteTableId] },
    { "RouteTables.0.Routes.1.GatewayId": PRESENT },
  ),
  answered(
    "ec2:CreateVpcEndpoint",
    { VpcId, ServiceName: "com.amazonaws.eu-west-1.s3", RouteTableIds: [RouteTableId] },
    { "VpcEndpoint.VpcEndpointType": "Gateway" },
  ),
  answered(
    "ec2:DescribeVpcEndpoints",
    { Filters: [{ Name: "service-name", Values: ["com.amazonaws.eu-west-1.s3"] }] },
    { "VpcEndpoints.0.State": "available" },
  ),

  answered("ec2:CreateSecurityGroup", { GroupName: "builds", Description: "b" }, { GroupId: PRESENT }, { as: "group" }),
  refused(
    "ec2:CreateSecurityGroup",
    { GroupName: "builds", Description: "b" },
    {
      code: "InvalidGroup.Duplicate",
      status: 400,
      message: "The security group 'builds' already exists",
    },
  ),
  answered("ec2:AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: https }, { Return: true }),
  refused(
    "ec2:AuthorizeSecurityGroupIngress",
    { GroupId, IpPermissions: https },
    {
      code: "InvalidPermission.Duplicate",
      status: 400,
      message: "already exists",
    },
  ),
  answered("ec2:AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: https }, { Return: true }),
  answered("ec2:DescribeSecurityGroupRules", {}, { "SecurityGroupRules.0.GroupId": PRESENT }),
  answered(
    "ec2:DescribeSecurityGroups",
    { GroupIds: [GroupId] },
    {
      "SecurityGroups.0.IpPermissions.0.IpRanges.0.CidrIp": "10.0.0.0/8",
    },
  ),
  refused(
    "ec2:DescribeSecurityGroups",
    { GroupIds: [noGroup] },
    {
      code: "InvalidGroup.NotFound",
      status: 400,
      message: `The security group '${noGroup}' does not exist`,
    },
  ),
  answered("ec2:RevokeSecurityGroupIngress", { GroupId, IpPermissions: https }, { Return: true }),
  answered("ec2:RevokeSecurityGroupEgress", { GroupId, IpPermissions: https }, { Return: true }),
  answered("ec2:DeleteSecurityGroup", { GroupId }),

  answered("ec2:DescribeImages", { Owners: ["amazon"] }, { "Images.0.Public": true }, { as: "public" }),
  refused("ec2:DescribeImages", { ImageIds: [noImage] }, gone),
  refused(
    "ec2:DescribeImages",
    { ImageIds: ["none"] },
    {
      code: "InvalidAMIID.Malformed",
      status: 400,
      message: 'Invalid id: "none"',
    },
  ),
  answered(
    "ec2:CopyImage",
    {
      Name: "base",
      SourceImageId: ref("public.Images.0.ImageId"),
      SourceRegion: "eu-west-1",
    },
    { ImageId: PRESENT },
    { as: "copy" },
  ),
  answered("ec2:DescribeImages", { ImageIds: [ImageId] }, { "Images.0.State": "pending" }),
  answered(
    "ec2:DescribeImages",
    { ImageIds: [ImageId] },
    { "Images.0.State": "available" },
    { as: "copied", after: 30 },
  ),
  answered("ec2:CreateTags", { Resources: [ImageId], Tags: [{ Key: "team", Value: "images & <é>" }] }),
  refused("ec2:CreateTags", { Resources: [noImage], Tags: [{ Key: "k", Value: "v" }] }, gone),
  answered(
    "ec2:DescribeTags",
    { Filters: [{ Name: "resource-id", Values: [ImageId] }] },
    {
      "Tags.0.Key": "team",
      "Tags.0.Value": "images & <é>",
    },
  ),
  answered("ec2:DeleteTags", { Resources: [ImageId], Tags: [{ Key: "team" }] }),
  answered(
    "ec2:GetImageAncestry",
    { ImageId },
    { "ImageAncestryEntries.0.SourceImageRegion": "eu-west-1" },
    { since: 2025 },
  ),
  refused("ec2:GetImageAncestry", { ImageId: noImage }, gone, { since: 2025 }),
  answered(
    "ec2:CreateImageUsageReport",
    { ImageId, ResourceTypes: [{ ResourceType: "ec2:Instance" }] },
    {},
    { as: "usage", since: 2025 },
  ),
  refused("ec2:CreateImageUsageReport", { ImageId: noImage, ResourceTypes: [{ ResourceType: "ec2:Instance" }] }, gone, {
    since: 2025,
  }),
  answered(
    "ec2:DescribeImageUsageReports",
    { ReportIds: [ReportId] },
    { "ImageUsageReports.0.State": "pending" },
    { since: 2025 },
  ),
  answered(
    "ec2:DescribeImageUsageReportEntries",
    { ReportIds: [ReportId] },
    { ImageUsageReportEntries: [] },
    { since: 2025 },
  ),
  answered("ec2:DeleteImageUsageReport", { ReportId }, { Return: true }, { since: 2025 }),
  answered("ec2:ModifyImageAttribute", { ImageId, ...share }),
  refused("ec2:ModifyImageAttribute", { ImageId: noImage, ...share }, gone),
  answered(
    "ec2:DescribeImageAttribute",
    { ImageId, Attribute: "launchPermission" },
    {
      LaunchPermissions: [{ UserId: "222233334444" }],
    },
  ),
  refused("ec2:DescribeImageAttribute", { ImageId: noImage, Attribute: "launchPermission" }, gone),
  answered("ec2:ResetImageAttribute", { ImageId, Attribute: "launchPermission" }),
  answered("ec2:DescribeImageAttribute", { ImageId, Attribute: "launchPermission" }, { LaunchPermissions: [] }),
  answered("ec2:EnableImageDeprecation", { ImageId, DeprecateAt: time("2027-04-01T00:00:00Z") }, { Return: true }),
  answered("ec2:DescribeImages", { ImageIds: [ImageId] }, { "Images.0.DeprecationTime": "2027-04-01T00:00:00.000Z" }),
  answered("ec2:DisableImageDeprecation", { ImageId }, { Return: true }),
  answered("ec2:DisableImage", { ImageId }, { Return: true }, added),
  answered("ec2:EnableImage", { ImageId }, { Return: true }, added),
  answered("ec2:EnableImageDeregistrationProtection", { ImageId }, { Return: "true" }, { since: 2024 }),
  answered("ec2:DisableImageDeregistrationProtection", { ImageId }, { Return: "true" }, { since: 2024 }),
  answered("ec2:EnableImageBlockPublicAccess", { ImageBlockPublicAccessState: "block-new-sharing" }, {}, added),
  answered("ec2:GetImageBlockPublicAccessState", {}, { ImageBlockPublicAccessState: "block-new-sharing" }, added),
  answered("ec2:DisableImageBlockPublicAccess", {}, { ImageBlockPublicAccessState: "unblocked" }, added),
  refused(
    "ec2:RunInstances",
    { ImageId, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro", DryRun: true },
    {
      code: "DryRunOperation",
      status: 412,
      message: "Request would have succeeded, but DryRun flag is set.",
    },
  ),

  answered("ec2:DescribeSnapshots", { SnapshotIds: [SnapshotId] }, { "Snapshots.0.State": "completed" }),
  answered("ec2:ModifySnapshotAttribute", {
    SnapshotId,
    Attribute: "createVolumePermission",
    OperationType: "add",
    UserIds: ["222233334444"],
  }),
  answered(
    "ec2:DescribeSnapshotAttribute",
    { SnapshotId, Attribute: "createVolumePermission" },
    {
      CreateVolumePermissions: [{ UserId: "222233334444" }],
    },
  ),
  refused(
    "ec2:DeleteSnapshot",
    { SnapshotId },
    {
      code: "InvalidSnapshot.InUse",
      status: 400,
      message: "is currently in use by ami-",
    },
  ),
  answered("ec2:DeregisterImage", { ImageId }),
  answered(
    "ec2:RegisterImage",
    {
      Name: "registered",
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
    },
    { ImageId: PRESENT },
    { as: "registered" },
  ),
  answered("ec2:DeregisterImage", { ImageId: ref("registered.ImageId") }),
  answered("ec2:DeleteSnapshot", { SnapshotId }),
  refused(
    "ec2:DescribeSnapshots",
    { SnapshotIds: [SnapshotId] },
    {
      code: "InvalidSnapshot.NotFound",
      status: 400,
      message: "does not exist",
    },
  ),
  refused(
    "ec2:DescribeFleets",
    {},
    {
      code: "NotImplemented",
      status: 400,
      message: "ec2:DescribeFleets is not built in the embedded AWS",
    },
  ),
];
