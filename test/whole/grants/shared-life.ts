import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Blueprint } from "embedded-aws/deploy";
import { onDenied } from "embedded-aws/iam";
import { type FunctionRunner, runnerOf, useRunner } from "embedded-aws/state";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { type Grant, withoutAll } from "./grant.ts";
import { refusalNaming } from "./named.ts";
import type { Scenario } from "./scenario.ts";

/**
 * Takes grants away from functions' roles. From now on a role gets a grant back when an invocation failed for the lack
 * of it; then that invocation is repeated, as its caller would. So one life tries all grants, one after the other.
 * @param gone grants that no role gets back
 * @returns the grants whose refusal made an invocation fail, which CloudWatch counts; complete at the end of the life
 */
async function grantAfterFailure(
  running: RunningFactory,
  grants: readonly Grant[],
  gone: readonly Grant[] = [],
): Promise<ReadonlySet<Grant>> {
  const { booted, options } = running;
  const failed = new Set<Grant>();
  const roles: TriedRole[] = [];
  for (const [name, some] of Map.groupBy([...grants, ...gone], ({ holder }) => String(holder.inputs.name))) {
    const role = await readRole(new IAMClient(options), name, gone);
    await role.take(some);
    roles.push(role);
  }
  onDenied(booted.aws, ({ message }) => {
    for (const role of roles) role.hear(message);
  });
  const inner = runnerOf(booted.aws);
  useRunner(booted.aws, {
    run(fn, invocation) {
      const run = () => inner.run(fn, invocation);
      const role = roles.find(({ name }) => fn.role.endsWith(`/${name}`));
      return role ? role.alone(() => untilGranted(role, run, failed)) : run();
    },
    renew: (fn, roots) => inner.renew(fn, roots),
    discard: (fn) => inner.discard(fn),
    close: () => inner.close(),
  });
  return failed;
}

type Run = ReturnType<FunctionRunner["run"]>;

/**
 * Repeats an invocation while it fails for the lack of a grant. Of several grants that it lacks, one is tried at a
 * time. A grant without which the function continued is restored, too.
 */
async function untilGranted(role: TriedRole, run: () => Run, failed: Set<Grant>): Run {
  for (let others: readonly Grant[] = []; ; ) {
    role.denied.clear();
    const outcome = await run();
    const [one, ...more] = role.denied;
    if (outcome.failed && more.length > 0) {
      await role.give(more);
      others = [...others, ...more];
      continue;
    }
    if (one && outcome.failed) failed.add(one);
    await role.give([...role.denied]);
    await role.take(others);
    if (!one || !outcome.failed) return outcome;
    others = [];
  }
}

interface Policy {
  readonly name: string;
  readonly statements: readonly { readonly Action: string | readonly string[] }[];
}

