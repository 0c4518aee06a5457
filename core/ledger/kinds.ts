/** A key of the table; the partition says of what kind the record is. */
export interface Key<Partition extends string = string> {
  readonly pk: Partition;
  readonly sk: string;
}

/** What a query reads: the records of a partition whose sort keys begin so. */
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
 * Every kind of record: the partition of all records of the kind, the form of their sort keys, and what they hold. A
 * role's right to write ends at partitions (`dynamodb:LeadingKeys`), so what different steps decide lies in different
 * ones. docs/architecture.md says who writes and reads each.
 */
export const kinds = {
  claim: kind("ACTIVITY", "{image}#CLAIM", "that the image is being built: for which triggers, and as which build"),
  reason: kind("ACTIVITY", "{image}#REASON#{token}", "a reason that has not become a build yet, and what it waits for"),
  started: kind("STARTED", "{image}#{token}", "which build a reason became; the same reason never starts another"),
  suppressed: kind("SUPPRESSED", "{image}#{token}", "why a reason started nothing when it came (90 days)"),
  build: kind(
    "BUILDS",
    "{image}#{build}",
    "a build: status, triggers, parent's build, AMI or container image, failure",
  ),
  instances: kind("INSTANCES", "{build}", "the instance types that a build could have, and when its instances ran"),
  evidence: kind("EVIDENCE", "{build}", "what was found out about a build"),
  gate: kind("GATE", "{build}", "the gate's verdict, with its reasons"),
  copy: kind("COPIES", "{build}#{region}", "a build's copy: the image resource that made it, and its AMI"),
  proof: kind("PROVEN", "{build}#{region}", "the artifact that AWS confirmed as the build's when it was promoted"),
  share: kind(
    "SHARES",
    "{build}#{channel}#{region}",
    "what a promotion added to a launch permission, and if that was read back",
  ),
  verified: kind("VERIFIED", "{build}#{channel}#{region}#{account}", "how far launching was tried in an account"),
  launchable: kind("LAUNCHABLE", "{build}#{channel}#{region}", "that every account that is tried could launch the AMI"),
  approval: kind(
    "APPROVALS#ASKED",
    "{build}#{channel}",
    "an approval: whom it waits for, its task token, the decision",
  ),
  answer: kind(
    "APPROVALS#ANSWERS",
    "{build}#{channel}#{at}#{id}",
    "an answer from before answers lay by where they came from",
  ),
  slackAnswer: kind("APPROVALS#SLACK", "{build}#{channel}#{at}#{id}", "an answer that came by Slack"),
  iamAnswer: kind("APPROVALS#IAM", "{build}#{channel}#{at}#{id}", "an answer of an IAM identity"),
  judgement: kind("APPROVALS#JUDGED", "{build}#{channel}#{at}#{id}", "if an answer counts, for whom, or why not"),
  openApproval: kind("APPROVALS#OPEN", "{build}#{channel}", "that an approval is not settled"),
  agreement: kind("APPROVALS#AGREED", "{build}", "who agreed to a build in which the gate found broken rules that ask"),
  reminder: kind("APPROVALS#REMINDED", "{build}#{channel}", "when the approvers were reminded"),
  question: kind("APPROVALS#MESSAGES", "{build}#{channel}", "the Slack message that asks"),
  channel: kind("CHANNELS", "{image}#{channel}", "where a channel points: a build's AMI by region, and regions behind"),
  history: kind("HISTORY", "{image}#{channel}#{at}#{build}", "a move of a channel, with who and why"),
  move: kind("MOVES", "{build}#{channel}", "what a channel pointed at before a promotion moved it"),
  undone: kind("UNDONE", "{build}", "what of a failed promotion was undone"),
  failedPromotion: kind(
    "PROMOTIONS#FAILED",
    "{build}",
    "how a promotion failed, what is left to undo, the next attempt",
  ),
  revocation: kind("REVOKED", "{build}", "that a build is revoked: why, by whom, what is left to do"),
  withdrawal: kind("WITHDRAWN", "{build}#{at}#{region}", "who could launch a revoked build's AMI before"),
  askedWithdrawal: kind("WITHDRAWALS", "{build}", "a request to revoke or restore a build, until it is carried out"),
  rollback: kind(
    "ROLLBACKS",
    "{image}#{channel}#{seen}#{at}#{id}",
    "what was asked of a channel or its roll-out in Slack, and its outcome",
  ),
  mirror: kind("CONSUMERS", "MIRROR#{image}#{channel}#{account}", "a parameter's copy in a consumer's account"),
  ring: kind(
    "RINGS",
    "{image}#{channel}#{wave}",
    "which build's AMIs a wave's parameters name, where, and by which roll-out",
  ),
  ringMirror: kind(
    "CONSUMERS",
    "RING#{image}#{channel}#{wave}#{account}",
    "a wave's parameter in a consumer's account",
  ),
  rollout: kind("ROLLOUTS", "{image}#{channel}", "a channel's newest roll-out: its build, its waves, how far it is"),
  rolloutTarget: kind(
    "TARGETS",
    "{image}#{channel}#{rollout}#{account}#{region}#{group}",
    "an Auto Scaling group in a roll-out: its mode, what is intended, and how far it is (400 days)",
  ),
  rolloutHistory: kind("ROLLOUTS#ENDED", "{image}#{channel}#{at}", "a roll-out that ended, and how"),
  exposure: kind(
    "EXPOSURES",
    "OPEN#{image}#{channel}#{advisory}",
    "how long an advisory stays open in running instances",
  ),
  endedExposure: kind(
    "EXPOSURES",
    "ENDED#{image}#{channel}#{advisory}",
    "the same once no instance has it any more (400 days)",
  ),
  exposedAccounts: kind(
    "EXPOSURES",
    "ACCOUNTS#{image}#{channel}#{advisory}#{page}",
    "what of it is known of accounts, a part of them together (400 days)",
  ),
  grants: kind("CONSUMERS", "GRANTS#{account}", "an account's grants for Auto Scaling"),
  organization: kind("ORGANIZATION", "TREE", "when the organization was read, and which pages hold it"),
  organizationPage: kind("ORGANIZATION", "PAGE#{digest}#{n}", "a part of the organization's OUs and accounts"),
  hold: kind("HOLDS", "{build}", "that a build is kept until a day, and why"),
  retirement: kind("RETIREMENTS", "{build}", "how far a build's retirement is, why, and which run acts on it"),
  retiredRegion: kind("RETIREMENTS", "{build}#{region}", "how far it is in a region, and what is needed to undo it"),
  removed: kind(
    "REMOVED",
    "{build}",
    "that a build's AMIs are being removed: it is not shared, promoted or gone back to",
  ),
  use: kind("USES", "{build}#{region}", "EC2's usage reports on an AMI, and the accounts in them (120 days)"),
  usage: kind("USAGE", "{build}", "usage reports on a revoked build that are not told yet"),
  removal: kind("LEFTOVERS", "{kind}#{region}#{id}", "something that clean-up removed, and why (400 days)"),
  toldRemovals: kind("LEFTOVERS#TOLD", "{day}", "that removals were reported on that day"),
  export: kind("EXPORTS", "{build}", "how far a build's export is, in all formats, and which run works on it"),
  openAdvisories: kind(
    "FEEDS",
    "OPEN#{image}#{feed}",
    "a feed's advisories for a build's packages, and the feed's revision",
  ),
  feedFailure: kind("FEEDS", "FAILED#{kind}#{feed}", "a feed's failure that was reported"),
  exploits: kind(
    "FEEDS",
    "EXPLOITS#{feed}",
    "which CVEs a list calls exploited, or their scores, and the list's revision",
  ),
  announcement: kind("FEEDS", "SAID#{image}#{digest}", "advisories that were announced (30 days)"),
  parentAmi: kind(
    "PARENTS",
    "{image}",
    "the AMI that a parent by owner and name was resolved to, or that none was found",
  ),
  waiver: kind("WAIVERS", "{image}#{finding}", "an exception that was given by command"),
  toldWaiver: kind("WAIVERS#TOLD", "{until}#{image}#{finding}", "that its end was announced"),
  look: kind(
    "LOOKS",
    "{name}",
    "when everything, or one part, was last compared with AWS, and if that is asked for again",
  ),
  openWork: kind("OPEN", "{work}", "that there may be work for the hourly run"),
  drift: kind("DRIFT", "{image}#{channel}#{what}", "a difference that was reported, and if it was repaired"),
  toldFleet: kind("FLEET#TOLD", "{month}", "that EC2 was asked who runs what, and what it refused (100 days)"),
  toldFleetImage: kind("FLEET#TOLD", "{month}#IMAGE#{image}", "that an image's part was reported"),
  toldFleetDone: kind("FLEET#TOLD", "{month}#DONE", "that all of it was reported"),
  toldCost: kind("COST#TOLD", "{month}", "that a month was reported to cost more than `cost.monthlyAlarm` (100 days)"),
  slackRequest: kind("SLACK", "{signature}", "that a request of Slack's was used (15 minutes)"),
  migrated: kind(
    "MIGRATED",
    "{record}",
    "the content that `amint ledger migrate` carried over last, until it is finished",
  ),
  finishing: kind("MIGRATED", "FINISHING", "that `amint ledger migrate --finish` has begun, and in which direction"),
  handled: kind("HANDLED", "{digest}", "that an event was handled, by Powertools' idempotency (2 days)"),
  notice: kind("NOTICES", "{event}#{to}", "that a notice of an event reached SNS or Slack"),
} as const;

