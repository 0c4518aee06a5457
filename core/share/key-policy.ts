import type { Factory } from "../factory/factory-schema.ts";
import type { PolicyDocument, PolicyStatement } from "../policy-difference.ts";
import { AUTO_SCALING_OPERATIONS, autoScalingRoleArn } from "./auto-scaling-grant.ts";

/** What EBS asks of a key when a shared AMI is launched or copied (EC2 user guide, "Share an AMI ... encrypted"). */
const useActions = ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];

const administration = [
  "kms:CancelKeyDeletion",
  "kms:Create*",
  "kms:Delete*",
  "kms:Disable*",
  "kms:Enable*",
  "kms:Encrypt",
  "kms:Get*",
  "kms:List*",
  "kms:Put*",
  "kms:Revoke*",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:Update*",
];

/** ECR retires its own grant on a key when a repository goes (ECR user guide, "Encryption at rest"). */
const forRepositories = ["kms:RetireGrant"];

/** In a key's own policy `*` is the key. */
const Resource = "*";

/**
 * The policy of the keys that the stack makes: the factory's account decides by IAM, the organization's other accounts use
 * them for images, and alarms publish to the encrypted topic.
 */
export function keyPolicy(
  { organization, images }: Pick<Factory, "organization" | "images">,
  { partition, account }: { readonly partition: string; readonly account: string },
): PolicyDocument {
  const hasContainers = Object.values(images).some(({ kind }) => kind === "container");
  // Without the second condition every role of the factory's own account could use the keys: within an account, a key
  // policy that names everybody is enough (KMS developer guide, "Key policies").
  const StringEquals = { "aws:PrincipalOrgID": organization.id };
  const StringNotEquals = { "aws:PrincipalAccount": account };
  const organizationMay = (Sid: string, Action: readonly string[], more: object = {}): PolicyStatement => ({
    Sid,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action,
    Resource,
    Condition: { StringEquals, StringNotEquals, ...more },
  });
  return {
    Version: "2012-10-17",
    Statement: [
      // The account decides by IAM who administers and uses the key; without it the key could not be changed by anyone.
      {
        Sid: "Account",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: [...administration, ...(hasContainers ? forRepositories : []), ...useActions],
        Resource,
      },
      organizationMay("OrganizationUses", useActions),
      organizationMay("OrganizationGrantsToServices", ["kms:CreateGrant"], {
        Bool: { "kms:GrantIsForAWSResource": "true" },
      }),
      // Auto Scaling launches by a role of its own, for which a consumer account makes a grant by hand (Auto Scaling
      // user guide, "Required AWS KMS key policy for use with encrypted volumes").
      organizationMay("OrganizationGrantsToAutoScaling", ["kms:CreateGrant"], {
        ArnLike: { "kms:GranteePrincipal": `${autoScalingRoleArn(partition, "*")}*` },
        "ForAllValues:StringEquals": { "kms:GrantOperations": AUTO_SCALING_OPERATIONS },
      }),
      {
        Sid: "AlarmsUse",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
    ],
  };
}
