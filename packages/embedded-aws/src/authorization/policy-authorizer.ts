import type { Authorizer } from "../engine/authorizer.ts";
import { directoryOf } from "../engine/directory.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Authorization, Call } from "../engine/operation.ts";
import type { Principal } from "../engine/principal.ts";
import { type Denied, denial, tellDenied } from "./denial.ts";
import { evaluateIdentity, evaluateResource, howNamed, type Request } from "./evaluate.ts";
import type { Statement } from "./policy-document.ts";
import { requestContext } from "./request-context.ts";
import { recordGrant } from "./role-grants.ts";
import { statementsOf as parsedStatements, rolePolicies } from "./role-policies.ts";

type RolePrincipal = Extract<Principal, { kind: "role" }>;

/**
 * Decides as IAM does (IAM User Guide, "Policy evaluation logic"): an explicit deny wins; an account may do
 * everything on its own resources; a role needs a grant from its policies or the resource's policy, within its
 * boundary; access to another account's resource needs a grant on both sides; an AWS service needs a grant in the
 * resource's policy. For a member account's principals, every level of the organization must allow the request, too.
 */
export function policyAuthorizer(): Authorizer {
  return {
    authorize(caller, asked) {
      const call = asked.as ? { ...caller, principal: asked.as } : caller;
      const context = requestContext(call, asked.context, asked.owner);
      const own = statementsOf(call.aws, asked.resourcePolicy);
      const lent = statementsOf(call.aws, asked.grants);
      for (const resource of asked.resources) {
        const denied = decide(call, asked, { own, lent }, { action: asked.action, resource, context });
        if (!denied) continue;
        const { action } = asked;
        const error = asked.refusal?.(resource) ?? denial(call.principal, action, resource, denied);
        tellDenied(call, { action, resource, message: error.message });
        throw error;
      }
    },
  };
}

const statementsOf = (aws: EmbeddedAws, policy: string | undefined): readonly Statement[] =>
  policy === undefined ? [] : parsedStatements(aws, policy);

/** The resource's statements: its policy's and its grants'. */
interface Stated {
  readonly own: readonly Statement[];
  readonly lent: readonly Statement[];
}

/** Undefined when granted. */
function decide(call: Call, asked: Authorization, { own, lent }: Stated, request: Request): Denied | undefined {
  const { principal } = call;
  const { allowed, denied } = evaluateResource(own, request, principal);
  if (denied.length) return { by: "resource-based policy", explicit: true };
  const refused: Denied = { by: "resource-based policy", explicit: false };
  const foreign = principal.account !== (asked.owner ?? call.account);
  const byGrant = evaluateResource(lent, request, principal).allowed.some((one) => namesItself(one, principal));
  const granted = byGrant || allowed.length > 0;
  if (principal.kind === "service") return granted ? undefined : refused;
  const controlled = decideControl(call.aws, principal, request);
  if (controlled) return controlled;
  if (principal.kind === "account") {
    return granted || !(foreign || resourcePolicyDecides(asked)) ? undefined : refused;
  }
  const identity = decideIdentity(call.aws, principal, request);
  if (identity?.explicit) return identity;
  // KMS developer guide, "Grants in AWS KMS": a grant is enough for its grantee, in another account, too.
  if (byGrant) return undefined;
  if (foreign) return granted ? identity : (identity ?? refused);
  if (allowed.some((statement) => grantsAlone(statement, principal, identity))) return undefined;
  if (resourcePolicyDecides(asked) && !granted) return refused;
  return identity;
}

/** A key's policy or a role's trust policy must allow the request: no identity policy, nor the account, replaces it. */
const resourcePolicyDecides = ({ action, resourcePolicy }: Authorization): boolean =>
  resourcePolicy !== undefined && (action.startsWith("kms:") || action === "sts:AssumeRole");

/**
 * Within an account, a resource policy that names the principal itself is enough. A permissions boundary still
 * applies, unless the policy names the session.
 */
function grantsAlone({ principals }: Statement, principal: RolePrincipal, identity: Denied | undefined): boolean {
  if (!principals || !namesItself({ principals }, principal)) return false;
  return identity?.by !== "permissions boundary" || principals.aws.includes(principal.arn);
}

const namesItself = ({ principals }: Pick<Statement, "principals">, principal: Principal): boolean =>
  principals !== undefined && !principals.negated && howNamed(principals, principal) === "directly";

/** Service control policies, which also apply to an account's root user, but not to service-linked roles. */
function decideControl(aws: EmbeddedAws, principal: Principal, request: Request): Denied | undefined {
  if (principal.kind === "role" && principal.roleArn.includes(":role/aws-service-role/")) return undefined;
  const levels = directoryOf(aws)
    .serviceControlLevels(aws, principal.account)
    .map((policies) => policies.map((policy) => evaluateIdentity(statementsOf(aws, policy), request)));
  if (levels.flat().some(({ denied }) => denied.length)) return { by: "service control policy", explicit: true };
  if (levels.some((level) => level.every(({ allowed }) => !allowed.length))) {
    return { by: "service control policy", explicit: false };
  }
  return undefined;
}

/** Evaluates the role's own policies. Records the grant that allows the request. */
function decideIdentity(aws: EmbeddedAws, { roleArn }: RolePrincipal, request: Request): Denied | undefined {
  const { granted, boundary } = rolePolicies(aws, roleArn);
  const grants: { readonly name: string; readonly allowed: readonly Statement[] }[] = [];
  for (const { name, statements } of granted) {
    const { denied, allowed } = evaluateIdentity(statements, request);
    if (denied.length) return { by: "identity-based policy", explicit: true };
    if (allowed.length) grants.push({ name, allowed });
  }
  const bounds = boundary && evaluateIdentity(boundary, request);
  if (bounds?.denied.length) return { by: "permissions boundary", explicit: true };
  if (bounds?.allowed.length === 0) return { by: "permissions boundary", explicit: false };
  if (grants.length === 0) return { by: "identity-based policy", explicit: false };
  for (const { name, allowed } of grants) {
    for (const statement of allowed) recordGrant(aws, { roleArn, policy: name, statement }, request);
  }
  return undefined;
}
