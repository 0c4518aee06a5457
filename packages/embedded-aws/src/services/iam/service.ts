import { collect } from "../../engine/collect.ts";
import { AwsError, type Call, type Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { profileNamed } from "./instance-profiles.ts";
import { ownPolicy } from "./policies.ts";
import { modifiableRole, roleNamed } from "./roles.ts";
import { IAM_REGION, instanceProfileArn, roleArn } from "./state.ts";

/** Limit for a role, a policy or an instance profile (IAM user guide, "IAM and AWS STS quotas"). */
const MOST_TAGS = 50;

function check(after: ReadonlyMap<string, string>): void {
  if (after.size <= MOST_TAGS) return;
  throw new AwsError("LimitExceeded", `The number of tags has reached the maximum limit: ${MOST_TAGS}.`);
}

/** TagRole, UntagRole, ListRoleTags, and the same for policies and instance profiles. */
const tagsOf = <Target extends object>(
  kind: "Role" | "Policy" | "InstanceProfile",
  arn: (call: Call, target: Target) => string,
  find: (call: Call, target: Target, purpose: "show" | "change") => Map<string, string>,
) =>
  tagOperations<Target>({
    add: `Tag${kind}`,
    remove: `Untag${kind}`,
    show: `List${kind}Tags`,
    tags: "Tags",
    keys: "TagKeys",
    form: ["Key", "Value"],
    paged: true,
    authorize: (call, target, context = {}) => [{ resources: [arn(call, target)], context }],
    find,
    check,
  });

const tags = [
  tagsOf<{ readonly RoleName?: string }>(
    "Role",
    (call, { RoleName }) => roleArn(call, RoleName),
    (call, { RoleName }, purpose) =>
      (purpose === "show" ? roleNamed : modifiableRole)(call.aws, call.account, RoleName).tags,
  ),
  tagsOf<{ readonly PolicyArn?: string }>(
    "Policy",
    (_, { PolicyArn = "" }) => PolicyArn,
    (call, { PolicyArn = "" }) => ownPolicy(call, PolicyArn).tags,
  ),
  tagsOf<{ readonly InstanceProfileName?: string }>(
    "InstanceProfile",
    (call, { InstanceProfileName }) => instanceProfileArn(call, InstanceProfileName),
    (call, { InstanceProfileName }) => profileNamed(call, InstanceProfileName).tags,
  ),
];

export const service: Service = {
  name: "iam",
  region: IAM_REGION,
  client: () => import("@aws-sdk/client-iam"),
  paging: { asked: "Marker", size: "MaxItems", usual: 100, more: "IsTruncated", refusal: "ValidationError" },
  operations: await collect(
    import("./instance-profiles.ts"),
    import("./policies.ts"),
    import("./policy-versions.ts"),
    import("./role-policies.ts"),
    import("./roles.ts"),
    ...tags,
    import("./simulate.ts"),
    import("./users.ts"),
  ),
};
