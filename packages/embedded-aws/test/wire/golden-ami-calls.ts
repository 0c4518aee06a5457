import { answered, type FactoryCall, PRESENT, ref } from "./clients/factory-call.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const tags = [{ Key: "project", Value: "golden-web" }];
const builderArn = (path: string) => `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:${path}`;
const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:golden-web-builds`;
const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:golden-web-builds`;
const rule = `arn:aws:events:${REGION}:${ACCOUNT}:rule/golden-web-built`;

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trusting = (Service: string) => policy({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" });

const component = (name: string, phase: string) => ({
  name,
  semanticVersion: "1.0.0",
  platform: "Linux",
  data: `schemaVersion: 1.0
phases:
  - name: ${phase}
    steps:
      - name: Step
        action: ExecuteBash
        inputs: { commands: ["true"] }
`,
});

const vpcId = ref("vpc.Vpc.VpcId");
const topicArn = ref("topic.TopicArn");
const image = "builds.imageSummaryList.0";

/** What a golden AMI pipeline consists of, as a user's program or Terraform makes it, from an empty account. */
const RESOURCES: readonly FactoryCall[] = [
  answered("ec2:CreateVpc as vpc", { CidrBlock: "10.20.0.0/16" }),
  answered("ec2:CreateSubnet as subnet", { VpcId: vpcId, CidrBlock: "10.20.1.0/24", AvailabilityZone: "eu-west-1a" }),
  answered("ec2:CreateInternetGateway as gateway"),
  answered("ec2:AttachInternetGateway", {
    VpcId: vpcId,
    InternetGatewayId: ref("gateway.InternetGateway.InternetGatewayId"),
  }),
  answered("ec2:CreateRouteTable as routes", { VpcId: vpcId }),
  answered("ec2:CreateRoute", {
    RouteTableId: ref("routes.RouteTable.RouteTableId"),
    DestinationCidrBlock: "0.0.0.0/0",
    GatewayId: ref("gateway.InternetGateway.InternetGatewayId"),
  }),
  answered("ec2:AssociateRouteTable", {
    RouteTableId: ref("routes.RouteTable.RouteTableId"),
    SubnetId: ref("subnet.Subnet.SubnetId"),
  }),
  answered("ec2:ModifySubnetAttribute", {
    SubnetId: ref("subnet.Subnet.SubnetId"),
    MapPublicIpOnLaunch: { Value: true },
  }),
  answered("ec2:CreateSecurityGroup as group", {
    GroupName: "golden-web-builder",
    Description: "Instances that build images",
    VpcId: vpcId,
  }),
  answered("ec2:AuthorizeSecurityGroupIngress", {
    GroupId: ref("group.GroupId"),
    IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.20.0.0/16" }] }],
  }),

  answered("iam:CreateRole", { RoleName: "golden-web", AssumeRolePolicyDocument: trusting("ec2.amazonaws.com") }),
  ...["AmazonSSMManagedInstanceCore", "EC2InstanceProfileForImageBuilder"].map((name) =>
    answered("iam:AttachRolePolicy", { RoleName: "golden-web", PolicyArn: `arn:aws:iam::aws:policy/${name}` }),
  ),
  answered("iam:PutRolePolicy", {
    RoleName: "golden-web",
    PolicyName: "logs",
    PolicyDocument: policy({ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::golden-web-logs/*" }),
  }),
  answered("iam:CreateInstanceProfile", { InstanceProfileName: "golden-web" }),
  answered("iam:AddRoleToInstanceProfile", { InstanceProfileName: "golden-web", RoleName: "golden-web" }),

  answered("kms:CreateKey as key", { Description: "golden-web" }),
  answered("kms:CreateAlias", { AliasName: "alias/golden-web", TargetKeyId: ref("key.KeyMetadata.KeyId") }),
  answered("s3:CreateBucket", {
    Bucket: "golden-web-logs",
    CreateBucketConfiguration: { LocationConstraint: REGION },
  }),
  answered("s3:PutBucketVersioning", { Bucket: "golden-web-logs", VersioningConfiguration: { Status: "Enabled" } }),
  answered("s3:PutPublicAccessBlock", {
    Bucket: "golden-web-logs",
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true },
  }),
  answered("logs:CreateLogGroup", { logGroupName: "/aws/imagebuilder/golden-web" }),
  answered("logs:PutRetentionPolicy", { logGroupName: "/aws/imagebuilder/golden-web", retentionInDays: 30 }),

  answered("sns:CreateTopic as topic", { Name: "golden-web-builds" }),
  answered("sns:SetTopicAttributes", {
    TopicArn: topicArn,
    AttributeName: "Policy",
    AttributeValue: policy({
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topic,
      Condition: { ArnEquals: { "aws:SourceArn": rule } },
    }),
  }),
  answered("sqs:CreateQueue as queue", {
    QueueName: "golden-web-builds",
    Attributes: {
      Policy: policy({
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
      }),
    },
  }),
  answered("sns:Subscribe", {
    TopicArn: topicArn,
    Protocol: "sqs",
    Endpoint: queue,
    Attributes: { RawMessageDelivery: "true" },
  }),

  answered("imagebuilder:CreateComponent", component("golden-web-nginx", "build")),
  answered("imagebuilder:CreateComponent", component("golden-web-harden", "build")),
  answered("imagebuilder:CreateComponent", component("golden-web-smoke", "test")),
  answered("imagebuilder:CreateImageRecipe as recipe", {
    name: "golden-web",
    semanticVersion: "1.0.0",
    parentImage: `arn:aws:imagebuilder:${REGION}:aws:image/amazon-linux-2023-x86/x.x.x`,
    components: ["nginx", "harden", "smoke"].map((name) => ({
      componentArn: builderArn(`component/golden-web-${name}/1.x.x`),
    })),
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { encrypted: true, kmsKeyId: ref("key.KeyMetadata.Arn"), volumeSize: 10, volumeType: "gp3" },
      },
    ],
  }),
  answered("imagebuilder:CreateInfrastructureConfiguration as infrastructure", {
    name: "golden-web",
    instanceProfileName: "golden-web",
    instanceTypes: ["t3.medium"],
    subnetId: ref("subnet.Subnet.SubnetId"),
    securityGroupIds: [ref("group.GroupId")],
    snsTopicArn: topicArn,
    logging: { s3Logs: { s3BucketName: "golden-web-logs", s3KeyPrefix: "builds" } },
  }),
  answered("imagebuilder:CreateDistributionConfiguration as distribution", {
    name: "golden-web",
    distributions: [REGION, "us-east-1"].map((region) => ({
      region,
      amiDistributionConfiguration: {
        name: "golden-web-{{ imagebuilder:buildDate }}",
        amiTags: { Name: "golden-web" },
      },
    })),
  }),
  answered("imagebuilder:CreateImagePipeline as pipeline", {
    name: "golden-web",
    imageRecipeArn: ref("recipe.imageRecipeArn"),
    infrastructureConfigurationArn: ref("infrastructure.infrastructureConfigurationArn"),
    distributionConfigurationArn: ref("distribution.distributionConfigurationArn"),
    schedule: { scheduleExpression: "cron(0 3 ? * SUN *)" },
    tags: { project: "golden-web" },
  }),

  answered("events:PutRule", {
    Name: "golden-web-built",
    EventPattern: JSON.stringify({
      source: ["aws.imagebuilder"],
      "detail-type": ["EC2 Image Builder Image State Change"],
      resources: [{ prefix: builderArn("image/golden-web/") }],
      detail: { state: { status: ["AVAILABLE", "FAILED"] } },
    }),
  }),
  answered("events:PutTargets", { Rule: "golden-web-built", Targets: [{ Id: "topic", Arn: topicArn }] }).says({
    FailedEntryCount: 0,
  }),
  answered("monitoring:PutMetricAlarm", {
    AlarmName: "golden-web-unheard",
    Namespace: "AWS/SQS",
    MetricName: "ApproximateAgeOfOldestMessage",
    Dimensions: [{ Name: "QueueName", Value: "golden-web-builds" }],
    Statistic: "Maximum",
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 3600,
    ComparisonOperator: "GreaterThanThreshold",
    AlarmActions: [topicArn],
    Tags: tags,
  }),
];

const imagePipelineArn = ref("pipeline.imagePipelineArn");

/** The resources, and what becomes of them: a build on Sunday, its AMI, and the event of its end. From a Wednesday on. */
export const GOLDEN_AMI_CALLS: readonly FactoryCall[] = [
  ...RESOURCES,
  answered("imagebuilder:GetImagePipeline", { imagePipelineArn }).says({
    "imagePipeline.dateNextRun": "2026-04-05T03:00:00.000Z",
    "imagePipeline.schedule.pipelineExecutionStartCondition": "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
  }),
  answered("imagebuilder:ListImagePipelineImages", { imagePipelineArn }).says({ imageSummaryList: [] }),
  answered("imagebuilder:ListImagePipelineImages as builds", { imagePipelineArn }, { after: 4 * 24 * 60 }).says({
    "imageSummaryList.0.buildType": "SCHEDULED",
    "imageSummaryList.0.dateCreated": "2026-04-05T03:00:00.000Z",
    "imageSummaryList.0.state": { status: "AVAILABLE" },
    "imageSummaryList.0.outputResources.amis.1.region": "us-east-1",
    "imageSummaryList.1": undefined,
  }),
  answered("ec2:DescribeImages", { ImageIds: [ref(`${image}.outputResources.amis.0.image`)] }).says({
    "Images.0.State": "available",
    "Images.0.OwnerId": ACCOUNT,
    "Images.0.BlockDeviceMappings.0.Ebs.Encrypted": true,
  }),
  answered("sqs:ReceiveMessage", { QueueUrl: ref("queue.QueueUrl") }).says({ "Messages.0.Body": PRESENT }),
];
