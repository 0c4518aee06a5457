import { answered, type FactoryCall, ofService, PRESENT, ref, refused, time } from "../factory-call.ts";

const ImageId = ref("copy.ImageId");
const ReportId = ref("usage.ReportId");
const GroupId = ref("group.GroupId");
const VpcId = ref("vpc.Vpc.VpcId");
const SubnetId = ref("subnet.Subnet.SubnetId");
const InternetGatewayId = ref("igw.InternetGateway.InternetGatewayId");
const RouteTableId = ref("table.RouteTable.RouteTableId");
const spare = ref("spare.Vpc.VpcId");
const spareGateway = ref("spareGateway.InternetGateway.InternetGatewayId");
const spareTable = ref("spareTable.RouteTable.RouteTableId");
const SnapshotId = ref("copied.Images.0.BlockDeviceMappings.0.Ebs.SnapshotId");
const noImage = "ami-00000000000000000";
const noGroup = "sg-00000000000000000";
const gone = `400 InvalidAMIID.NotFound: The image id '[${noImage}]' does not exist`;
const share = { OperationType: "add", LaunchPermission: { Add: [{ UserId: "222233334444" }] } };
const https = [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
const added = { since: 2023 };

export const IMAGE_CALLS: readonly FactoryCall[] = ofService("ec2", [
  answered("DescribeRegions", { RegionNames: ["eu-west-1"] }).says({ "Regions.0.RegionName": "eu-west-1" }),
  answered("DescribeAvailabilityZones").says({ "AvailabilityZones.0.State": "available" }),
  answered("DescribeVpcs as vpcs", { Filters: [{ Name: "is-default", Values: ["true"] }] }).says({
    "Vpcs.0.IsDefault": true,
  }),
  answered("DescribeSubnets", { Filters: [{ Name: "vpc-id", Values: [ref("vpcs.Vpcs.0.VpcId")] }] }).says({
    "Subnets.0.State": "available",
  }),

  answered("CreateVpc as vpc", { CidrBlock: "10.9.0.0/16" }).says({ "Vpc.CidrBlock": "10.9.0.0/16" }),
  answered("DescribeVpcAttribute", { VpcId, Attribute: "enableDnsHostnames" }).says({
    "EnableDnsHostnames.Value": false,
  }),
  answered("CreateSubnet as subnet", { VpcId, CidrBlock: "10.9.1.0/24" }).says({ "Subnet.VpcId": PRESENT }),
  answered("ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: true } }),
  answered("CreateSubnet as unused", { VpcId, CidrBlock: "10.9.2.0/24" }).says({ "Subnet.VpcId": PRESENT }),
  answered("DeleteSubnet", { SubnetId: ref("unused.Subnet.SubnetId") }),
  refused("DeleteSubnet", { SubnetId: ref("unused.Subnet.SubnetId") }).with(
    "400 InvalidSubnetID.NotFound: does not exist",
  ),
  answered("CreateInternetGateway as igw").says({ "InternetGateway.InternetGatewayId": PRESENT }),
  answered("AttachInternetGateway", { InternetGatewayId, VpcId }),
  refused("AttachInternetGateway", { InternetGatewayId, VpcId }).with(
    "400 Resource.AlreadyAssociated: is already attached to network",
  ),
  answered("DescribeInternetGateways").says({ "InternetGateways.0.Attachments.0.State": "available" }),
  answered("AllocateAddress as address").says({ Domain: "vpc" }),
  answered("CreateNatGateway", { SubnetId, AllocationId: ref("address.AllocationId") }).says({
    "NatGateway.State": "pending",
  }),
  answered("DescribeNatGateways", { Filter: [{ Name: "state", Values: ["available"] }] }).says({
    "NatGateways.0.State": "available",
  }),
  answered("CreateRouteTable as table", { VpcId }).says({ "RouteTable.RouteTableId": PRESENT }),
  answered("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId }).says({
    Return: true,
  }),
  refused("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: InternetGatewayId }).with(
    "400 RouteAlreadyExists: 0.0.0.0/0 already exists",
  ),
  answered("AssociateRouteTable", { RouteTableId, SubnetId }).says({ AssociationId: PRESENT }),
  answered("DescribeRouteTables", { RouteTableIds: [RouteTableId] }).says({
    "RouteTables.0.Routes.1.GatewayId": PRESENT,
  }),
  answered("CreateVpcEndpoint", {
    VpcId,
    ServiceName: "com.amazonaws.eu-west-1.s3",
    RouteTableIds: [RouteTableId],
  }).says({ "VpcEndpoint.VpcEndpointType": "Gateway" }),
  answered("DescribeVpcEndpoints", {
    Filters: [{ Name: "service-name", Values: ["com.amazonaws.eu-west-1.s3"] }],
  }).says({ "VpcEndpoints.0.State": "available" }),

  answered("CreateVpc as spare", { CidrBlock: "10.10.0.0/16" }),
  answered("ModifyVpcAttribute", { VpcId: spare, EnableDnsHostnames: { Value: true } }),
  answered("DescribeVpcAttribute", { VpcId: spare, Attribute: "enableDnsHostnames" }).says({
    "EnableDnsHostnames.Value": true,
  }),
  answered("CreateSubnet as spareSubnet", { VpcId: spare, CidrBlock: "10.10.1.0/24" }),
  answered("CreateInternetGateway as spareGateway"),
  answered("AttachInternetGateway", { InternetGatewayId: spareGateway, VpcId: spare }),
  answered("CreateRouteTable as spareTable", { VpcId: spare }),
  answered("CreateRoute", { RouteTableId: spareTable, DestinationCidrBlock: "0.0.0.0/0", GatewayId: spareGateway }),
  answered("AssociateRouteTable as spareUse", {
    RouteTableId: spareTable,
    SubnetId: ref("spareSubnet.Subnet.SubnetId"),
  }),
  refused("DeleteRouteTable", { RouteTableId: spareTable }).with("400 DependencyViolation: has dependencies"),
  answered("DisassociateRouteTable", { AssociationId: ref("spareUse.AssociationId") }),
  answered("DeleteRoute", { RouteTableId: spareTable, DestinationCidrBlock: "0.0.0.0/0" }),
  answered("DeleteRouteTable", { RouteTableId: spareTable }),
  refused("DeleteVpc", { VpcId: spare }).with("400 DependencyViolation: has dependencies"),
  answered("DeleteSubnet", { SubnetId: ref("spareSubnet.Subnet.SubnetId") }),
  answered("DetachInternetGateway", { InternetGatewayId: spareGateway, VpcId: spare }),
  answered("DeleteInternetGateway", { InternetGatewayId: spareGateway }),
  answered("DeleteVpc", { VpcId: spare }),
  refused("DeleteVpc", { VpcId: spare }).with("400 InvalidVpcID.NotFound"),

  answered("CreateSecurityGroup as group", { GroupName: "builds", Description: "b" }).says({ GroupId: PRESENT }),
  refused("CreateSecurityGroup", { GroupName: "builds", Description: "b" }).with(
    "400 InvalidGroup.Duplicate: The security group 'builds' already exists",
  ),
  answered("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: https }).says({ Return: true }),
  refused("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: https }).with(
    "400 InvalidPermission.Duplicate: already exists",
  ),
  answered("AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: https }).says({ Return: true }),
  answered("DescribeSecurityGroupRules").says({ "SecurityGroupRules.0.GroupId": PRESENT }),
  answered("DescribeSecurityGroups", { GroupIds: [GroupId] }).says({
    "SecurityGroups.0.IpPermissions.0.IpRanges.0.CidrIp": "10.0.0.0/8",
  }),
  refused("DescribeSecurityGroups", { GroupIds: [noGroup] }).with(
    `400 InvalidGroup.NotFound: The security group '${noGroup}' does not exist`,
  ),
  answered("RevokeSecurityGroupIngress", { GroupId, IpPermissions: https }).says({ Return: true }),
  answered("RevokeSecurityGroupEgress", { GroupId, IpPermissions: https }).says({ Return: true }),
  answered("DeleteSecurityGroup", { GroupId }),

  answered("DescribeImages as public", { Owners: ["amazon"] }).says({ "Images.0.Public": true }),
  refused("DescribeImages", { ImageIds: [noImage] }).with(gone),
  refused("DescribeImages", { ImageIds: ["none"] }).with('400 InvalidAMIID.Malformed: Invalid id: "none"'),
  answered("CopyImage as copy", {
    Name: "base",
    SourceImageId: ref("public.Images.0.ImageId"),
    SourceRegion: "eu-west-1",
  }).says({ ImageId: PRESENT }),
  answered("DescribeImages", { ImageIds: [ImageId] }).says({ "Images.0.State": "pending" }),
  answered("DescribeImages as copied", { ImageIds: [ImageId] }, { after: 30 }).says({ "Images.0.State": "available" }),
  answered("CreateTags", { Resources: [ImageId], Tags: [{ Key: "team", Value: "images & <é>" }] }),
  refused("CreateTags", { Resources: [noImage], Tags: [{ Key: "k", Value: "v" }] }).with(gone),
  answered("DescribeTags", { Filters: [{ Name: "resource-id", Values: [ImageId] }] }).says({
    "Tags.0.Key": "team",
    "Tags.0.Value": "images & <é>",
  }),
  answered("DeleteTags", { Resources: [ImageId], Tags: [{ Key: "team" }] }),
  answered("GetImageAncestry", { ImageId }, { since: 2025 }).says({
    "ImageAncestryEntries.0.SourceImageRegion": "eu-west-1",
  }),
  refused("GetImageAncestry", { ImageId: noImage }, { since: 2025 }).with(gone),
  answered(
    "CreateImageUsageReport as usage",
    { ImageId, ResourceTypes: [{ ResourceType: "ec2:Instance" }] },
    { since: 2025 },
  ),
  refused(
    "CreateImageUsageReport",
    { ImageId: noImage, ResourceTypes: [{ ResourceType: "ec2:Instance" }] },
    { since: 2025 },
  ).with(gone),
  answered("DescribeImageUsageReports", { ReportIds: [ReportId] }, { since: 2025 }).says({
    "ImageUsageReports.0.State": "pending",
  }),
  answered("DescribeImageUsageReportEntries", { ReportIds: [ReportId] }, { since: 2025 }).says({
    ImageUsageReportEntries: [],
  }),
  answered("DeleteImageUsageReport", { ReportId }, { since: 2025 }).says({ Return: true }),
  answered("ModifyImageAttribute", { ImageId, ...share }),
  refused("ModifyImageAttribute", { ImageId: noImage, ...share }).with(gone),
  answered("DescribeImageAttribute", { ImageId, Attribute: "launchPermission" }).says({
    LaunchPermissions: [{ UserId: "222233334444" }],
  }),
  refused("DescribeImageAttribute", { ImageId: noImage, Attribute: "launchPermission" }).with(gone),
  answered("ResetImageAttribute", { ImageId, Attribute: "launchPermission" }),
  answered("DescribeImageAttribute", { ImageId, Attribute: "launchPermission" }).says({ LaunchPermissions: [] }),
  answered("EnableImageDeprecation", { ImageId, DeprecateAt: time("2027-04-01T00:00:00Z") }).says({ Return: true }),
  answered("DescribeImages", { ImageIds: [ImageId] }).says({ "Images.0.DeprecationTime": "2027-04-01T00:00:00.000Z" }),
  answered("DisableImageDeprecation", { ImageId }).says({ Return: true }),
  answered("DisableImage", { ImageId }, added).says({ Return: true }),
  answered("EnableImage", { ImageId }, added).says({ Return: true }),
  answered("EnableImageDeregistrationProtection", { ImageId }, { since: 2024 }).says({ Return: "true" }),
  answered("DisableImageDeregistrationProtection", { ImageId }, { since: 2024 }).says({ Return: "true" }),
  answered("EnableImageBlockPublicAccess", { ImageBlockPublicAccessState: "block-new-sharing" }, added),
  answered("GetImageBlockPublicAccessState", {}, added).says({ ImageBlockPublicAccessState: "block-new-sharing" }),
  answered("DisableImageBlockPublicAccess", {}, added).says({ ImageBlockPublicAccessState: "unblocked" }),
  refused("RunInstances", { ImageId, MinCount: 1, MaxCount: 1, InstanceType: "t3.micro", DryRun: true }).with(
    "412 DryRunOperation: Request would have succeeded, but DryRun flag is set.",
  ),

  answered("DescribeSnapshots", { SnapshotIds: [SnapshotId] }).says({ "Snapshots.0.State": "completed" }),
  answered("ModifySnapshotAttribute", {
    SnapshotId,
    Attribute: "createVolumePermission",
    OperationType: "add",
    UserIds: ["222233334444"],
  }),
  answered("DescribeSnapshotAttribute", { SnapshotId, Attribute: "createVolumePermission" }).says({
    CreateVolumePermissions: [{ UserId: "222233334444" }],
  }),
  refused("DeleteSnapshot", { SnapshotId }).with("400 InvalidSnapshot.InUse: is currently in use by ami-"),
  answered("DeregisterImage", { ImageId }),
  answered("RegisterImage as registered", {
    Name: "registered",
    Architecture: "x86_64",
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
  }).says({ ImageId: PRESENT }),
  answered("DeregisterImage", { ImageId: ref("registered.ImageId") }),
  answered("DeleteSnapshot", { SnapshotId }),
  refused("DescribeSnapshots", { SnapshotIds: [SnapshotId] }).with("400 InvalidSnapshot.NotFound: does not exist"),
  refused("DescribeFleets").with("400 NotImplemented: ec2:DescribeFleets is not built in the embedded AWS"),
]);
