import { AUTO_SCALING_OPERATIONS, autoScalingRoleArn } from "../core/share/auto-scaling-grant.ts";
import factory from "../factory.config.ts";
import { logicalName, place, resourceName, tags } from "./deployment.ts";

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
  // ECR retires its own grant on a key when a repository goes (ECR user guide, "Encryption at rest").
  ...(Object.values(factory.images).some(({ kind }) => kind === "container") ? ["kms:RetireGrant"] : []),
];

/** In a key's own policy `*` is the key. */
const resources = ["*"];
const account = { type: "AWS", identifiers: [`arn:${place.partition}:iam::${place.account}:root`] };
const everybody = { type: "AWS", identifiers: ["*"] };
/**
 * The organization's other accounts. Without the second condition every role of the factory's own account could use
 * the keys: within an account, a key policy that names everybody is enough (KMS developer guide, "Key policies").
 */
const elsewhereInOrganization = [
  { test: "StringEquals", variable: "aws:PrincipalOrgID", values: [factory.organization.id] },
  { test: "StringNotEquals", variable: "aws:PrincipalAccount", values: [place.account] },
];

const policy = aws.iam.getPolicyDocumentOutput({
  statements: [
    // The account decides by IAM who administers and uses the key; without it the key would be nobody's.
    { sid: "Account", principals: [account], actions: [...administration, ...useActions], resources },
    {
      sid: "OrganizationUses",
      principals: [everybody],
      actions: useActions,
      resources,
      conditions: elsewhereInOrganization,
    },
    {
      sid: "OrganizationGrantsToServices",
      principals: [everybody],
      actions: ["kms:CreateGrant"],
      resources,
      conditions: [
        ...elsewhereInOrganization,
        { test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] },
      ],
    },
    // Auto Scaling launches by a role of its own, for which a consumer account makes a grant by hand (Auto Scaling
    // user guide, "Required AWS KMS key policy for use with encrypted volumes").
    {
      sid: "OrganizationGrantsToAutoScaling",
      principals: [everybody],
      actions: ["kms:CreateGrant"],
      resources,
      conditions: [
        ...elsewhereInOrganization,
        {
          test: "ArnLike",
          variable: "kms:GranteePrincipal",
          values: [`${autoScalingRoleArn(place.partition, "*")}*`],
        },
        {
          test: "ForAllValues:StringEquals",
          variable: "kms:GrantOperations",
          values: [...AUTO_SCALING_OPERATIONS],
        },
      ],
    },
    // Alarms publish to the encrypted topic.
    {
      sid: "AlarmsUse",
      principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources,
      conditions: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [place.account] }],
    },
  ],
}).json;

/** They outlive the stack: without them no AMI could start. */
const makeKey = (region: string): $util.Output<string> => {
  const name = `ImageKey${logicalName(region)}`;
  const key = new aws.kms.Key(
    name,
    {
      region,
      description: `Images of the factory ${factory.name} in ${region}`,
      enableKeyRotation: true,
      multiRegion: false,
      deletionWindowInDays: 30,
      policy,
      tags,
    },
    { retainOnDelete: true },
  );
  new aws.kms.Alias(
    `${name}Alias`,
    { region, name: `alias/${resourceName("images")}`, targetKeyId: key.keyId },
    { retainOnDelete: true },
  );
  return key.arn;
};

/**
 * One key per region, for everything of the factory there: made by the stack, or given. Single-Region, because a copy is
 * encrypted anew with the key of its own region.
 */
const keys = new Map(
  factory.regions.map((region) => {
    const given = factory.keys?.[region];
    return [region, given === undefined ? makeKey(region) : $util.output(given)] as const;
  }),
);

/** The ARN of a region's key. A bare key id would mean another key in a consumer account. */
export function keyArn(region: string = place.region): $util.Output<string> {
  const key = keys.get(region);
  if (!key) throw new Error(`The factory has no key in ${region}; its regions are ${[...keys.keys()].join(", ")}.`);
  return key;
}
