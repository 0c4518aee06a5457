import type * as Sdk from "@aws-sdk/client-iam";
import type { PolicyVersion as DescribedVersion } from "@aws-sdk/client-iam";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { assertIdentityPolicy, deleteConflict, ownPolicy, policyOf } from "./policies.ts";
import type { ManagedPolicy, PolicyVersion } from "./state.ts";

/** IAM user guide, "Versioning IAM policies". */
const MOST_VERSIONS = 5;

export const operations = {
  CreatePolicyVersion: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "", PolicyDocument: document = "", SetAsDefault = false }, call) {
      const policy = ownPolicy(call, PolicyArn);
      if (policy.versions.size >= MOST_VERSIONS) {
        throw new AwsError(
          "LimitExceeded",
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      assertIdentityPolicy(document);
      const created = call.aws.clock.now();
      policy.versionsMade++;
      const version = { id: `v${policy.versionsMade}`, created, document };
      policy.versions.set(version.id, version);
      policy.updated = created;
      if (SetAsDefault) policy.defaultVersion = version;
      return { PolicyVersion: describeVersion(policy, version) };
    },
  },
  GetPolicyVersion: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "", VersionId }, { aws }) {
      const policy = policyOf(aws, PolicyArn);
      const version = versionOf(policy, VersionId);
      // IAM answers policies URL-encoded (RFC 3986).
      return { PolicyVersion: { ...describeVersion(policy, version), Document: encodeURIComponent(version.document) } };
    },
  },
  /** Newest first, without the documents. */
  ListPolicyVersions: {
    list: "Versions",
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "" }, { aws }) {
      const policy = policyOf(aws, PolicyArn);
      return { Versions: [...policy.versions.values()].reverse().map((version) => describeVersion(policy, version)) };
    },
  },
  SetDefaultPolicyVersion: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "", VersionId }, call) {
      const policy = ownPolicy(call, PolicyArn);
      policy.defaultVersion = versionOf(policy, VersionId);
      policy.updated = call.aws.clock.now();
    },
  },
  DeletePolicyVersion: {
    authorize: ({ PolicyArn = "" }) => [{ resources: [PolicyArn] }],
    run({ PolicyArn = "", VersionId }, call) {
      const policy = ownPolicy(call, PolicyArn);
      const version = versionOf(policy, VersionId);
      if (version === policy.defaultVersion) throw deleteConflict("Cannot delete the default version of a policy.");
      policy.versions.delete(version.id);
    },
  },
} satisfies Operations<typeof Sdk>;

function versionOf({ arn, versions }: ManagedPolicy, id: string | undefined): PolicyVersion {
  const version = versions.get(id ?? "");
  if (version) return version;
  const message = `Policy ${arn} version ${id} does not exist or is not attachable.`;
  throw new AwsError("NoSuchEntity", message);
}

const describeVersion = (policy: ManagedPolicy, { id, created }: PolicyVersion): DescribedVersion => ({
  VersionId: id,
  IsDefaultVersion: policy.defaultVersion.id === id,
  CreateDate: new Date(created),
});
