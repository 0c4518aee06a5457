import { createHash } from "node:crypto";

/** What the schedule needs to know about a part. */
export interface Timed {
  /** Names the part, in every run the same. */
  readonly id: string;
  /** What it takes on one core, as recorded. */
  readonly seconds: number;
}

export interface Turn {
  /** Chooses where the order begins. Consecutive seeds take turns. */
  readonly seed: number;
  readonly minutes: number;
  /** How many parts run at the same time. */
  readonly lanes: number;
}

/** Safety factor on recorded durations: another machine may be slower. */
const SAFETY = 1.2;

/** Whether a part that starts now ends in time, on a machine that takes `slowness` times what was recorded. */
export const endsInTime = ({ seconds }: Timed, left: number, slowness = 1): boolean =>
  seconds * SAFETY * slowness <= left;

/**
 * All parts, in the order in which a turn tries them.
 *
 * The parts form a ring, in an order that depends only on their names, so that neighbors come from different suites.
 * The ring is cut into arcs that one turn can run. A turn begins with the arc of its seed and continues around the ring
 * while time is left. So as many consecutive seeds as arcs run every part.
 */
export function ordered<Part extends Timed>(parts: readonly Part[], turn: Turn): Part[] {
  const arcs = arcsOf(parts, turn);
  const first = arcs.length === 0 ? 0 : turn.seed % arcs.length;
  return [...arcs.slice(first), ...arcs.slice(0, first)].flat();
}

/** Number of consecutive seeds that together run every part. */
export const turnsOf = (parts: readonly Timed[], turn: Omit<Turn, "seed">): number => arcsOf(parts, turn).length;

/** The parts that a turn runs if each takes as long as recorded. */
export function chosen<Part extends Timed>(parts: readonly Part[], turn: Turn): Part[] {
  return fill(ordered(parts, turn), turn).taken;
}

function arcsOf<Part extends Timed>(parts: readonly Part[], turn: Omit<Turn, "seed">): Part[][] {
  const impossible = parts.find((part) => !endsInTime(part, turn.minutes * 60));
  if (impossible) throw new Error(`${impossible.id} cannot end in ${turn.minutes} minute(s). Divide it further.`);
  const arcs: Part[][] = [];
  let left = parts.toSorted((one, other) => place(one).localeCompare(place(other)));
  while (left.length > 0) {
    const { taken } = fill(left, turn, "in order");
    arcs.push(taken);
    left = left.slice(taken.length);
  }
  return arcs;
}

const place = ({ id }: Timed): string => createHash("sha256").update(id).digest("hex");

/** Gives each part to the lane that is free first. A part that cannot end in time is skipped, or ends the turn. */
function fill<Part extends Timed>(
  parts: readonly Part[],
  { minutes, lanes }: Omit<Turn, "seed">,
  otherwise: "in order" | "pass over" = "pass over",
): { taken: Part[] } {
  const free = Array.from({ length: lanes }, () => 0);
  const taken: Part[] = [];
  for (const part of parts) {
    const soonest = free.indexOf(Math.min(...free));
    const from = free[soonest] ?? 0;
    if (endsInTime(part, minutes * 60 - from)) {
      free[soonest] = from + part.seconds * SAFETY;
      taken.push(part);
    } else if (otherwise === "in order") break;
  }
  return { taken };
}
