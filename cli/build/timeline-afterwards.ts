import { buildVersion } from "../../core/build/build-arn.ts";
import type { Stage } from "../../core/retirement/facts.ts";
import { hasEnded, type RolloutRecord } from "../../core/rollout/records.ts";
import type { BuildFacts, ChannelRollout, Placed } from "./read-timeline.ts";

/** What comes after the promotion: roll-outs, holds, retirement, exports. */
export const afterwards = (facts: BuildFacts): Placed[] => [
  ...facts.rollouts.flatMap(rolledOut),
  ...held(facts),
  ...retired(facts),
  ...exported(facts),
];

const ends: Readonly<Record<RolloutRecord["state"], string>> = {
  running: "is in progress",
  halted: "halts",
  returning: "is being rolled back",
  done: "is complete",
  returned: "is rolled back",
  superseded: "is superseded",
};

function rolledOut({ channel, record }: ChannelRollout): Placed[] {
  const { startedAt, endedAt, changedAt, state, why: reason, by, previous } = record;
  const from = previous ? `, from ${buildVersion(previous)}` : "";
  const entry = { kind: "rollout" as const, channel };
  const now = { ...entry, by, reason, at: endedAt ?? changedAt };
  const why = `${by ? ` by ${by}` : ""}${reason ? `: ${reason}` : ""}`;
  return [
    { ...entry, at: startedAt, text: `the roll-out of ${channel} starts${from}` },
    ...(hasEnded(record) || state !== "running" || reason
      ? [{ ...now, text: `the roll-out of ${channel} ${ends[state]}${why}` }]
      : []),
  ];
}

/** Revocations and restorations. */
export function revoked({ revocation, restorations, requested }: BuildFacts): Placed[] {
  const entry = { kind: "revocation" as const };
  const ended = restorations.filter((one) => one.revoked === undefined || one.revoked.at !== revocation?.at);
  const all = [...ended.flatMap((one) => one.revoked ?? []), ...(revocation ? [revocation] : [])];
  const because = revocation?.because ? `, because it is made from ${buildVersion(revocation.because)}` : "";
  return [
    ...all.map(({ at, by, reason }): Placed => {
      const made = at === revocation?.at ? because : "";
      return { ...entry, at, by, reason, text: `revoked by ${by}: ${reason}${made}` };
    }),
    ...(revocation?.left ?? []).map((what): Placed => ({ ...entry, place: revocation?.at, text: `NOT done: ${what}` })),
    ...ended.map(({ at, by, reason }): Placed => ({ ...entry, at, by, reason, text: `restored by ${by}: ${reason}` })),
    ...(requested
      ? [
          {
            ...entry,
            at: requested.since,
            by: requested.by,
            reason: requested.reason,
            text: `${requested.by} requests that it is ${requested.wants}: ${requested.reason} (not complete)`,
          },
        ]
      : []),
  ];
}

const held = ({ hold }: BuildFacts): Placed[] =>
  hold
    ? [
        {
          kind: "hold",
          at: hold.at,
          by: hold.by,
          reason: hold.reason,
          text: `held until ${hold.until} by ${hold.by}: ${hold.reason}`,
        },
      ]
    : [];

/** A stage of retirement, as the ledger names it, in words. */
export const stages: Readonly<Record<Stage, string>> = {
  deprecated: "deprecated",
  condemned: "pending retirement",
  withdrawn: "unshared",
  disabled: "disabled",
  deregistered: "deregistered",
};

function retired({ retired: { retirement, regions } }: BuildFacts): Placed[] {
  if (!retirement) return [];
  const { stage, at, why, givingBack, givenBackAt } = retirement;
  const reason = why.join("; ");
  const begun = givingBack
    ? "retirement is being undone"
    : `retirement: ${stages[stage]}${reason ? `: ${reason}` : ""}`;
  return [
    { kind: "retirement", at, text: begun, reason },
    ...[...regions].flatMap(([region, { done }]): Placed[] =>
      done ? [{ kind: "retirement", region, at: done.at, text: `${stages[done.stage]} in ${region}` }] : [],
    ),
    ...(givenBackAt ? [{ kind: "retirement" as const, at: givenBackAt, text: "retirement is undone" }] : []),
  ];
}

const exported = ({ exports }: BuildFacts): Placed[] =>
  exports.map(({ channel, formats, state, since, failure }) => ({
    kind: "export",
    channel,
    at: since,
    text: `export for ${channel} as ${formats.join(", ")}: ${state}${failure ? `: ${failure}` : ""}`,
  }));
