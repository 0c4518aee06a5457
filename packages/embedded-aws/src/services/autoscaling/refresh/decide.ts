/** How a refresh classifies an instance of its group; terminating instances are not included. */
export interface Seen {
  readonly id: string;
  /**
   * `done`: replaced or being replaced. `old`: to be replaced. `kept`: neither replaced nor waited for. `blocked`:
   * waited for.
   */
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

/** How many instances must be ready, and how many may exist. */
export function boundsOf({ desired, min, max, launchFirst }: Bounds): { least: number; most: number } {
  // API reference, until 2023: the minimum is rounded up to the next instance. inferred: so is the maximum.
  const least = Math.ceil((desired * min) / 100);
  const most = Math.ceil((desired * max) / 100);
  if (most > desired || least < desired) return { least, most };
  // No instance may leave and none may be added, so one bound must give way. A group of one terminates its instance
  // first, unless the minimum is 100 % (user guide of 2023, "Use an instance refresh").
  const terminateFirst = min < 100 && (desired === 1 || !launchFirst);
  return terminateFirst ? { least: Math.max(0, desired - 1), most } : { least, most: desired + 1 };
}

interface Step {
  readonly terminate: readonly string[];
  readonly launch: number;
}

interface Input extends Bounds {
  /** In the order in which they are replaced. */
  readonly seen: readonly Seen[];
  /** How many may be done or in progress: the next checkpoint's limit. */
  readonly quota: number;
}

/** What to terminate and launch now. Never goes below the minimum of ready instances, unless it already was below. */
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
  // Instances whose replacement already exists.
  while (present > desired && waiting[0] && (!waiting[0].ready || ready > least)) end(waiting.shift()!);
  // First exceed the desired capacity, then go below it.
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
  // The desired capacity decreased, and no old instance is left to terminate.
  if (waiting.length === 0 && launch === 0) {
    const done = serving.filter(({ kind }) => kind === "done").sort((a, b) => Number(a.ready) - Number(b.ready));
    for (const one of done) if (present > desired && (!one.ready || ready > least)) end(one);
  }
  return { terminate, launch };
}
