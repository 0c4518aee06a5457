import type * as Sdk from "@aws-sdk/client-iam";
import type { Policy as DescribedPolicy } from "@aws-sdk/client-iam";
import { parsePolicy } from "../../authorization/policy-document.ts";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { findManagedPolicy, noSuchPolicy } from "./managed-policies.ts";
import { iamOf, type ManagedPolicy } from "./state.ts";

/** A policy has one version here: nothing changes it. */
const VERSION = "v1";

export const operations = {
  CreatePolicy: {
    authorize: ({ Path = "/", PolicyName }, { account }) => [
      { resources: [`arn:aws:iam::${account}:policy${Path}${PolicyName}`] },
    ],
    run({ Path: path = "/", PolicyName: name = "", PolicyDocument: document = "", Description }, { aws, account }) {
      const { policies } = iamOf(aws, account);
      const arn = `arn:aws:iam::${account}:policy${path}${name}`;
      if ([...policies.values()].some((other) => other.name === name)) {
        throw new AwsError(
          "EntityAlreadyExists",
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
          {
            status: 409,
          },
        );
      }
      assertIdentityPolicy(document);
      const id = `ANPA${aws.hexId(17).toUpperCase()}`;
      const policy: ManagedPolicy = {
        name,
        path,
        arn,
        id,
        created: aws.clock.now(),
        description: Description,
        document,
      };
      policies.set(arn, policy);
      return { Policy: describePolicy(aws, policy) };
    },
  },
  GetPolicy: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run: ({ PolicyArn = "" }, { aws }) => ({ Policy: describePolicy(aws, policyOf(aws, PolicyArn)) }),
  },
  GetPolicyVersion: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "", VersionId }, { aws }) {
      const { document, created } = policyOf(aws, PolicyArn);
      if (VersionId !== VERSION) {
        throw new AwsError(
          "NoSuchEntity",
          `Policy ${PolicyArn} version ${VersionId} does not exist or is not attachable.`,
          {
            status: 404,
          },
        );
      }
      return {
        PolicyVersion: {
          Document: encodeURIComponent(document),
          VersionId,
          IsDefaultVersion: true,
          CreateDate: new Date(created),
        },
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** Refuses, as IAM does, a policy for an identity that names principals or forgets its resources. */
export function assertIdentityPolicy(text: string): void {
  for (const { principals, resources, actions } of parsePolicy(text)) {
    if (principals) throw malformed("Policy document should not specify a principal.");
    if (!resources) throw malformed("Policy statement must contain resources.");
    const vendorless = actions.patterns.find((action) => action !== "*" && !action.includes(":"));
    if (vendorless !== undefined) {
      throw malformed(`Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. (${vendorless})`);
    }
    const partial = resources.patterns.find((resource) => resource !== "*" && !resource.startsWith("arn:"));
    if (partial !== undefined) throw malformed(`Resource ${partial} must be in ARN format or "*".`);
  }
}

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message, { status: 400 });

function policyOf(aws: EmbeddedAws, arn: string): ManagedPolicy {
  const own = iamOf(aws, arn.split(":")[4] ?? "").policies.get(arn);
  if (own) return own;
  const document = findManagedPolicy(aws, arn);
  if (document === undefined) throw noSuchPolicy(arn);
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const path = arn.slice(arn.indexOf(":policy") + ":policy".length, -name.length);
  return { name, path, arn, id: `ANPA${name.toUpperCase()}`, created: 0, description: undefined, document };
}

function describePolicy(aws: EmbeddedAws, policy: ManagedPolicy): DescribedPolicy {
  let attachments = 0;
  for (const role of iamOf(aws, policy.arn.split(":")[4] ?? "").roles.values()) {
    if (role.attached.has(policy.arn)) attachments++;
  }
  return {
    PolicyName: policy.name,
    Path: policy.path,
    Arn: policy.arn,
    PolicyId: policy.id,
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.created),
    Description: policy.description,
    DefaultVersionId: VERSION,
    AttachmentCount: attachments,
    IsAttachable: true,
  };
}
