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

const kind = <const Partition extends string, const Sort extends string>(partition: Partition, sort: Sort) => ({
  partition,
  sort,
});

/**
 * Every kind of record: its partition and the format of its sort keys. IAM policies limit writes by partition
 * (`dynamodb:LeadingKeys`), so the decisions of different steps are in different partitions. docs/architecture.md lists all
 * kinds, SECURITY.md the functions that write each.
 */
export const kinds = {
  /** That the image is being built: for which triggers, and as which build. */
  claim: kind("ACTIVITY", "{image}#CLAIM"),
  /** A reason that has not started a build yet, and what it waits for. */
  reason: kind("ACTIVITY", "{image}#REASON#{token}"),
  /** Which build a reason started; the same reason never starts another. */
  started: kind("STARTED", "{image}#{token}"),
  /** Why a reason was ignored (90 days). */
  suppressed: kind("SUPPRESSED", "{image}#{token}"),
  /** A build: status, triggers, parent's build, AMI or container image, failure. */
  build: kind("BUILDS", "{image}#{build}"),
  /** The instance types that a build could use, and when its instances ran. */
  instances: kind("INSTANCES", "{build}"),
  /** A build's evidence. */
  evidence: kind("EVIDENCE", "{build}"),
  /** The gate's verdict, with its reasons. */
  gate: kind("GATE", "{build}"),
  /** A build's copy: the image resource that made it, and its AMI. */
  copy: kind("COPIES", "{build}#{region}"),
  /** The artifact that AWS confirmed as the build's when it was promoted. */
  proof: kind("PROVEN", "{build}#{region}"),
  /** What a promotion added to a launch permission, and whether that was read back. */
  share: kind("SHARES", "{build}#{channel}#{region}"),
  /** Which launch checks passed in an account. */
  verified: kind("VERIFIED", "{build}#{channel}#{region}#{account}"),
  /** That every verified account could launch the AMI. */
  launchable: kind("LAUNCHABLE", "{build}#{channel}#{region}"),
  /** An approval: its approvers, its task token, the decision. */
  approval: kind("APPROVALS#ASKED", "{build}#{channel}"),
  /** An answer in the former format, before answers were stored by source. */
  answer: kind("APPROVALS#ANSWERS", "{build}#{channel}#{at}#{id}"),
  /** An answer from Slack. */
  slackAnswer: kind("APPROVALS#SLACK", "{build}#{channel}#{at}#{id}"),
  /** An answer of an IAM identity. */
  iamAnswer: kind("APPROVALS#IAM", "{build}#{channel}#{at}#{id}"),
  /** Whether an answer counts, for which person, or why not. */
  judgement: kind("APPROVALS#JUDGED", "{build}#{channel}#{at}#{id}"),
  /** That an approval is open. */
  openApproval: kind("APPROVALS#OPEN", "{build}#{channel}"),
  /** Who approved a build whose broken gate rules need approval. */
  agreement: kind("APPROVALS#AGREED", "{build}"),
  /** When the approvers were reminded. */
  reminder: kind("APPROVALS#REMINDED", "{build}#{channel}"),
  /** The Slack message with the request. */
  question: kind("APPROVALS#MESSAGES", "{build}#{channel}"),
  /** Where a channel points: a build's AMI by region, and regions behind. */
  channel: kind("CHANNELS", "{image}#{channel}"),
  /** A move of a channel: who moved it, and why. */
  history: kind("HISTORY", "{image}#{channel}#{at}#{build}"),
  /** What a channel pointed at before a promotion moved it. */
  move: kind("MOVES", "{build}#{channel}"),
  /** Who asked for a build to be urgent, and why. */
  urgentRequest: kind("URGENT", "{build}"),
  /** Which changes of a failed promotion were undone. */
  undone: kind("UNDONE", "{build}"),
  /** How a promotion failed, what is left to undo, the next attempt. */
  failedPromotion: kind("PROMOTIONS#FAILED", "{build}"),
  /** That a build is revoked: why, by whom, what is left to do. */
  revocation: kind("REVOKED", "{build}"),
  /** Who could launch a revoked build's AMI before. */
  withdrawal: kind("WITHDRAWN", "{build}#{at}#{region}"),
  /** A request to revoke or restore a build, until it is carried out. */
  askedWithdrawal: kind("WITHDRAWALS", "{build}"),
  /** That a build was restored: by whom, why, and the revocation that this ended. */
  restoration: kind("RESTORED", "{build}#{at}"),
  /** A request from Slack for a channel or its roll-out, and its outcome. */
  rollback: kind("ROLLBACKS", "{image}#{channel}#{seen}#{at}#{id}"),
  /** A parameter's copy in a consumer's account. */
  mirror: kind("CONSUMERS", "MIRROR#{image}#{channel}#{account}"),
  /** The builds that a wave's parameters name, by place, and the roll-out that wrote them. */
  ring: kind("RINGS", "{image}#{channel}#{wave}"),
  /** A wave's parameter in a consumer's account. */
  ringMirror: kind("CONSUMERS", "RING#{image}#{channel}#{wave}#{account}"),
  /** A channel's newest roll-out: its build, its waves, its progress. */
  rollout: kind("ROLLOUTS", "{image}#{channel}"),
  /** An Auto Scaling group in a roll-out: its mode, the intended action, and its progress (400 days). */
  rolloutTarget: kind("TARGETS", "{image}#{channel}#{rollout}#{account}#{region}#{group}"),
  /** An ended roll-out, with its outcome. */
  rolloutHistory: kind("ROLLOUTS#ENDED", "{image}#{channel}#{at}"),
  /** How long an advisory stays open in running instances. */
  exposure: kind("EXPOSURES", "OPEN#{image}#{channel}#{advisory}"),
  /** The same after the last instance was patched (400 days). */
  endedExposure: kind("EXPOSURES", "ENDED#{image}#{channel}#{advisory}"),
  /** A page of its accounts (400 days). */
  exposedAccounts: kind("EXPOSURES", "ACCOUNTS#{image}#{channel}#{advisory}#{page}"),
  /** An account's grants for Auto Scaling. */
  grants: kind("CONSUMERS", "GRANTS#{account}"),
  /** When the organization was read, and the pages of its tree. */
  organization: kind("ORGANIZATION", "TREE"),
  /** A part of the organization's OUs and accounts. */
  organizationPage: kind("ORGANIZATION", "PAGE#{digest}#{n}"),
  /** That a build is kept until a day, and why. */
  hold: kind("HOLDS", "{build}"),
  /** The stage of a build's retirement, why, and which run works on it. */
  retirement: kind("RETIREMENTS", "{build}"),
  /** Its stage in a region, and the data to undo it. */
  retiredRegion: kind("RETIREMENTS", "{build}#{region}"),
  /** That a build's AMIs are being removed: it cannot be shared, promoted or rolled back to. */
  removed: kind("REMOVED", "{build}"),
  /** EC2's usage reports about an AMI, and the accounts in them (120 days). */
  use: kind("USES", "{build}#{region}"),
  /** Usage reports about a revoked build that were not notified yet. */
  usage: kind("USAGE", "{build}"),
  /** A resource that clean-up removed, and why (400 days). */
  removal: kind("LEFTOVERS", "{kind}#{region}#{id}"),
  /** That removals were reported on that day. */
  reportedRemovals: kind("LEFTOVERS#TOLD", "{day}"),
  /** The state of a build's export, in all formats, and which run works on it. */
  export: kind("EXPORTS", "{build}"),
  /** A feed's advisories for a build's packages, and the feed's revision. */
  openAdvisories: kind("FEEDS", "OPEN#{image}#{feed}"),
  /** A feed's failure that was reported. */
  feedFailure: kind("FEEDS", "FAILED#{kind}#{feed}"),
  /** Exploited CVEs, or scores of CVEs, and the list's revision. */
  exploits: kind("FEEDS", "EXPLOITS#{feed}"),
  /** Advisories that were announced (30 days). */
  announcement: kind("FEEDS", "SAID#{image}#{digest}"),
  /** The advisories that are urgent for an image now, each with why. */
  urgentAdvisories: kind("FEEDS", "URGENT#{image}"),
  /** The AMI that a parent by owner and name resolved to, or that none was found. */
  parentAmi: kind("PARENTS", "{image}"),
  /** A waiver from `amint waive`. */
  waiver: kind("WAIVERS", "{image}#{finding}"),
  /** That its expiry was announced. */
  reportedWaiver: kind("WAIVERS#TOLD", "{until}#{image}#{finding}"),
  /** When everything, or one part, was last compared with AWS, and whether another comparison is requested. */
  driftCheck: kind("LOOKS", "{name}"),
  /** That there may be work for the hourly run. */
  openWork: kind("OPEN", "{work}"),
  /** A difference that was reported, and whether it was repaired. */
  drift: kind("DRIFT", "{image}#{channel}#{what}"),
  /** That usage reports were requested from EC2, and its errors (100 days). */
  reportedFleet: kind("FLEET#TOLD", "{month}"),
  /** That an image was reported. */
  reportedFleetImage: kind("FLEET#TOLD", "{month}#IMAGE#{image}"),
  /** That all images were reported. */
  reportedFleetDone: kind("FLEET#TOLD", "{month}#DONE"),
  /** That a month was reported to cost more than `cost.monthlyAlarm` (100 days). */
  reportedCost: kind("COST#TOLD", "{month}"),
  /** That a Slack request was processed (15 minutes). */
  slackRequest: kind("SLACK", "{signature}"),
  /** The content that `amint ledger migrate` copied last, until the migration is finished. */
  migrated: kind("MIGRATED", "{record}"),
  /** That `amint ledger migrate --finish` has started, and its direction. */
  finishing: kind("MIGRATED", "FINISHING"),
  /** That an event was handled, by Powertools' idempotency (2 days). */
  handled: kind("HANDLED", "{digest}"),
  /** That a notice of an event reached SNS or Slack. */
  notice: kind("NOTICES", "{event}#{to}"),
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
