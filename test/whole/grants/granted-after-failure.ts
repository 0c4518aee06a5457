import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { onDenied } from "embedded-aws/iam";
import { type FunctionRunner, runnerOf, useRunner } from "embedded-aws/state";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import type { Grant } from "./grant.ts";
import { refusalNaming } from "./named.ts";

/**
 * Takes grants away from functions' roles. From now on a role gets a grant back when an invocation failed for the lack
 * of it; then that invocation is repeated, as its caller would. So one life tries all grants, one after the other.
 * @param gone grants that no role gets back
 * @returns the grants whose refusal made an invocation fail, which CloudWatch counts; complete at the end of the life
 */
export async function grantAfterFailure(
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
