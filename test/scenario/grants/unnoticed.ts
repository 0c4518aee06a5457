import { type ExpectedUnused, expectedUnused } from "../../../cli/iam/expected-unused.ts";
import factory from "../../../factory.config.ts";
import { matchesPattern } from "../../../local/iam/match-pattern.ts";
import { type Grant, PERMISSION, ROLE } from "./grant.ts";

interface Unnoticed {
  /** The resource's logical name; `*` stands for any text. */
  readonly holder: string;
  /** Position of the statement in the resource's policy, from 0. */
  readonly statement: number;
  /** As the statement writes them. */
  readonly actions: readonly string[];
  readonly reason: string;
  /** What else allows the same: taking away both would be noticed. */
  readonly coveredBy?: string;
}

/** Grants whose removal nobody notices on the embedded AWS, with the reason; those of roles stand in cli/iam. */
export const unnoticed: readonly Unnoticed[] = [
  {
    holder: "ImageKey*",
    statement: 0,
    actions: [
      "kms:CancelKeyDeletion",
      "kms:Delete*",
      "kms:Disable*",
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
    ],
    reason: "people administer the key by it; neither the deployment nor the factory does",
  },
  {
    holder: "ImageKey*",
    statement: 0,
    actions: ["kms:Describe*"],
    reason: "the one action of that kind that a key's policy decides on is DescribeKey, which is listed, too",
  },
  {
    holder: "ImageKey*",
    statement: 0,
    actions: ["kms:DescribeKey"],
    reason: "kms:Describe* allows it, too",
    coveredBy: "kms:Describe*",
  },
  {
    holder: "ImageKey*",
    statement: 1,
    actions: ["kms:ReEncrypt*"],
    reason: "EBS asks for it where a consumer copies snapshots, which are not shared; launching is a dry run here",
  },
  {
    holder: "ImageKey*",
    statement: 2,
    actions: ["kms:CreateGrant"],
    reason: "EC2 makes such grants for a consumer that launches; launching is a dry run here",
  },
  {
    holder: "ImageKeyUsEast1",
    statement: 4,
    actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
    reason: "all keys have one policy; topic and alarms are in the build region",
  },
];

export const isAbout = ({ holder, statement, actions }: Unnoticed, grant: Grant): boolean =>
  grant.kind === "resource policy" &&
  matchesPattern(holder, grant.holder.name) &&
  statement === grant.statement &&
  actions.includes(grant.action);

/** Why a grant's removal is not noticed; undefined where it must be. */
export const reasonFor = (grant: Grant): Pick<Unnoticed, "reason" | "coveredBy"> | undefined =>
  unnoticed.find((one) => isAbout(one, grant)) ?? expectation(grant, ({ never }) => never === true);

/** Whether a month without trouble needs it: functions' permissions, trust, and what `amint iam unused` does not list. */
export const isUsedInMonth = (grant: Grant): boolean =>
  grant.holder.type === ROLE ? expectation(grant, () => true) === undefined : grant.holder.type === PERMISSION;

/** What `amint iam unused` says of a role's grant, where that speaks of all its resources. */
function expectation(
  { kind, holder, action, resources }: Grant,
  which: (one: ExpectedUnused) => boolean,
): ExpectedUnused | undefined {
  if (kind !== "own policy" && kind !== "managed policy") return undefined;
  const found = (resources.length ? resources : ["*"]).map((resource) =>
    expectedUnused.find(
      (one) =>
        which(one) &&
        matchesPattern(`amint-${factory.name}-${one.role}`, String(holder.inputs.name)) &&
        matchesPattern(one.action, action) &&
        matchesPattern(one.resource ?? "*", resource),
    ),
  );
  return found.every((one) => one !== undefined) ? found[0] : undefined;
}