export type Kind = keyof typeof kinds;

/** The names in braces of a sort key's form. */
type PartsIn<Sort extends string> = Sort extends `${string}{${infer Part}}${infer Rest}` ? Part | PartsIn<Rest> : never;
type Parts<Of extends Kind> = Readonly<Record<PartsIn<(typeof kinds)[Of]["sort"]>, string>>;

/** The key of one record. */
export const keyOf = <Of extends Kind>(of: Of, parts: Parts<Of>): Key<(typeof kinds)[Of]["partition"]> => ({
  pk: kinds[of].partition,
  sk: fill(kinds[of].sort, parts),
});

/** All records of a kind, or those that share the first parts of their sort keys. */
export const below = <Of extends Kind>(of: Of, parts: Partial<Parts<Of>> = {}): Below => ({
  pk: kinds[of].partition,
  prefix: fill(kinds[of].sort, parts),
});

/** Everything in a partition that several kinds share. */
export const partitionOf = (of: Kind): Below => ({ pk: kinds[of].partition, prefix: "" });

/** @returns the form with its parts put in, as far as they are known */
function fill(form: string, parts: Readonly<Record<string, string | undefined>>): string {
  const [first = "", ...rest] = form.split(/[{}]/);
  // Split at braces: names and what lies between them take turns.
  let text = first;
  for (let n = 0; n < rest.length; n += 2) {
    const part = parts[rest[n] ?? ""];
    if (part === undefined) break;
    text += part + (rest[n + 1] ?? "");
  }
  return text;
}
