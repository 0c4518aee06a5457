import { answered, type FactoryCall, ofService, PRESENT, ref, refused, time } from "../factory-call.ts";

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
const gone = `400 InvalidAMIID.NotFound: The image id '[${noImage}]' does not exist`;
const share = { OperationType: "add", LaunchPermission: { Add: [{ UserId: "222233334444" }] } };
const https = [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
const added = { since: 2023 };

export const IMAGE_CALLS: readonly FactoryCall[] = ofService("ec2", [
  answered("DescribeRegions", { RegionNames: ["eu-west-1"] }, { "Regions.0.RegionName": "eu-west-1" }),
  answered("DescribeAvailabilityZones", {}, { "AvailabilityZones.0.State": "available" }),
  answered(
    "DescribeVpcs",
    { Filters: [{ Name: "is-default", Values: ["true"] }] },
    { "Vpcs.0.IsDefault": true },
    { as: "vpcs" },
  ),
  answered(
    "DescribeSubnets",
    { Filters: [{ Name: "vpc-id", Values: [ref("vpcs.Vpcs.0.VpcId")] }] },
    { "Subnets.0.State": "available" },
  ),

  answered("CreateVpc", { CidrBlock: "10.9.0.0/16" }, { "Vpc.CidrBlock": "10.9.0.0/16" }, { as: "vpc" }),
  answered("DescribeVpcAttribute", { VpcId, Attribute: "enableDnsHostnames" }, { "EnableDnsHostnames.Value": false }),
  answered("CreateSubnet", { VpcId, CidrBlock: "10.9.1.0/24" }, { "Subnet.VpcId": PRESENT }, { as: "subnet" }),
  answered("ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: true } }),
  answered("CreateSubnet", { VpcId, CidrBlock: "10.9.2.0/24" }, { "Subnet.VpcId": PRESENT }, { as: "unused" }),
  answered("DeleteSubnet", { SubnetId: ref("unused.Subnet.SubnetId") }),
  refused("DeleteSubnet", { SubnetId: ref("unused.Subnet.SubnetId") }, "400 InvalidSubnetID.NotFound: does not exist"),
  answered("CreateInternetGateway", {}, { "InternetGateway.InternetGatewayId": PRESENT }, { as: "igw" }),
  answered("AttachInternetGateway", { InternetGatewayId, VpcId }),
  refused(
    "AttachInternetGateway",
    { InternetGatewayId, VpcId },
    "400 Resource.AlreadyAssociated: is already attached to network",
  ),
  answered("DescribeInternetGateways", {}, { "InternetGateways.0.Attachments.0.State": "available" }),
  answered("AllocateAddress", {}, { Domain: "vpc" }, { as: "address" }),
  answered(
    "CreateNatGateway",
    { SubnetId, AllocationId: ref("address.AllocationId") },
    { "NatGateway.State": "pending" },
  ),
  answered(
    "DescribeNatGateways",
    { Filter: [{ Name: "state", Values: ["available"] }] },
    { "NatGateways.0.State": "available" },
  ),
  answered("CreateRouteTable", { VpcId }, { "RouteTable.RouteTableId": PRESENT }, { as: "table" }),
  answered(
    "CreateRoute",
    { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId },
    { Return: true },
  ),
  refused(
    "CreateRoute",
    { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId },
    "400 RouteAlreadyExists: 0.0.0.0/0 already exists",
  ),
  answered("AssociateRouteTable", { RouteTableId, SubnetId }, { AssociationId: PRESENT }),
  answered("DescribeRouteTables", { RouteTableIds: [RouteTableId] }, { "RouteTables.0.Routes.1.GatewayId": PRESENT }),
  answered(
    "CreateVpcEndpoint",
    { VpcId, ServiceName: "com.amazonaws.eu-west-1.s3", RouteTableIds: [RouteTableId] },
    { "VpcEndpoint.VpcEndpointType": "Gateway" },
  ),
  answered(
    "DescribeVpcEndpoints",
    { Filters: [{ Name: "service-name", Values: ["com.amazonaws.eu-west-1.s3"] }] },
    { "VpcEndpoints.0.State": "available" },
  ),

  answered("CreateSecurityGroup", { GroupName: "builds", Description: "b" }, { GroupId: PRESENT }, { as: "group" }),
  refused(
    "CreateSecurityGroup",
    { GroupName: "builds", Description: "b" },
    "400 InvalidGroup.Duplicate: The security group 'builds' already exists",
  ),
  answered("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: https }, { Return: true }),
  refused(
    "AuthorizeSecurityGroupIngress",
    { GroupId, IpPermissions: https },
    "400 InvalidPermission.Duplicate: already exists",
  ),
  answered("AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: https }, { Return: true }),
  answered("DescribeSecurityGroupRules", {}, { "SecurityGroupRules.0.GroupId": PRESENT }),
  answered(
    "DescribeSecurityGroups",
    { GroupIds: [GroupId] },
    { "SecurityGroups.0.IpPermissions.0.IpRanges.0.CidrIp": "10.0.0.0/8" },
  ),
  refused(
    "DescribeSecurityGroups",
    { GroupIds: [noGroup] },
    `400 InvalidGroup.NotFound: The security group '${noGroup}' does not exist`,
  ),
  answered("RevokeSecurityGroupIngress", { GroupId, IpPermissions: https }, { Return: true }),
  answered("RevokeSecurityGroupEgress", { GroupId, IpPermissions: https }, { Return: true }),
  answered("DeleteSecurityGroup", { GroupId }),

  answered("DescribeImages", { Owners: ["amazon"] }, { "Images.0.Public": true }, { as: "public" }),
  refused("DescribeImages", { ImageIds: [noImage] }, gone),
  refused("DescribeImages", { ImageIds: ["none"] }, '400 InvalidAMIID.Malformed: Invalid id: "none"'),
  answered(
    "CopyImage",
    { Name: "base", SourceImageId: ref("public.Images.0.ImageId"), SourceRegion: "eu-west-1" },
    { ImageId: PRESENT },
    { as: "copy" },
  ),
  answered("DescribeImages", { ImageIds: [ImageId] }, { "Images.0.State": "pending" }),
  answered("DescribeImages", { ImageIds: [ImageId] }, { "Images.0.State": "available" }, { as: "copied", after: 30 }),
  answered("CreateTags", { Resources: [ImageId], Tags: [{ Key: "team", Value: "images & <é>" }] }),
  refused("CreateTags", { Resources: [noImage], Tags: [{ Key: "k", Value: "v" }] }, gone),
  answered(
    "DescribeTags",
    { Filters: [{ Name: "resource-id", Values: [ImageId] }] },
    { "Tags.0.Key": "team", "Tags.0.Value": "images & <é>" },
  ),
  answered("DeleteTags", { Resources: [ImageId], Tags: [{ Key: "team" }] }),
  answered(
    "GetImageAncestry",
    { ImageId },
    { "ImageAncestryEntries.0.SourceImageRegion": "eu-west-1" },
    { since: 2025 },
  ),
  refused("GetImageAncestry", { ImageId: noImage }, gone, { since: 2025 }),
  answered(
    "CreateImageUsageReport",
    { ImageId, ResourceTypes: [{ ResourceType: "ec2:Instance" }] },
    {},
    { as: "usage", since: 2025 },
  ),
  refused("CreateImageUsageReport", { ImageId: noImage, ResourceTypes: [{ ResourceType: "ec2:Instance" }] }, gone, {
    since: 2025,
  }),
  answered(
    "DescribeImageUsageReports",
    { ReportIds: [ReportId] },
    { "ImageUsageReports.0.State": "pending" },
    { since: 2025 },
  ),
  answered(
    "DescribeImageUsageReportEntries",
    { ReportIds: [ReportId] },
    { ImageUsageReportEntries: [] },
    { since: 2025 },
  ),
  answered("DeleteImageUsageReport", { ReportId }, { Return: true }, { since: 2025 }),
  answered("ModifyImageAttribute", { ImageId, ...share }),
  refused("ModifyImageAttribute", { ImageId: noImage, ...share }, gone),
  answered(
    "DescribeImageAttribute",
    { ImageId, Attribute: "launchPermission" },
    { LaunchPermissions: [{ UserId: "222233334444" }] },
  ),
  refused("DescribeImageAttribute", { ImageId: noImage, Attribute: "launchPermission" }, gone),
  answered("ResetImageAttribute", { ImageId, Attribute: "launchPermission" }),
  answered("DescribeImageAttribute", { ImageId, Attribute: "launchPermission" }, { LaunchPermissions: [] }),
  answered("EnableImageDeprecation", { ImageId, DeprecateAt: time("2027-04-01T00:00:00Z") }, { Return: true }),
  answered("DescribeImages", { ImageIds: [ImageId] }, { "Images.0.DeprecationTime": "2027-04-01T00:00:00.000Z" }),
  answered("DisableImageDeprecation", { ImageId }, { Return: true }),
  answered("DisableImage", { ImageId }, { Return: true }, added),
  answered("EnableImage", { ImageId }, { Return: true }, added),
  answered("EnableImageDeregistrationProtection", { ImageId }, { Return: "true" }, { since: 2024 }),
  answered("DisableImageDeregistrationProtection", { ImageId }, { Return: "true" }, { since: 2024 }),
  answered("EnableImageBlockPublicAccess", { ImageBlockPublicAccessState: "block-new-sharing" }, {}, added),
  answered("GetImageBlockPublicAccessState", {}, { ImageBlockPublicAccessState: "block-new-sharing" }, added),
  answered("DisableImageBlockPublicAccess", {}, { ImageBlockPublicAccessState: "unblocked" }, added),
  refused(
    "RunInstances",
    { ImageId, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro", DryRun: true },
    "412 DryRunOperation: Request would have succeeded, but DryRun flag is set.",
  ),

  answered("DescribeSnapshots", { SnapshotIds: [SnapshotId] }, { "Snapshots.0.State": "completed" }),
  answered("ModifySnapshotAttribute", {
    SnapshotId,
    Attribute: "createVolumePermission",
    OperationType: "add",
    UserIds: ["222233334444"],
  }),
  answered(
    "DescribeSnapshotAttribute",
    { SnapshotId, Attribute: "createVolumePermission" },
    { CreateVolumePermissions: [{ UserId: "222233334444" }] },
  ),
  refused("DeleteSnapshot", { SnapshotId }, "400 InvalidSnapshot.InUse: is currently in use by ami-"),
  answered("DeregisterImage", { ImageId }),
  answered(
    "RegisterImage",
    {
      Name: "registered",
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
    },
    { ImageId: PRESENT },
    { as: "registered" },
  ),
  answered("DeregisterImage", { ImageId: ref("registered.ImageId") }),
  answered("DeleteSnapshot", { SnapshotId }),
  refused("DescribeSnapshots", { SnapshotIds: [SnapshotId] }, "400 InvalidSnapshot.NotFound: does not exist"),
  refused("DescribeFleets", {}, "400 NotImplemented: ec2:DescribeFleets is not built in the embedded AWS"),
]);
