/** A key of the table. The partition identifies the kind of record. */
export interface Key<Partition extends string = string> {
  readonly pk: Partition;
  readonly sk: string;
}

/** The range of a query: records of a partition whose sort keys start with a prefix. */
export interface Below {
  readonly pk: string;
  readonly prefix: string;
}

const kind = <const Partition extends string, const Sort extends string>(
  partition: Partition,
  sort: Sort,
  holds: string,
) => ({ partition, sort, holds });

/**
 * Every kind of record: its partition, the format of its sort keys, and its content. IAM policies limit writes by partition
 * (`dynamodb:LeadingKeys`), so the decisions of different steps are in different partitions. docs/architecture.md lists all
 * kinds, SECURITY.md the functions that write each.
 */
export const kinds = {
  claim: kind("ACTIVITY", "{image}#CLAIM", "that the image is being built: for which triggers, and as which build"),
  reason: kind(
    "ACTIVITY",
    "{image}#REASON#{token}",
    "a reason that has not started a build yet, and what it waits for",
  ),
  started: kind("STARTED", "{image}#{token}", "which build a reason started; the same reason never starts another"),
  suppressed: kind("SUPPRESSED", "{image}#{token}", "why a reason was ignored (90 days)"),
  build: kind(
    "BUILDS",
    "{image}#{build}",
    "a build: status, triggers, parent's build, AMI or container image, failure",
  ),
  instances: kind("INSTANCES", "{build}", "the instance types that a build could use, and when its instances ran"),
  evidence: kind("EVIDENCE", "{build}", "a build's evidence"),
  gate: kind("GATE", "{build}", "the gate's verdict, with its reasons"),
  copy: kind("COPIES", "{build}#{region}", "a build's copy: the image resource that made it, and its AMI"),
  proof: kind("PROVEN", "{build}#{region}", "the artifact that AWS confirmed as the build's when it was promoted"),
  share: kind(
    "SHARES",
    "{build}#{channel}#{region}",
    "what a promotion added to a launch permission, and whether that was read back",
  ),
  verified: kind("VERIFIED", "{build}#{channel}#{region}#{account}", "which launch checks passed in an account"),
  launchable: kind("LAUNCHABLE", "{build}#{channel}#{region}", "that every verified account could launch the AMI"),
  approval: kind("APPROVALS#ASKED", "{build}#{channel}", "an approval: its approvers, its task token, the decision"),
  answer: kind(
    "APPROVALS#ANSWERS",
    "{build}#{channel}#{at}#{id}",
    "an answer in the former format, before answers were stored by source",
  ),
  slackAnswer: kind("APPROVALS#SLACK", "{build}#{channel}#{at}#{id}", "an answer from Slack"),
  iamAnswer: kind("APPROVALS#IAM", "{build}#{channel}#{at}#{id}", "an answer of an IAM identity"),
  judgement: kind(
    "APPROVALS#JUDGED",
    "{build}#{channel}#{at}#{id}",
    "whether an answer counts, for which person, or why not",
  ),
  openApproval: kind("APPROVALS#OPEN", "{build}#{channel}", "that an approval is open"),
  agreement: kind("APPROVALS#AGREED", "{build}", "who approved a build whose broken gate rules need approval"),
  reminder: kind("APPROVALS#REMINDED", "{build}#{channel}", "when the approvers were reminded"),
  question: kind("APPROVALS#MESSAGES", "{build}#{channel}", "the Slack message with the request"),
  channel: kind("CHANNELS", "{image}#{channel}", "where a channel points: a build's AMI by region, and regions behind"),
  history: kind("HISTORY", "{image}#{channel}#{at}#{build}", "a move of a channel: who moved it, and why"),
  move: kind("MOVES", "{build}#{channel}", "what a channel pointed at before a promotion moved it"),
  undone: kind("UNDONE", "{build}", "which changes of a failed promotion were undone"),
  failedPromotion: kind(
    "PROMOTIONS#FAILED",
    "{build}",
    "how a promotion failed, what is left to undo, the next attempt",
  ),
  revocation: kind("REVOKED", "{build}", "that a build is revoked: why, by whom, what is left to do"),
  withdrawal: kind("WITHDRAWN", "{build}#{at}#{region}", "who could launch a revoked build's AMI before"),
  askedWithdrawal: kind("WITHDRAWALS", "{build}", "a request to revoke or restore a build, until it is carried out"),
  restoration: kind(
    "RESTORED",
    "{build}#{at}",
    "that a build was restored: by whom, why, and the revocation that this ended",
  ),
  rollback: kind(
    "ROLLBACKS",
    "{image}#{channel}#{seen}#{at}#{id}",
    "a request from Slack for a channel or its roll-out, and its outcome",
  ),
  mirror: kind("CONSUMERS", "MIRROR#{image}#{channel}#{account}", "a parameter's copy in a consumer's account"),
  ring: kind(
    "RINGS",
    "{image}#{channel}#{wave}",
    "the builds that a wave's parameters name, by place, and the roll-out that wrote them",
  ),
  ringMirror: kind(
    "CONSUMERS",
    "RING#{image}#{channel}#{wave}#{account}",
    "a wave's parameter in a consumer's account",
  ),
  rollout: kind("ROLLOUTS", "{image}#{channel}", "a channel's newest roll-out: its build, its waves, its progress"),
  rolloutTarget: kind(
    "TARGETS",
    "{image}#{channel}#{rollout}#{account}#{region}#{group}",
    "an Auto Scaling group in a roll-out: its mode, the intended action, and its progress (400 days)",
  ),
  rolloutHistory: kind("ROLLOUTS#ENDED", "{image}#{channel}#{at}", "an ended roll-out, with its outcome"),
  exposure: kind(
    "EXPOSURES",
    "OPEN#{image}#{channel}#{advisory}",
    "how long an advisory stays open in running instances",
  ),
  endedExposure: kind(
    "EXPOSURES",
    "ENDED#{image}#{channel}#{advisory}",
    "the same after the last instance was patched (400 days)",
  ),
  exposedAccounts: kind(
    "EXPOSURES",
    "ACCOUNTS#{image}#{channel}#{advisory}#{page}",
    "a page of its accounts (400 days)",
  ),
  grants: kind("CONSUMERS", "GRANTS#{account}", "an account's grants for Auto Scaling"),
  organization: kind("ORGANIZATION", "TREE", "when the organization was read, and the pages of its tree"),
  organizationPage: kind("ORGANIZATION", "PAGE#{digest}#{n}", "a part of the organization's OUs and accounts"),
  hold: kind("HOLDS", "{build}", "that a build is kept until a day, and why"),
  retirement: kind("RETIREMENTS", "{build}", "the stage of a build's retirement, why, and which run works on it"),
  retiredRegion: kind("RETIREMENTS", "{build}#{region}", "its stage in a region, and the data to undo it"),
  removed: kind(
    "REMOVED",
    "{build}",
    "that a build's AMIs are being removed: it cannot be shared, promoted or rolled back to",
  ),
  use: kind("USES", "{build}#{region}", "EC2's usage reports about an AMI, and the accounts in them (120 days)"),
  usage: kind("USAGE", "{build}", "usage reports about a revoked build that were not notified yet"),
  removal: kind("LEFTOVERS", "{kind}#{region}#{id}", "a resource that clean-up removed, and why (400 days)"),
  reportedRemovals: kind("LEFTOVERS#TOLD", "{day}", "that removals were reported on that day"),
  export: kind("EXPORTS", "{build}", "the state of a build's export, in all formats, and which run works on it"),
  openAdvisories: kind(
    "FEEDS",
    "OPEN#{image}#{feed}",
    "a feed's advisories for a build's packages, and the feed's revision",
  ),
  feedFailure: kind("FEEDS", "FAILED#{kind}#{feed}", "a feed's failure that was reported"),
  exploits: kind("FEEDS", "EXPLOITS#{feed}", "exploited CVEs, or scores of CVEs, and the list's revision"),
  announcement: kind("FEEDS", "SAID#{image}#{digest}", "advisories that were announced (30 days)"),
  urgentAdvisories: kind("FEEDS", "URGENT#{image}", "the advisories that are urgent for an image now, each with why"),
  parentAmi: kind("PARENTS", "{image}", "the AMI that a parent by owner and name resolved to, or that none was found"),
  waiver: kind("WAIVERS", "{image}#{finding}", "a waiver from `amint waive`"),
  reportedWaiver: kind("WAIVERS#TOLD", "{until}#{image}#{finding}", "that its expiry was announced"),
  driftCheck: kind(
    "LOOKS",
    "{name}",
    "when everything, or one part, was last compared with AWS, and whether another comparison is requested",
  ),
  openWork: kind("OPEN", "{work}", "that there may be work for the hourly run"),
  drift: kind("DRIFT", "{image}#{channel}#{what}", "a difference that was reported, and whether it was repaired"),
  reportedFleet: kind("FLEET#TOLD", "{month}", "that usage reports were requested from EC2, and its errors (100 days)"),
  reportedFleetImage: kind("FLEET#TOLD", "{month}#IMAGE#{image}", "that an image was reported"),
  reportedFleetDone: kind("FLEET#TOLD", "{month}#DONE", "that all images were reported"),
  reportedCost: kind(
    "COST#TOLD",
    "{month}",
    "that a month was reported to cost more than `cost.monthlyAlarm` (100 days)",
  ),
  slackRequest: kind("SLACK", "{signature}", "that a Slack request was processed (15 minutes)"),
  migrated: kind(
    "MIGRATED",
    "{record}",
    "the content that `amint ledger migrate` copied last, until the migration is finished",
  ),
  finishing: kind("MIGRATED", "FINISHING", "that `amint ledger migrate --finish` has started, and its direction"),
  handled: kind("HANDLED", "{digest}", "that an event was handled, by Powertools' idempotency (2 days)"),
  notice: kind("NOTICES", "{event}#{to}", "that a notice of an event reached SNS or Slack"),
} as const;

