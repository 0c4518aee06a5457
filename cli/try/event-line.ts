import { explainTriggers } from "../../core/build/explain-triggers.ts";
import { parseImageUri } from "../../core/containers/references.ts";
import type { Answer } from "../../events/approval.ts";
import type { Trigger } from "../../events/build.ts";
import { type Proof, proofs } from "../../events/share.ts";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { versionOf } from "../../local/checks/story-report.ts";
import { dayAndTime } from "../../local/story/timeline.ts";
import { styled } from "../command/print.ts";

type Colour = "green" | "red" | "yellow" | "cyan" | "dim";

const colours: Readonly<Record<string, Colour>> = {
  "build.started": "cyan",
  "build.failed": "red",
  "build.cancelled": "yellow",
  "gate.rejected": "red",
  "promotion.failed": "red",
  "promotion.superseded": "yellow",
  "approval.requested": "yellow",
  "approval.granted": "green",
  "approval.denied": "red",
  "approval.expired": "red",
  "build.revoked": "red",
  "channel.moved": "green",
  "drift.repaired": "yellow",
  "trigger.suppressed": "yellow",
  "feed.failed": "red",
  "share.verified": "green",
  "share.failed": "red",
  "consumers.failed": "red",
  "drift.found": "yellow",
  "leftovers.removed": "yellow",
  "build.retired": "yellow",
  "rollout.halted": "red",
  "rollout.ended": "green",
};

/** One line for one event, in factory time (UTC). Colour only where the stream is a terminal. */
export function drawEvent({ time, detailType, detail }: FactoryEvent): string {
  // What the organization's management account forwards.
  if (typeof detail.eventName === "string") {
    return `${dayAndTime(time)}  ${"the organization".padEnd(17)} ${detail.eventName}`;
  }
  const name = styled((Object.hasOwn(colours, detailType) && colours[detailType]) || "dim", detailType.padEnd(20));
  return `${dayAndTime(time)}  ${textOf(detail.image).padEnd(17)} ${name} ${describe(detailType, detail)}`;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));

const explained = (image: unknown, triggers: unknown): string[] =>
  explainTriggers(String(image), triggers as readonly Trigger[]);

/** The triggers of a build that was started, or was not. */
export const why = ({ image, triggers }: Record<string, unknown>): string[] => explained(image, triggers);

function describe(detailType: string, detail: Record<string, unknown>): string {
  const build = typeof detail.build === "string" ? versionOf(detail.build) : "";
  return [build, textFor(detailType, detail)].filter(Boolean).join("  ");
}

/** The factory validates events before it puts them; another caller of PutEvents need not. */
function textFor(detailType: string, detail: Record<string, unknown>): string | undefined {
  try {
    return Object.hasOwn(texts, detailType) ? texts[detailType]?.(detail) : undefined;
  } catch (cause) {
    return `malformed: ${String(cause)}`;
  }
}

const sayAnswers = (answers: unknown): string =>
  (answers as Answer[]).map(({ person, verdict, via }) => `${verdict} by ${person} (${via})`).join(", ");

const [permitted, usableKey, launched, pulled] = proofs;

const proofTexts: Readonly<Record<Proof, string>> = {
  [permitted]: "launch dry run passed",
  [usableKey]: "launch and KMS dry run passed",
  [launched]: "launched",
  [pulled]: "pull passed",
};

/** `pull passed by 200000000001, 300000000001` */
function sayProofs(accounts: unknown): string {
  const byProof = Map.groupBy(accounts as { account: string; proof: Proof }[], ({ proof }) => proof);
  return [...byProof]
    .map(([proof, some]) => `${proofTexts[proof]} by ${some.map(({ account }) => account).join(", ")}`)
    .join("; ");
}

