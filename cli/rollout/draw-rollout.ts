import { buildVersion } from "../../core/build/build-arn.ts";
import { sayTime } from "../../core/build/explain-triggers.ts";
import { hasEnded, type RolloutRecord, type RolloutStep, type TargetRecord } from "../../core/rollout/records.ts";
import type { BuildArn } from "../../events/ids.ts";
import { inDuration } from "../command/moments.ts";
import { countStates, drawRows, MOST_ROWS, wrapped } from "./draw-groups.ts";

interface ShownStep {
  readonly waves: readonly string[];
  /** Only the first group of the wave. */
  readonly first: boolean;
  /** In seconds. */
  readonly bake: number;
  readonly state: "waiting" | "running" | "halted" | "done" | "stopped";
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
}

interface ShownGroup {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  /** Empty if the group is in no wave. */
  readonly wave: string;
  /** From 1. */
  readonly step: number;
  readonly mode?: "parameter" | "version" | "override" | undefined;
  readonly state: TargetRecord["state"];
  readonly why?: string | undefined;
  /** When its state began, if known. */
  readonly since?: string | undefined;
}

/** A roll-out as `amint rollout` shows it: the whole of `--json`. */
export interface ShownRollout {
  readonly image: string;
  readonly channel: string;
  readonly rollout: string;
  readonly build: BuildArn;
  readonly previous?: BuildArn | undefined;
  readonly kind: RolloutRecord["kind"];
  readonly state: RolloutRecord["state"];
  readonly why?: string | undefined;
  readonly by?: string | undefined;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly endedAt?: string | undefined;
  readonly steps: readonly ShownStep[];
  readonly groups: readonly ShownGroup[];
}

/** Sorts groups by step, state (groups that need attention first) and place. */
export function toShown(
  at: { readonly image: string; readonly channel: string },
  record: RolloutRecord,
  targets: readonly TargetRecord[],
): ShownRollout {
  const { id, build, previous, kind, state, why, by, startedAt, changedAt, endedAt, steps } = record;
  const groups = targets.map(
    ({ account, region, group, wave, step, how, ...target }): ShownGroup => ({
      account,
      region,
      group,
      wave,
      step: step + 1,
      mode: how?.mode,
      state: target.state,
      why: target.why,
      since: target.endedAt ?? target.startedAt ?? target.checkedAt,
    }),
  );
  return {
    ...at,
    rollout: id,
    build,
    previous,
    kind,
    state,
    why,
    by,
    startedAt,
    changedAt,
    endedAt,
    steps: steps.map((step, nth) => toStep(step, nth, record)),
    groups: groups.toSorted(compare),
  };
}

function toStep(
  { waves, first, bake, startedAt, endedAt }: RolloutStep,
  nth: number,
  { index, state }: RolloutRecord,
): ShownStep {
  return { waves, first, bake, state: stateOf(), startedAt, endedAt };

  function stateOf(): ShownStep["state"] {
    if (endedAt) return "done";
    if (nth !== index || !startedAt) return "waiting";
    if (state === "running" || state === "halted") return state;
    return "stopped";
  }
}

const ORDER: readonly TargetRecord["state"][] = [
  "failed",
  "refreshing",
  "returning",
  "held",
  "pending",
  "skipped",
  "returned",
  "done",
];

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compare = (a: ShownGroup, b: ShownGroup): number =>
  a.step - b.step ||
  ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
  compareText(a.account, b.account) ||
  compareText(a.region, b.region) ||
  compareText(a.group, b.group);

export const sayNone = ({ image, channel }: { readonly image: string; readonly channel: string }): string[] => [
  `${image} ${channel} has no roll-out yet: one starts when the channel moves`,
  `\`amint rollout ${image} ${channel} --plan\` shows what it would do`,
];

const states: Readonly<Record<RolloutRecord["state"], string>> = {
  running: "in progress",
  halted: "HALTED",
  returning: "being rolled back",
  done: "complete",
  returned: "rolled back",
  superseded: "superseded",
};

/** A roll-out as text: its build, its state and reason, its steps, its groups. */
export function drawRollout(shown: ShownRollout): string[] {
  const { image, channel, build, previous, kind, state, why, startedAt, changedAt, endedAt, steps, groups } = shown;
  const from = previous ? `, from ${buildVersion(previous)}` : "";
  const fast = kind === "fast" ? ", fast: the build before it was revoked" : "";
  return [
    `${image} ${channel}: roll-out of ${buildVersion(build)} ${states[state]}${from}${fast}`,
    ...(why ? wrapped(`${hasEnded(shown) ? "Reason" : "Why"}: ${why}`, "  ") : []),
    `  Started ${sayTime(startedAt)}, ${endedAt ? `ended ${sayTime(endedAt)}` : `last change ${sayTime(changedAt)}`}`,
    "",
    ...drawRows(
      [
        { cells: ["STEP", "WAVES", "STATE", "BAKE TIME", "STARTED"], why: undefined },
        ...steps.map((step, nth) => ({
          cells: [
            String(nth + 1),
            `${step.waves.join(", ")}${step.first ? " (first group)" : ""}`,
            step.state,
            step.bake > 0 ? inDuration(step.bake) : "-",
            step.startedAt ? sayTime(step.startedAt) : "-",
          ],
          why: undefined,
        })),
      ],
      "  ",
    ),
    "",
    ...drawGroups(groups),
  ];
}

function drawGroups(groups: readonly ShownGroup[]): string[] {
  if (groups.length === 0) return ["  No group is listed yet."];
  const isFolded = groups.length > MOST_ROWS;
  const shown = isFolded ? groups.filter(({ state }) => state !== "done") : groups;
  const counts = isFolded
    ? [
        ...[...Map.groupBy(groups, ({ wave }) => wave)].map(
          ([wave, some]) => `  ${wave || "no wave"}: ${countStates(some.map(({ state }) => state))}`,
        ),
        "",
      ]
    : [];
  return [
    ...counts,
    ...drawRows(
      [
        { cells: ["ACCOUNT", "REGION", "GROUP", "WAVE", "MODE", "STATE", "SINCE"], why: undefined },
        ...shown.map(({ account, region, group, wave, mode, state, why, since }) => ({
          cells: [account, region, group, wave || "-", mode ?? "-", state, since ? sayTime(since) : "-"],
          why,
        })),
      ],
      "  ",
    ),
  ];
}
