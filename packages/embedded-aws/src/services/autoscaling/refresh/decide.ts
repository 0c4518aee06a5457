/** How a refresh sees an instance of its group; terminating ones it does not see. */
export interface Seen {
  readonly id: string;
  /** `done`: as it should be, or on its way there. `old`: to be replaced. `kept`: neither touched nor waited for. `blocked`: waited for. */
  readonly kind: "done" | "old" | "kept" | "blocked";
  /** In service, healthy, and warmed up. */
  readonly ready: boolean;
  readonly standby: boolean;
}

interface Bounds {
  readonly desired: number;
  /** Percentages of the desired capacity. */
  readonly min: number;
  readonly max: number;
  readonly launchFirst: boolean;
}

/** How many must be ready, and how many may be there; in instances. */
export function boundsOf({ desired, min, max, launchFirst }: Bounds): { least: number; most: number } {
  // API reference, until 2023: the minimum is rounded up to the next instance. inferred: so is the maximum.
  const least = Math.ceil((desired * min) / 100);
  const most = Math.ceil((desired * max) / 100);
  if (most > desired || least < desired) return { least, most };
  // All must stay, and no more may come: one of the two gives way. A group of one ends its instance first, unless it must
  // keep all of it (user guide of 2023, "Use an instance refresh").
  const terminateFirst = min < 100 && (desired === 1 || !launchFirst);
  return terminateFirst ? { least: Math.max(0, desired - 1), most } : { least, most: desired + 1 };
}

interface Step {
  readonly terminate: readonly string[];
  readonly launch: number;
}

interface Input extends Bounds {
  /** In the order in which they go. */
  readonly seen: readonly Seen[];
  /** How many may be done or on their way: what the next checkpoint lets through. */
  readonly quota: number;
}

/** What to end and launch now. After it, at least as many are ready as there must be, unless fewer were before. */
export function decideStep({ seen, quota, ...bounds }: Input): Step {
  const { desired } = bounds;
  const { least, most } = boundsOf(bounds);
  const serving = seen.filter(({ standby }) => !standby);
  const old = serving.filter(({ kind }) => kind === "old").sort((a, b) => Number(a.ready) - Number(b.ready));
  const terminate = seen.filter(({ kind, standby }) => kind === "old" && standby).map(({ id }) => id);
  let allowed = quota - serving.filter(({ kind }) => kind === "done").length;
  let launch = Math.max(0, desired - serving.length);
  allowed -= launch;
  let present = serving.length + launch;
  let ready = serving.filter((one) => one.ready).length;
  const end = (one: Seen): void => {
    terminate.push(one.id);
    present--;
    if (one.ready) ready--;
  };
  const waiting = [...old];
  // Those whose replacement is there already.
  while (present > desired && waiting[0] && (!waiting[0].ready || ready > least)) end(waiting.shift()!);
  // More first, then fewer.
  const uncovered = waiting.length - Math.max(0, present - desired);
  const more = Math.max(0, Math.min(most - present, uncovered, allowed));
  launch += more;
  present += more;
  allowed -= more;
  for (; allowed > 0 && waiting[0] && (!waiting[0].ready || ready > least); allowed--) {
    if (waiting.length <= present - desired) break;
    end(waiting.shift()!);
    launch++;
    present++;
  }
  // The desired capacity went down, and nothing old is left to go.
  if (waiting.length === 0 && launch === 0) {
    const done = serving.filter(({ kind }) => kind === "done").sort((a, b) => Number(a.ready) - Number(b.ready));
    for (const one of done) if (present > desired && (!one.ready || ready > least)) end(one);
  }
  return { terminate, launch };
}
