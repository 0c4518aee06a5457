import type * as Sdk from "@aws-sdk/client-iam";
import type { Policy as DescribedPolicy } from "@aws-sdk/client-iam";
import { parsePolicy } from "../../authorization/policy-document.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { findManagedPolicy, noSuchPolicy } from "./managed-policies.ts";
import { allRoles, iamOf, type ManagedPolicy, type PolicyVersion, tagList, tagMap } from "./state.ts";

export const operations = {
  CreatePolicy: {
    authorize: ({ Path = "/", PolicyName, Tags }, { account }) => [
      {
        resources: [`arn:aws:iam::${account}:policy${Path}${PolicyName}`],
        context: requestTagContext([...tagMap(Tags)]),
      },
    ],
    run(input, { aws, account }) {
      const { Path: path = "/", PolicyName: name = "", PolicyDocument: document = "" } = input;
      const { policies } = iamOf(aws, account);
      const arn = `arn:aws:iam::${account}:policy${path}${name}`;
      if ([...policies.values()].some((other) => other.name === name)) {
        throw new AwsError(
          "EntityAlreadyExists",
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
        );
      }
      assertIdentityPolicy(document);
      const id = `ANPA${aws.hexId(17).toUpperCase()}`;
      const created = aws.clock.now();
      const policy = {
        ...withVersion({ id: "v1", created, document }),
        ...{ name, path, arn, id, created, updated: created },
        description: input.Description,
        tags: tagMap(input.Tags),
      };
      policies.set(arn, policy);
      return { Policy: describePolicy(aws, policy) };
    },
  },
  GetPolicy: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run: ({ PolicyArn = "" }, { aws }) => ({ Policy: describePolicy(aws, policyOf(aws, PolicyArn)) }),
  },
  DeletePolicy: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "" }, call) {
      const policy = ownPolicy(call, PolicyArn);
      if (attachments(call.aws, policy.arn).length > 0) {
        throw deleteConflict("Cannot delete a policy attached to entities.");
      }
      if (policy.versions.size > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      iamOf(call.aws, call.account).policies.delete(policy.arn);
    },
  },
} satisfies Operations<typeof Sdk>;

/** A policy's only version. */
const withVersion = (version: PolicyVersion) => ({
  versions: new Map([[version.id, version]]),
  defaultVersion: version,
  versionsMade: 1,
});

export const deleteConflict = (message: string): AwsError => new AwsError("DeleteConflict", message);

/** Refuses, as IAM does, an identity policy with principals or without resources. */
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

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message);

/** A customer's policy, which can change. @throws AwsError NoSuchEntity, or AccessDenied for AWS's own */
export function ownPolicy(call: Call, arn: string): ManagedPolicy {
  const policy = iamOf(call.aws, call.account).policies.get(arn);
  if (policy) return policy;
  if (findManagedPolicy(call.aws, arn) === undefined) throw noSuchPolicy(arn);
  throw new AwsError("AccessDenied", `Policy ${arn} is outside your own account.`, { status: 403 });
}

/** A policy, AWS's own or a customer's. @throws AwsError NoSuchEntity */
export function policyOf(aws: EmbeddedAws, arn: string): ManagedPolicy {
  const own = iamOf(aws, arn.split(":")[4] ?? "").policies.get(arn);
  if (own) return own;
  const document = findManagedPolicy(aws, arn);
  if (document === undefined) throw noSuchPolicy(arn);
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const path = arn.slice(arn.indexOf(":policy") + ":policy".length, -name.length);
  return {
    ...withVersion({ id: "v1", created: 0, document }),
    ...{ name, path, arn, id: `ANPA${name.toUpperCase()}`, created: 0, updated: 0, description: undefined },
    tags: new Map(),
  };
}

function describePolicy(aws: EmbeddedAws, policy: ManagedPolicy): DescribedPolicy {
  const users = attachments(aws, policy.arn);
  return {
    PolicyName: policy.name,
    Path: policy.path,
    Arn: policy.arn,
    PolicyId: policy.id,
    CreateDate: new Date(policy.created),
    UpdateDate: new Date(policy.updated),
    Description: policy.description,
    DefaultVersionId: policy.defaultVersion.id,
    AttachmentCount: users.filter((use) => use === "attached").length,
    PermissionsBoundaryUsageCount: users.filter((use) => use === "boundary").length,
    IsAttachable: true,
    Tags: tagList(policy.tags),
  };
}

/** How roles use a policy. */
function attachments(aws: EmbeddedAws, arn: string): ("attached" | "boundary")[] {
  return [...allRoles(aws)].flatMap(({ attached, boundary }) => [
    ...(attached.has(arn) ? (["attached"] as const) : []),
    ...(boundary === arn ? (["boundary"] as const) : []),
  ]);
}
