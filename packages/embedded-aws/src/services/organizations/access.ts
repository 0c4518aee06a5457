import { evaluateResource } from "../../authorization/evaluate.ts";
import { requestContext } from "../../authorization/request-context.ts";
import { statementsOf } from "../../authorization/role-policies.ts";
import type { Authorization, Call, ServiceOperation } from "../../engine/operation.ts";
import published from "./published.json" with { type: "json" };
import { ownOrganization } from "./resources.ts";
import { accessDenied, type Organization } from "./state.ts";

/**
 * The operations with their access rules: the management account; for reading also delegated administrators of any
 * service; and principals that the organization's resource policy allows, for the actions it can delegate. The caller's
 * own policies are evaluated before.
 */
export const guarded = (
  operations: Readonly<Record<string, ServiceOperation>>,
): Readonly<Record<string, ServiceOperation>> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, one]) => [
      name,
      {
        ...one,
        run(input: never, call: Call) {
          requireAccess(name, one, input, call);
          return one.run(input, call);
        },
      },
    ]),
  );

function requireAccess(name: string, operation: ServiceOperation, input: never, call: Call): void {
  const organization = ownOrganization(call);
  if (call.account === organization.managementAccount || isForEveryMember(name, input, call)) return;
  const reads = /^(Describe|List)/.test(name);
  if (reads && organization.delegated.has(call.account)) return;
  const asked = operation.authorize?.(input, call) ?? [{}];
  if (!isDelegable(name) || !asked.every((one) => isDelegated(organization, name, one, call))) throw accessDenied();
}

/** API reference: "You can call this operation from any account in a organization." */
const isForEveryMember = (name: string, input: { readonly TargetId?: string }, { account }: Call): boolean =>
  name === "DescribeOrganization" ||
  (name === "DescribeEffectivePolicy" && (input.TargetId === undefined || input.TargetId === account));

function isDelegated(
  { resourcePolicy }: Organization,
  name: string,
  { resources = ["*"], context }: Partial<Authorization>,
  call: Call,
): boolean {
  if (!resourcePolicy) return false;
  const statements = statementsOf(call.aws, resourcePolicy.content);
  const request = { action: `organizations:${name}`, context: requestContext(call, context) };
  return resources.every((resource) => {
    const { allowed, denied } = evaluateResource(statements, { ...request, resource }, call.principal);
    return allowed.length > 0 && denied.length === 0;
  });
}

/** What an organization's resource policy can delegate (user guide, "Supported actions in a delegation policy"). */
const DELEGABLE: ReadonlySet<string> = new Set(published.delegableActions);

export const isDelegable = (operation: string): boolean => DELEGABLE.has(operation);