/** The text of an event, beside its build. */
const texts: Readonly<Record<string, (detail: Record<string, unknown>) => string>> = {
  "build.started": (detail) => why(detail).join("; "),
  "build.available": ({ amiId }) => shortId(String(amiId)),
  "build.failed": ({ failure }) => {
    const { component, phase, step, reason } = failure as Record<string, string>;
    return component ? [component, phase, step].filter(Boolean).join(" / ") : String(reason);
  },
  "gate.rejected": ({ reasons }) =>
    (reasons as { passed: boolean; found: string; examples: string[] }[])
      .filter(({ passed }) => !passed)
      .map(({ found, examples }) => [found, ...examples].join(", "))
      .join("; "),
  "image.shared": ({ region, amiId, sharedWith, channel }) =>
    `${channel}: ${shortId(String(amiId))} in ${region} with ${(sharedWith as string[]).map((arn) => arn.slice(arn.lastIndexOf("/") + 1)).join(", ")}`,
  "share.verified": ({ channel, region, accounts }) => `${channel} in ${region}: ${sayProofs(accounts)}`,
  "share.failed": ({ channel, region, account, missing }) => `${channel}: ${account} in ${region}: ${missing}`,
  "consumers.failed": ({ work, accounts }) =>
    `${work}: ${(accounts as { account: string; why: string }[]).map(({ account, why: cause }) => `${account}: ${cause}`).join("; ")}`,
  "leftovers.removed": ({ removed }) =>
    (removed as { kind: string; id: string; region: string; why: string }[])
      .map(({ kind, id, region, why: cause }) => `${kind} ${id.split("/")[1] ?? id} in ${region} (${cause})`)
      .join(", "),
  "build.retired": ({ stage, amis, why: reasons }) =>
    `${stage}: ${(amis as { amiId: string }[]).map(({ amiId }) => shortId(amiId)).join(", ")}; ${(reasons as string[]).join("; ")}`,
  "rollout.halted": ({ channel, wave, why: because }) => `${channel}, wave ${wave}: ${because}`,
  "rollout.ended": ({ channel, outcome, groups, why: because }) => {
    const counts = Object.entries(groups as Record<string, number>).filter(([, count]) => count > 0);
    const states = counts.map(([state, count]) => `${count} ${state}`).join(", ") || "no group follows it";
    return `${channel}: ${outcome}, ${states}${because ? ` (${because})` : ""}`;
  },
  "channel.moved": ({ channel, packages, because }) => {
    const changed = packages as { changed: number; added: number; removed: number } | undefined;
    return [
      channel,
      changed &&
        `(${changed.changed} ${changed.changed === 1 ? "package" : "packages"} changed, ${changed.added} added, ${changed.removed} removed)`,
      because && `(${because})`,
    ]
      .filter(Boolean)
      .join("  ");
  },
  "approval.requested": ({ channel, approvers, required, expiresAt, reminder }) =>
    `${channel}${reminder ? ", still" : ""}: ${required} of ${(approvers as string[]).join(", ")}, until ${dayAndTime(String(expiresAt))}`,
  "approval.granted": ({ channel, answers }) => `${channel}: ${sayAnswers(answers)}`,
  "approval.denied": ({ channel, answers }) => `${channel}: ${sayAnswers(answers)}`,
  "approval.expired": ({ channel }) => `${channel}: too few approvers answered in time`,
  "promotion.superseded": ({ channel, by }) => `${channel}: the newer build ${versionOf(String(by))} supersedes it`,
  "build.revoked": ({ by, reason, because, channels, withdrawn: amis }) =>
    [
      because ? `made from ${versionOf(String(because))}, which ${by} revoked` : `${by}: ${reason}`,
      ...(channels as { channel: string; to?: string }[]).map(
        ({ channel, to }) => `${channel} is ${to ? versionOf(to) : "nothing"}`,
      ),
      `${(amis as { amiId: string }[]).map(({ amiId }) => shortId(amiId)).join(", ")} disabled`,
    ].join("; "),
  "promotion.failed": ({ error, cause }) => `${error}: ${cause}`,
  "package.updated": ({ image, ...detail }) => explained(image, [{ kind: "packages", ...detail }]).join("; "),
  "base.updated": ({ image, ...detail }) => explained(image, [{ kind: "base", ...detail }]).join("; "),
  "feed.failed": ({ feed, code }) => `${code}: ${feed}`,
  "trigger.suppressed": (detail) =>
    `${detail.decision === "never" ? "ignored" : "waits"}: ${detail.reason}: ${why(detail).join("; ")}`,
  "drift.repaired": ({ repair }) => String(repair),
  "fleet.reported": ({ month, instances, accounts, reported, unknown }) =>
    `${month}: ${instances} instance(s) in ${accounts} account(s), from ${reported} report(s); no report for ${(unknown as { amis: number }[]).reduce((sum, { amis }) => sum + amis, 0)} AMI(s)`,
  "drift.found": ({ channel, found, done }) => `${channel ? `${channel}: ` : ""}${found}. ${done}`,
};

/** The first twelve characters of a container image's digest; an AMI's id in full. */
export function shortId(id: string): string {
  const uri = parseImageUri(id);
  return uri && "imageDigest" in uri.by
    ? `${uri.repository}@${uri.by.imageDigest.slice(0, "sha256:".length + 12)}`
    : id;
}