/** A function's role, some of whose grants are missing. */
class TriedRole {
  readonly name: string;
  /** Missing grants that were refused since this was cleared. */
  readonly denied = new Set<Grant>();
  readonly #missing = new Set<Grant>();
  readonly #gone: readonly Grant[];
  readonly #iam: IAMClient;
  readonly #policy: Policy;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(iam: IAMClient, name: string, policy: Policy, gone: readonly Grant[]) {
    this.#iam = iam;
    this.name = name;
    this.#policy = policy;
    this.#gone = gone;
  }

  hear(refusal: string): void {
    for (const grant of this.#missing) {
      if (this.#gone.includes(grant)) continue;
      if (refusalNaming(grant, { refusals: [refusal], failures: [] })) this.denied.add(grant);
    }
  }

  /** One invocation after the other, so that a refusal belongs to the one in progress. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }

  async take(grants: readonly Grant[]): Promise<void> {
    for (const grant of grants) this.#missing.add(grant);
    if (grants.length > 0) await this.#write();
  }

  async give(grants: readonly Grant[]): Promise<void> {
    for (const grant of grants) this.#missing.delete(grant);
    if (grants.length > 0) await this.#write();
  }

  async #write(): Promise<void> {
    const isMissing = (statement: number, action: string) =>
      [...this.#missing].some((grant) => grant.statement === statement && grant.action === action);
    const Statement = this.#policy.statements.flatMap((said, index) => {
      const Action = [said.Action].flat().filter((action) => !isMissing(index, action));
      return Action.length > 0 ? [{ ...said, Action }] : [];
    });
    const policy = { RoleName: this.name, PolicyName: this.#policy.name };
    if (Statement.length === 0) {
      await this.#iam.send(new DeleteRolePolicyCommand(policy));
    } else {
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
      await this.#iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
    }
  }
}

async function readRole(iam: IAMClient, RoleName: string, gone: readonly Grant[]): Promise<TriedRole> {
  const { PolicyNames: [PolicyName = ""] = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  const { Statement: statements } = JSON.parse(decodeURIComponent(PolicyDocument));
  return new TriedRole(iam, RoleName, { name: PolicyName, statements }, gone);
}

/**
 * - `function`: of a function's role, for its own requests.
 * - `log`: of a function's role, for its log.
 * - `destination`: of a function's role, to park events that it could not handle.
 * - `parked schedule`: of a schedule's role, to park what it could not deliver.
 * - `parked event`: of a queue, for the rules that park events in it.
 */
export type Kind = "function" | "log" | "destination" | "parked schedule" | "parked event";

/** Undefined: a fault cannot be attributed to such a grant if others are missing, too. */
export function kindOf({ kind, holder, action }: Grant, { resources }: Blueprint): Kind | undefined {
  const isOfFunction = resources.some(
    ({ type, inputs }) =>
      type === "aws:lambda/function:Function" && String(inputs.role).endsWith(`:role/${holder.inputs.name}`),
  );
  if (kind === "managed policy") return isOfFunction ? "log" : undefined;
  if (kind === "resource policy") return holder.name.endsWith("DeadLettersPolicy") ? "parked event" : undefined;
  if (kind !== "own policy") return undefined;
  if (isOfFunction) return action === "sqs:SendMessage" ? "destination" : "function";
  return action === "sqs:SendMessage" && holder.name.endsWith("SchedulerRole") ? "parked schedule" : undefined;
}

/** The scenario's fault that only a missing grant of a kind causes. @param resource that the refusal names */
const FAULT: Readonly<Record<Exclude<Kind, "function">, (grant: Grant, resource: string) => RegExp>> = {
  log: ({ holder }) => new RegExp(`^${holder.inputs.name} has no log$`),
  destination: (_, queue) => new RegExp(`^${queue}: InvalidEvent: `),
  "parked schedule": (_, queue) => new RegExp(`^${queue}: ResourceNotFoundException: `),
  "parked event": (_, queue) => new RegExp(`^${queue}: NO_PERMISSIONS: `),
};

/**
 * Lives through a scenario in which many grants are missing at once.
 * @returns the grants that were noticed: refused by name, with a fault that is due to this grant and no other
 */
export async function noticedTogether(
  scenario: Scenario,
  blueprint: Blueprint,
  grants: readonly Grant[],
): Promise<Grant[]> {
  const kinds = new Map(grants.map((grant) => [grant, kindOf(grant, blueprint)]));
  const of = (...some: readonly Kind[]) => grants.filter((grant) => some.some((kind) => kind === kinds.get(grant)));
  const [back, gone] = [of("function"), of("destination")];
  const less = withoutAll(blueprint, of("log", "parked schedule", "parked event"));
  const running = await scenario.start(less);
  try {
    const refusals = new Set<string>();
    onDenied(running.booted.aws, ({ message }) => refusals.add(message));
    const failed = await grantAfterFailure(running, back, gone);
    // What happens no longer follows the scenario: an operator's action may fail.
    const faults = await scenario.live(running, less, () => false).catch((error: unknown) => [String(error)]);
    return grants.filter((grant) => {
      const kind = kinds.get(grant);
      if (kind === undefined || kind === "function") return failed.has(grant);
      const named = [...refusals].flatMap(
        (text) => (refusalNaming(grant, { refusals: [text], failures: [] }) && resourceIn(text)) || [],
      );
      return named.some((resource) => faults.some((fault) => FAULT[kind](grant, resource).test(fault)));
    });
  } finally {
    await running.close();
  }
}

/** The last part of the ARN in a refusal: a queue's name, for example. */
const resourceIn = (refusal: string): string => /on resource: \S*?([^:\s]+) because/.exec(refusal)?.[1] ?? "";
