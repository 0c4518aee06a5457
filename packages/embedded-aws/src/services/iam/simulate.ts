import type * as Sdk from "@aws-sdk/client-iam";
import type { ContextEntry, EvaluationResult, PolicyEvaluationDecisionType } from "@aws-sdk/client-iam";
import { type Evaluation, evaluateIdentity } from "../../authorization/evaluate.ts";
import { matchesAction } from "../../authorization/match-pattern.ts";
import type { Statement } from "../../authorization/policy-document.ts";
import { rolePolicies, statementsOf } from "../../authorization/role-policies.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { findRole } from "./state.ts";

/** The policies to simulate. */
interface Policies {
  readonly statements: readonly Statement[];
  readonly boundary: readonly Statement[] | undefined;
}

type Context = ReadonlyMap<string, readonly string[]>;

export const operations = {
  /** As SimulatePrincipalPolicy, with the given policies. */
  SimulateCustomPolicy: {
    list: "EvaluationResults",
    run(input, { aws }) {
      const { PolicyInputList = [], PermissionsBoundaryPolicyInputList, ActionNames = [], ResourceArns } = input;
      if (input.ResourcePolicy !== undefined) throw notBuilt("ResourcePolicy of SimulateCustomPolicy");
      const parsed = (all: readonly string[]) => all.flatMap((text) => statementsOf(aws, text));
      const policies = {
        statements: parsed(PolicyInputList),
        boundary: PermissionsBoundaryPolicyInputList && parsed(PermissionsBoundaryPolicyInputList),
      };
      return { EvaluationResults: simulateAll(policies, contextOf(input.ContextEntries), ActionNames, ResourceArns) };
    },
  },
  /** Uses only the principal's own policies and its boundary: neither resource policies nor the organization's. */
  SimulatePrincipalPolicy: {
    list: "EvaluationResults",
    authorize: ({ PolicySourceArn = "*" }) => [{ resources: [PolicySourceArn] }],
    run(input, call) {
      const { PolicySourceArn: roleArn = "", ActionNames = [], ResourceArns, ContextEntries = [] } = input;
      for (const given of ["PolicyInputList", "ResourcePolicy", "PermissionsBoundaryPolicyInputList"] as const) {
        if (input[given] !== undefined) throw notBuilt(`${given} of SimulatePrincipalPolicy`);
      }
      if (!/^arn:[\w-]+:iam::\d{12}:role\//.test(roleArn)) throw notBuilt(`a simulation for ${roleArn}: roles only`);
      if (!findRole(call.aws, roleArn)) {
        throw new AwsError("NoSuchEntity", `The entity with arn ${roleArn} cannot be found.`);
      }
      const { granted, boundary } = rolePolicies(call.aws, roleArn);
      const policies = { statements: granted.flatMap(({ statements }) => statements), boundary };
      return { EvaluationResults: simulateAll(policies, contextOf(ContextEntries), ActionNames, ResourceArns) };
    },
  },
} satisfies Operations<typeof Sdk>;

const contextOf = (entries: readonly ContextEntry[] = []): Context =>
  new Map(entries.map((one) => [(one.ContextKeyName ?? "").toLowerCase(), one.ContextKeyValues ?? []]));

const simulateAll = (
  policies: Policies,
  context: Context,
  actions: readonly string[],
  resources: readonly string[] = [],
): EvaluationResult[] =>
  actions.flatMap((action) =>
    (resources.length > 0 ? resources : ["*"]).map((resource) => simulate(policies, context, action, resource)),
  );

function simulate(
  { statements, boundary }: Policies,
  context: Context,
  action: string,
  resource: string,
): EvaluationResult {
  if (!/^[\w-]+:[\w*?]+$/.test(action)) throw new AwsError("InvalidInput", `Invalid Action: ${action}`);
  const asked = { action, resource, context };
  const own = evaluateIdentity(statements, asked);
  const bounds = boundary && evaluateIdentity(boundary, asked);
  const decisions = [decisionOf(own), ...(bounds ? [decisionOf(bounds)] : [])];
  const missing = [...statements, ...(boundary ?? [])]
    .filter(({ actions }) => actions.patterns.some((pattern) => matchesAction(pattern, action)) !== actions.negated)
    .flatMap(({ conditions }) => conditions.map(({ key }) => key))
    .filter((key) => !context.has(key.toLowerCase()));
  return {
    EvalActionName: action,
    EvalResourceName: resource,
    EvalDecision:
      decisions.find((one) => one === "explicitDeny") ?? decisions.find((one) => one !== "allowed") ?? "allowed",
    MatchedStatements: [],
    MissingContextValues: [...new Set(missing)],
    ...(bounds && {
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: decisionOf(bounds) === "allowed" },
    }),
  };
}

const decisionOf = ({ denied, allowed }: Evaluation): PolicyEvaluationDecisionType =>
  denied.length > 0 ? "explicitDeny" : allowed.length > 0 ? "allowed" : "implicitDeny";

const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `iam: ${what} is not built in the embedded AWS`);
