import * as z from "zod";

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statement = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});
const document = z.object({ Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()) });

type Statement = z.output<typeof statement>;

/** What EC2 asks of an AMI's key for whoever launches (EBS user guide, "Share the KMS key"). */
const USES = [
  "kms:DescribeKey",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKeyWithoutPlaintext",
];
const CREATE_GRANT = "kms:CreateGrant";

/**
 * What a key's policy does not let the organization's accounts do, in words, so that what is encrypted with the key
 * cannot be launched there.
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

/** Actions are compared without regard to case; `*` stands for any text at the end, as in a key policy of ours. */
const allows = ({ Action = [] }: Statement, action: string): boolean =>
  Action.some((one) => {
    const pattern = one.toLowerCase();
    const wanted = action.toLowerCase();
    return pattern.endsWith("*") ? wanted.startsWith(pattern.slice(0, -1)) : pattern === wanted;
  });
