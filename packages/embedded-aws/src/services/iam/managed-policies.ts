import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { iamOf } from "./state.ts";

/** A managed policy's JSON, AWS's or a customer's; undefined if it does not exist. */
export const findManagedPolicy = (aws: EmbeddedAws, arn: string): string | undefined =>
  awsManagedPolicy(arn) ?? iamOf(aws, arn.split(":")[4] ?? "").policies.get(arn)?.defaultVersion.document;

/** Refuses an ARN that names no policy. */
export function assertManagedPolicy(aws: EmbeddedAws, arn: string): void {
  if (findManagedPolicy(aws, arn) === undefined) throw noSuchPolicy(arn);
}

export const noSuchPolicy = (arn: string): AwsError =>
  new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);

/**
 * The statements of AWS managed policies, from the AWS Managed Policy Reference. Others cannot be attached: an unknown
 * policy would silently grant nothing.
 */
const STATEMENTS: Readonly<Record<string, readonly object[]>> = {
  "service-role/AWSLambdaBasicExecutionRole": [
    { Effect: "Allow", Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], Resource: "*" },
  ],
  // Without its statements on spot requests, load balancers, alarms, topics and rules, which are not built here.
  "aws-service-role/AutoScalingServiceRolePolicy": [
    {
      Sid: "EC2InstanceManagement",
      Effect: "Allow",
      Action: [
        "ec2:AttachClassicLinkVpc",
        "ec2:CancelSpotInstanceRequests",
        "ec2:CreateFleet",
        "ec2:CreateTags",
        "ec2:DeleteTags",
        "ec2:Describe*",
        "ec2:DetachClassicLinkVpc",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "ec2:GetSecurityGroupsForVpc",
        "ec2:ModifyInstanceAttribute",
        "ec2:RequestSpotInstances",
        "ec2:RunInstances",
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:TerminateInstances",
      ],
      Resource: "*",
    },
    {
      Sid: "EC2InstanceProfileManagement",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: "*",
      Condition: { StringLike: { "iam:PassedToService": "ec2.amazonaws.com*" } },
    },
    {
      Sid: "SystemsManagerParameterManagement",
      Effect: "Allow",
      Action: ["ssm:GetParameters"],
      Resource: "*",
    },
  ],
  AWSXRayDaemonWriteAccess: [
    {
      Sid: "AWSXRayDaemonWriteAccess",
      Effect: "Allow",
      Action: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:GetSamplingStatisticSummaries",
      ],
      Resource: ["*"],
    },
  ],
  AmazonSSMManagedInstanceCore: [
    {
      Effect: "Allow",
      Action: [
        "ssm:DescribeAssociation",
        "ssm:GetDeployablePatchSnapshotForInstance",
        "ssm:GetDocument",
        "ssm:DescribeDocument",
        "ssm:GetManifest",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:ListAssociations",
        "ssm:ListInstanceAssociations",
        "ssm:PutInventory",
        "ssm:PutComplianceItems",
        "ssm:PutConfigurePackageResult",
        "ssm:UpdateAssociationStatus",
        "ssm:UpdateInstanceAssociationStatus",
        "ssm:UpdateInstanceInformation",
      ],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: [
        "ec2messages:AcknowledgeMessage",
        "ec2messages:DeleteMessage",
        "ec2messages:FailMessage",
        "ec2messages:GetEndpoint",
        "ec2messages:GetMessages",
        "ec2messages:SendReply",
      ],
      Resource: "*",
    },
  ],
  EC2InstanceProfileForImageBuilder: [
    { Effect: "Allow", Action: ["imagebuilder:GetComponent"], Resource: "*" },
    {
      Effect: "Allow",
      Action: ["imagebuilder:GetMarketplaceResource"],
      Resource: ["arn:aws:imagebuilder:*:aws-marketplace:component/*/*/*"],
    },
    {
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: "*",
      Condition: {
        "ForAnyValue:StringEquals": {
          "kms:EncryptionContextKeys": "aws:imagebuilder:arn",
          "aws:CalledVia": ["imagebuilder.amazonaws.com"],
        },
      },
    },
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::ec2imagebuilder*" },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:*:*:log-group:/aws/imagebuilder/*",
    },
  ],
  Ec2ImageBuilderCrossAccountDistributionAccess: [
    {
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: "arn:aws:ec2:*::image/*",
    },
    {
      Effect: "Allow",
      Action: ["ec2:DescribeImages", "ec2:CopyImage", "ec2:ModifyImageAttribute"],
      Resource: "*",
    },
  ],
};

const documents = new Map(
  Object.entries(STATEMENTS).map(([name, Statement]) => [
    `arn:aws:iam::aws:policy/${name}`,
    JSON.stringify({ Version: "2012-10-17", Statement }),
  ]),
);

/** The JSON of a policy that AWS maintains; undefined for an ARN that is not known here. */
const awsManagedPolicy = (arn: string): string | undefined => documents.get(arn);
