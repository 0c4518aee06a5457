import { afterWork } from "../../../engine/clock/clock.ts";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Organization, organizationWith } from "../../organizations/state.ts";
import { startOperation } from "./run-operation.ts";
import { allStackSets, instanceKey, type StackSet, type TargetResult } from "./state.ts";
import { accountsBelow } from "./targets.ts";

/** Time from an organization change to StackSets' reaction. AWS states no time; in practice it takes minutes. */
const FOLLOW_MS = 60_000;

const following = defineState("cloudformation.following", () => ({ watches: false, due: false }));

/** From now on, accounts that join an OU get the stacks of sets with automatic deployment, and lose them on leaving. */
export function followOrganizations(aws: EmbeddedAws): void {
  const state = aws.state(following, "", "");
  if (state.watches) return;
  state.watches = true;
  const due = () => {
    if (state.due) return;
    state.due = true;
    afterWork(aws.clock, FOLLOW_MS, () => {
      state.due = false;
      for (const set of allStackSets(aws)) follow(aws, set);
    });
  };
  // StackSets needs no trail. What Organizations completes later, it completes before the next check.
  aws.observeCalls(({ service, operation }, answer) => {
    if (service === "organizations" && !/^(Describe|List)/.test(operation)) answer.then(due, due);
  });
}

function follow(aws: EmbeddedAws, set: StackSet): void {
  const organization = organizationWith(aws, set.owner);
  if (set.status !== "ACTIVE" || !set.autoDeployment.enabled || !organization) return;
  const before = new Set([...set.targets].flatMap(([, { seen }]) => [...seen]));
  const joined: Pick<TargetResult, "account" | "region" | "unit">[] = [];
  for (const [unit, target] of set.targets) {
    const now = new Set(accountsBelow(organization, unit).filter(target.means));
    for (const account of now) {
      if (target.seen.has(account)) continue;
      for (const region of target.regions) {
        if (!set.instances.has(instanceKey(account, region))) joined.push({ account, region, unit });
      }
    }
    target.seen = now;
  }
  const after = membersOf(set);
  // Suspended accounts keep their stacks: they cannot be deleted there.
  const left = [...set.instances.values()].filter(
    ({ account }) => before.has(account) && !after.has(account) && !isSuspended(organization, account),
  );
  if (left.length > 0) {
    const results = left.map(({ account, region, unit }) => ({ account, region, unit }));
    const retain = set.autoDeployment.retain;
    startOperation(aws, set, { action: "DELETE", targets: undefined, retain, results }, { queued: true });
  }
  if (joined.length > 0) {
    const operation = startOperation(
      aws,
      set,
      { action: "CREATE", targets: undefined, retain: false, results: joined },
      { queued: true },
    );
    for (const one of joined) addInstance(set, one, operation.id);
  }
}

const isSuspended = ({ accounts }: Organization, account: string): boolean =>
  (accounts.get(account)?.status ?? "ACTIVE") !== "ACTIVE";

const membersOf = (set: StackSet): Set<string> => new Set([...set.targets.values()].flatMap(({ seen }) => [...seen]));

/** An instance whose stack does not exist yet. */
export function addInstance(
  set: StackSet,
  { account, region, unit }: Pick<TargetResult, "account" | "region" | "unit">,
  operation: string,
  overrides: StackSet["parameters"] = [],
): void {
  const key = instanceKey(account, region);
  const there = set.instances.get(key);
  if (there) {
    if (overrides.length > 0) there.overrides = overrides;
    return;
  }
  set.instances.set(key, {
    account,
    region,
    unit,
    stackId: undefined,
    status: "OUTDATED",
    detailed: "PENDING",
    reason: undefined,
    overrides,
    lastOperation: operation,
  });
}
