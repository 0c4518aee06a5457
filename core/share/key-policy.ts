import * as z from "zod";
import type { Factory } from "../factory/factory-schema.ts";
import type { PolicyDocument, PolicyStatement } from "../repair/policy-difference.ts";
import { AUTO_SCALING_OPERATIONS, autoScalingRoleArn } from "./auto-scaling-grants.ts";

/** The actions that EBS needs on a key when a shared AMI is launched or copied (EC2 user guide, "Share an AMI ... encrypted"). */
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

/** ECR retires its grant on a key when a repository is deleted (ECR user guide, "Encryption at rest"). */
const forRepositories = ["kms:RetireGrant"];

/** In a key policy, `*` means the key itself. */
const Resource = "*";

/**
 * The policy of the keys that the stack creates: the factory's account uses IAM, the organization's other accounts use the
 * keys for images, and alarms publish to the encrypted topic.
 */
export function keyPolicy(
  { organization, images }: Pick<Factory, "organization" | "images">,
  { partition, account }: { readonly partition: string; readonly account: string },
): PolicyDocument {
  const hasContainers = Object.values(images).some(({ kind }) => kind === "container");
  // Without the second condition every role of the factory's own account could use the keys: within an account, a key
  // policy for every principal is sufficient (KMS developer guide, "Key policies").
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
      // IAM policies of the account decide who administers and uses the key. Without this, the key could not be managed.
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
      // Auto Scaling launches with its service-linked role, for which the consumer account must create a grant (Auto
      // Scaling user guide, "Required AWS KMS key policy for use with encrypted volumes").
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

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const statement = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});

const document = z.object({ Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()) });

type Statement = z.output<typeof statement>;

/** The actions that a launch needs on an AMI's key (EBS user guide, "Share the KMS key"). */
const USES = [
  "kms:DescribeKey",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKeyWithoutPlaintext",
];

const CREATE_GRANT = "kms:CreateGrant";

/**
 * The permissions that a key policy does not give the organization's accounts, in words. Without them, AMIs that are
 * encrypted with the key cannot be launched there.
 * @param policy JSON
 */
export function checkKeyPolicy(policy: string, organization: string): string[] {
  const statements = document
    .parse(JSON.parse(policy))
    .Statement.filter(
      ({ Effect, Condition }) => Effect === "Allow" && valuesOf(Condition, "aws:PrincipalOrgID").includes(organization),
    );
  const missing = USES.filter((action) => !statements.some((one) => allows(one, action)));
  const grants = statements.filter((one) => allows(one, CREATE_GRANT));
  const forServices = grants.some(({ Condition }) => valuesOf(Condition, "kms:GrantIsForAWSResource").includes("true"));
  const forAutoScaling = grants.some(({ Condition }) =>
    valuesOf(Condition, "kms:GranteePrincipal").some((role) => role.includes("/autoscaling.amazonaws.com/")),
  );
  return [
    ...missing,
    ...(forServices ? [] : [`${CREATE_GRANT} for AWS services`]),
    ...(forAutoScaling ? [] : [`${CREATE_GRANT} for Auto Scaling`]),
  ];
}

const valuesOf = (conditions: Statement["Condition"] = {}, key: string): string[] =>
  Object.values(conditions).flatMap((keys) =>
    Object.entries(keys).flatMap(([name, values]) => (name.toLowerCase() === key.toLowerCase() ? values : [])),
  );

/** Compares actions case-insensitively; a trailing `*` matches any text, as in our key policies. */
const allows = ({ Action = [] }: Statement, action: string): boolean =>
  Action.some((one) => {
    const pattern = one.toLowerCase();
    const wanted = action.toLowerCase();
    return pattern.endsWith("*") ? wanted.startsWith(pattern.slice(0, -1)) : pattern === wanted;
  });