export type Kind = keyof typeof kinds;

/** The names in braces of a sort key's format. */
type PartsIn<Sort extends string> = Sort extends `${string}{${infer Part}}${infer Rest}` ? Part | PartsIn<Rest> : never;
type Parts<Of extends Kind> = Readonly<Record<PartsIn<(typeof kinds)[Of]["sort"]>, string>>;

/** The key of one record. */
export const keyOf = <Of extends Kind>(of: Of, parts: Parts<Of>): Key<(typeof kinds)[Of]["partition"]> => ({
  pk: kinds[of].partition,
  sk: fill(kinds[of].sort, parts),
});

/** All records of a kind, or those with the same first parts of their sort keys. */
export const below = <Of extends Kind>(of: Of, parts: Partial<Parts<Of>> = {}): Below => ({
  pk: kinds[of].partition,
  prefix: fill(kinds[of].sort, parts),
});

/** All records of a kind's partition, which several kinds may share. */
export const partitionOf = (of: Kind): Below => ({ pk: kinds[of].partition, prefix: "" });

/** @returns the format with its parts filled in, up to the first missing one */
function fill(form: string, parts: Readonly<Record<string, string | undefined>>): string {
  const [first = "", ...rest] = form.split(/[{}]/);
  // Split at braces: names and the text between them alternate.
  let text = first;
  for (let n = 0; n < rest.length; n += 2) {
    const part = parts[rest[n] ?? ""];
    if (part === undefined) break;
    text += part + (rest[n + 1] ?? "");
  }
  return text;
}
