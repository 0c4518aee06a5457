import * as z from "zod";
import { buildVersion } from "../../core/build/build-arn.ts";
import { sayTime } from "../../core/build/explain-triggers.ts";
import { buildArn } from "../../events/ids.ts";
import { inDuration } from "../command/moments.ts";
import { countStates, drawRows, MOST_ROWS, type Row, wrapped } from "./draw-groups.ts";

const group = z.object({
  account: z.string(),
  region: z.string(),
  group: z.string(),
  /** Empty if the group is in no wave. */
  wave: z.string(),
  /** The group's desired capacity. */
  desired: z.int(),
  mode: z.enum(["parameter", "version", "override"]).optional(),
  state: z.enum(["pending", "held", "skipped"]),
  why: z.string().optional(),
});
type Group = z.output<typeof group>;

/** The response of `roll-out` to a request for a plan. */
export const plannedRollout = z.object({
  image: z.string(),
  channel: z.string(),
  build: buildArn,
  /** Why no instance can be replaced now, and until when. */
  closed: z.object({ why: z.string(), until: z.iso.datetime().optional() }).optional(),
  steps: z.array(
    z.object({
      waves: z.array(z.string()),
      first: z.boolean(),
      /** In seconds. */
      bake: z.int(),
      groups: z.array(group),
    }),
  ),
  outside: z.array(group),
  /** Places whose groups could not be listed. */
  unknown: z.array(z.object({ account: z.string(), region: z.string(), why: z.string() })),
});

type Planned = z.output<typeof plannedRollout>;

/** The plan of a roll-out that would start now: steps, their groups, and skipped groups with the reasons. */
export function drawPlan({ image, channel, build, closed, steps, outside, unknown }: Planned): string[] {
  const all = [...steps.flatMap(({ groups }) => groups), ...outside];
  const most = MOST_ROWS - all.length;
  return [
    `${image} ${channel}: plan for ${buildVersion(build)}, ${countStates(all.map(toState))}`,
    ...(closed
      ? [`Not now: ${closed.why}${closed.until ? `, until ${sayTime(closed.until)} at the earliest` : ""}`]
      : []),
    ...steps.flatMap(({ waves, first, bake, groups }, nth) => [
      "",
      `${nth + 1}. ${first ? "first group of " : ""}${waves.length > 1 ? "waves" : "wave"} ${waves.join(", ")}${
        bake > 0 ? `, bake time ${inDuration(bake)}` : ""
      }`,
      ...drawGroups(groups, most < 0),
    ]),
    ...(outside.length > 0 ? ["", "In no wave:", ...drawGroups(outside, false)] : []),
    ...(unknown.length > 0
      ? [
          "",
          "Unknown:",
          ...unknown.flatMap(({ account, region, why }) => [`   ${account}  ${region}`, ...wrapped(why, "     ")]),
        ]
      : []),
    ...(all.length === 0 && unknown.length === 0
      ? ["", `No Auto Scaling group has the tag amint:rollout = ${image}/${channel}.`]
      : []),
  ];
}

const toState = ({ state }: Group): string => (state === "pending" ? "ready" : state);

/** Of many groups, lists only those that are not ready. */
function drawGroups(groups: readonly Group[], isFolded: boolean): string[] {
  if (groups.length === 0) return ["   none"];
  const shown = isFolded ? groups.filter(({ state }) => state !== "pending") : groups;
  const rows = shown.map(
    (one): Row => ({
      cells: [one.account, one.region, one.group, sayCount(one.desired), one.mode ?? "-", toState(one)],
      why: one.why,
    }),
  );
  return [...(isFolded ? [`   ${countStates(groups.map(toState))}`] : []), ...drawRows(rows, "   ")];
}

const sayCount = (desired: number): string => `${desired} instance${desired === 1 ? "" : "s"}`;
