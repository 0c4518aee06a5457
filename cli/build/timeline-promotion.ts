import type { AnsweredApproval } from "../../adapters/approval/approvals.ts";
import type { HistoryEntry } from "../../adapters/channel/history.ts";
import { RESTARTED } from "../../adapters/promotion/failed-promotions.ts";
import { sayUrgency } from "../../core/advisories/urgency.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { sayTime } from "../../core/build/explain-triggers.ts";
import { entities } from "../../core/share/launch-permission.ts";
import { proofWords } from "../../core/share/list-shares.ts";
import type { BuildFacts, Placed } from "./read-timeline.ts";

/** The gate, approvals, copies, shares and channels. */
export const promoted = (facts: BuildFacts): Placed[] => [
  ...judged(facts),
  ...facts.approvals.flatMap(approval),
  ...distributed(facts),
  ...verified(facts),
  ...[...facts.moves].flatMap(([channel, moves]) => moved(facts, channel, moves)),
  ...failed(facts),
];

function judged({ gate }: BuildFacts): Placed[] {
  if (!gate) return [];
  const { verdict, needsApproval, reasons, decidedAt, urgent } = gate;
  const says =
    verdict === "rejected" ? "rejects the build" : needsApproval ? "asks for approval" : "lets the build pass";
  return [
    { kind: "gate", at: decidedAt, text: `the gate ${says}` },
    ...(urgent ? [{ kind: "urgent", place: decidedAt, text: `urgent: ${sayUrgency(urgent)}` } as const] : []),
    ...reasons.flatMap(({ rule, passed, found, allowed, examples, waived = [], asks }): Placed[] => {
      const broken = passed ? "" : asks ? "broken, asks for approval: " : "broken: ";
      const some = !passed && examples.length > 0 ? ` (${examples.slice(0, 3).join(", ")})` : "";
      return [
        { kind: "rule", place: decidedAt, text: `rule ${rule}: ${broken}found ${found}; allowed: ${allowed}${some}` },
        ...waived.map((one): Placed => ({ kind: "waiver", place: decidedAt, text: `waiver for ${rule}: ${one}` })),
      ];
    }),
  ];
}

function approval({
  channel,
  requestedAt,
  expiresAt,
  approvers,
  required,
  answers,
  decided,
}: AnsweredApproval): Placed[] {
  const by = (one: AnsweredApproval["answers"][number]): string =>
    one.judgement?.outcome === "counted"
      ? one.judgement.person
      : one.via === "slack"
        ? (one.name ?? one.identity.slack)
        : one.identity.principal;
  const asked = `approval for ${channel} requested: ${required} of ${approvers.join(", ")}, until ${sayTime(expiresAt)}`;
  return [
    { kind: "approval", channel, at: requestedAt, text: asked },
    ...answers.map((one): Placed => {
      const { at, verdict, reason, judgement } = one;
      const not = judgement?.outcome === "refused" ? `, which does not count: ${judgement.reason}` : "";
      const why = reason ? `: ${reason}` : "";
      const text = `${by(one)} ${verdict === "approved" ? "approves" : "rejects"} it for ${channel}${why}${not}`;
      return { kind: "approval", channel, at, text, by: by(one), reason };
    }),
    ...(decided
      ? [
          {
            kind: "approval" as const,
            channel,
            at: decided.at,
            text: sayDecided(channel, decided),
            reason: decided.reason,
          },
        ]
      : []),
  ];
}

function sayDecided(channel: string, { verdict, reason, by }: NonNullable<AnsweredApproval["decided"]>): string {
  const newer = by ? ` (${buildVersion(by)} takes its place)` : "";
  return `approval for ${channel} ${verdict}${reason ? `: ${reason}` : ""}${newer}`;
}

/** Neither copies nor shares have a time of their own: they come after the gate, and before what was verified there. */
function distributed({ record, gate, copies, shares, verifications }: BuildFacts): Placed[] {
  const after = gate?.decidedAt ?? record.endedAt ?? record.startedAt;
  const copied = copies.map(({ region, amiId }): Placed => {
    const text = amiId ? `copied to ${region}: ${amiId}` : `copy to ${region} started`;
    return { kind: "copy", region, place: after, text };
  });
  const shared = shares.map(({ channel, region, amiId, added, verified: isVerified }): Placed => {
    const at = verifications.filter((one) => one.channel === channel && one.region === region).map((one) => one.at);
    const whom = entities(added);
    const text = `shared for ${channel} in ${region}: ${amiId}, ${whom.length > 0 ? whom.map(short).join(", ") : "nothing was missing"}${isVerified ? "" : ", not confirmed"}`;
    return { kind: "share", channel, region, place: at.toSorted()[0] ?? after, text };
  });
  return [...copied, ...shared];
}

/** `o-exampleorgid`, `ou-exam-sandbox1` or an account. */
const short = (entity: string): string => entity.split("/").at(-1) ?? entity;

function verified({ verifications }: BuildFacts): Placed[] {
  const alike = Map.groupBy(verifications, ({ channel, region, proof }) => [channel, region, proof].join(" "));
  return [...alike.values()].map((some) => {
    const { channel, region, proof } = some[0]!;
    const at = some
      .map((one) => one.at)
      .toSorted()
      .at(-1);
    const accounts = some.map(({ account, notTried }) => `${account}${notTried ? ` (not tried: ${notTried})` : ""}`);
    const text = `verified as a consumer for ${channel} in ${region}: ${proofWords[proof]} in ${accounts.join(", ")}`;
    return { kind: "verification", channel, region, at, text };
  });
}

/** When the channel came to the build, and when it left it. */
function moved({ record: { build } }: BuildFacts, channel: string, moves: readonly HistoryEntry[]): Placed[] {
  return moves.flatMap((move, nth): Placed[] => {
    const before = moves[nth - 1]?.build;
    const { movedAt: at, how = "promotion", by, because: reason } = move;
    const who = `${how}${by ? ` by ${by}` : ""}${reason ? `: ${reason}` : ""}`;
    const entry = { kind: "channel" as const, channel, at, by, reason };
    if (move.build === build && before !== build) {
      const from = before ? `, from ${buildVersion(before)}` : "";
      return [{ ...entry, text: `${channel} points at it${from} (${who})` }];
    }
    if (before !== build || move.build === build) return [];
    const to = move.build ? `for ${buildVersion(move.build)}` : "and points at no build";
    return [{ ...entry, text: `${channel} leaves it ${to} (${who})` }];
  });
}

function failed({ failed: failure, undone, record }: BuildFacts): Placed[] {
  const undo = (place: string): Placed[] =>
    undone.map((what) => ({ kind: "promotion", place, text: `undone: ${what}` }));
  if (!failure) return undo(record.endedAt ?? record.startedAt);
  const { at, error, cause, left, again } = failure;
  return [
    ...(error === RESTARTED
      ? []
      : [{ kind: "promotion" as const, at, text: `the promotion fails: ${error}: ${cause}` }]),
    ...undo(at),
    ...left.map((what): Placed => ({ kind: "promotion", place: at, text: `NOT undone: ${what}` })),
    ...(again
      ? [
          {
            kind: "promotion" as const,
            at: again.at,
            text: `promoted again${error === RESTARTED ? " as an urgent build" : ""} by ${again.by}: ${again.reason}`,
            by: again.by,
            reason: again.reason,
          },
        ]
      : []),
  ];
}
