import type * as Sdk from "@aws-sdk/client-iam";
import type { EvaluationResult, PolicyEvaluationDecisionType } from "@aws-sdk/client-iam";
import { type Evaluation, evaluateIdentity } from "../../authorization/evaluate.ts";
import { matchesAction } from "../../authorization/match-pattern.ts";
import { rolePolicies } from "../../authorization/role-policies.ts";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { findRole } from "./state.ts";

/** What a simulation is asked, beside the principal. */
interface Simulation {
  readonly roleArn: string;
  readonly context: ReadonlyMap<string, readonly string[]>;
}

export const operations = {
  /** With the principal's own policies and its boundary alone: neither resources' policies nor the organization's. */
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
        throw new AwsError("NoSuchEntity", `The entity with arn ${roleArn} cannot be found.`, { status: 404 });
      }
      const context = new Map(
        ContextEntries.map((one) => [(one.ContextKeyName ?? "").toLowerCase(), one.ContextKeyValues ?? []]),
      );
      const resources = ResourceArns?.length ? ResourceArns : ["*"];
      return {
        EvaluationResults: ActionNames.flatMap((action) =>
          resources.map((resource) => simulate(call, { roleArn, context }, action, resource)),
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function simulate({ aws }: Call, { roleArn, context }: Simulation, action: string, resource: string): EvaluationResult {
  if (!/^[\w-]+:[\w*?]+$/.test(action)) throw new AwsError("InvalidInput", `Invalid Action: ${action}`);
  const { granted, boundary } = rolePolicies(aws, roleArn);
  const statements = granted.flatMap((policy) => policy.statements);
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
