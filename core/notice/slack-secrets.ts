import type { Place } from "../names.ts";
import type { PolicyDocument } from "../repair/policy-difference.ts";

/** The secrets of a Slack app that the factory needs. Deployments never see the values: `amint slack secrets` stores them. */
export const slackSecrets = ["bot-token", "signing-secret"] as const;
export type SlackSecret = (typeof slackSecrets)[number];

/** The functions that read each secret. */
export const slackSecretReaders = {
  "bot-token": ["notify", "roll-back-from-slack"],
  "signing-secret": ["answer-slack"],
} as const satisfies Readonly<Record<SlackSecret, readonly string[]>>;

/** The SecureString parameter of a secret, in the build region. The factory has no other parameters under this path. */
export const slackSecretParameter = (factory: string, secret: SlackSecret): string =>
  `${slackSecretRoot(factory)}/${secret}`;
const slackSecretRoot = (factory: string): string => `/amint-slack/${factory}`;

export const slackSecretArn = ({ partition, region, account }: Place, factory: string, secret: SlackSecret): string =>
  `arn:${partition}:ssm:${region}:${account}:parameter${slackSecretParameter(factory, secret)}`;

/** The key that encrypts both secrets and nothing else. */
export const slackKeyAlias = (factory: string): string => `alias/amint-${factory}-slack`;

/** The encryption context key that Parameter Store uses (Systems Manager user guide, "Parameter Store encryption context"). */
export const PARAMETER_ARN = "kms:EncryptionContext:PARAMETER_ARN";

const FORMS: Readonly<Record<SlackSecret, { readonly form: RegExp; readonly expected: string }>> = {
  "bot-token": { form: /^xoxb-[A-Za-z0-9-]+$/, expected: 'a bot token, which begins with "xoxb-"' },
  "signing-secret": { form: /^[0-9a-f]{32}$/, expected: "a signing secret of 32 hexadecimal digits" },
};

/** @returns what was expected if the value cannot be this secret, never the value itself */
export function findSlackSecretFault(secret: SlackSecret, value: string): string | undefined {
  const { form, expected } = FORMS[secret];
  return form.test(value) ? undefined : `expected ${expected}, found ${value.length} characters in a different format`;
}

/** Without kms:CreateGrant: a grant would let other principals decrypt. */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:Disable*",
  "kms:Enable*",
  "kms:Get*",
  "kms:List*",
  "kms:PutKeyPolicy",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:Update*",
];

/**
 * The key's policy. The account can administer the key and encrypt these parameters; only the roles of a secret's readers
 * can decrypt it. An account administrator would have to change this policy first to read a value.
 * @param roleArn the ARN of a function's role, by the function's name
 */
export function slackKeyPolicy(place: Place, factory: string, roleArn: (reader: string) => string): PolicyDocument {
  const account = { AWS: `arn:${place.partition}:iam::${place.account}:root` };
  const arnOf = (secret: SlackSecret) => slackSecretArn(place, factory, secret);
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "Account", Effect: "Allow", Principal: account, Action: administration, Resource: "*" },
      {
        Sid: "Store",
        Effect: "Allow",
        Principal: account,
        Action: ["kms:Encrypt"],
        Resource: "*",
        Condition: { StringEquals: { [PARAMETER_ARN]: slackSecrets.map(arnOf) } },
      },
      ...slackSecrets.map((secret) => ({
        Sid: secret === "bot-token" ? "ReadBotToken" : "ReadSigningSecret",
        Effect: "Allow" as const,
        Principal: account,
        Action: ["kms:Decrypt"],
        Resource: "*",
        Condition: {
          StringEquals: { [PARAMETER_ARN]: arnOf(secret) },
          // Not as principals: KMS rejects key policies with roles that do not exist yet.
          ArnEquals: { "aws:PrincipalArn": slackSecretReaders[secret].map(roleArn) },
        },
      })),
    ],
  };
}
