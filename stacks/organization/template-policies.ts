/** A condition of a CloudFormation template. */

export type Condition = Readonly<Record<string, unknown>>;

export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const VERSION = "2012-10-17";

export const document = (...Statement: readonly object[]) => ({ Version: VERSION, Statement });

export const policy = (PolicyName: string, Statement: readonly object[]) => ({
  PolicyName,
  PolicyDocument: document(...Statement),
});

export const allow = (Sid: string, Action: readonly string[], Resource: unknown, Condition?: object) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition && { Condition }),
});

/** An ARN of the consumer's own account, in any region. */
export const own = (
  { partition }: { readonly partition: string },
  service: string,
  resource: string,
  region = "*",
) => ({
  "Fn::Sub": `arn:${partition}:${service}:${region}:\${AWS::AccountId}:${resource}`,
});

interface Trusted {
  readonly partition: string;
  /** The factory's account. */
  readonly account: string;
  readonly organization: string;
  readonly externalId: string;
  /** ARNs of the factory's roles. */
  readonly actors: readonly string[];
}

/** Trust in some roles of the factory's account. */
export const trustInFactory = ({ partition, account, organization, externalId, actors }: Trusted) =>
  document({
    Sid: "FactoryActs",
    Effect: "Allow",
    // The account, with its roles in a condition: IAM stores principals as ids, which change if a role is created again.
    Principal: { AWS: `arn:${partition}:iam::${account}:root` },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "sts:ExternalId": externalId, "aws:PrincipalOrgID": organization },
      ArnEquals: { "aws:PrincipalArn": actors },
    },
  });

/** Fn::Or and Fn::And accept two to ten conditions (template reference, "Condition functions"). */
const MOST_IN_OR = 10;

/** A condition that is true in any of these accounts, with the conditions that it consists of. */
export function anyAccount(name: string, accounts: readonly string[]): Record<string, Condition> {
  const equals = accounts.map((id): Condition => ({ "Fn::Equals": [{ Ref: "AWS::AccountId" }, id] }));
  return anyOf(name, equals);
}

/** @param level part of the conditions' names, different at each level of nesting */
function anyOf(name: string, conditions: readonly Condition[], level = ""): Record<string, Condition> {
  const parts = Array.from({ length: Math.ceil(conditions.length / MOST_IN_OR) }, (_, nth) =>
    either(conditions.slice(nth * MOST_IN_OR, (nth + 1) * MOST_IN_OR)),
  );
  if (parts.length === 1) return { [name]: parts[0] as Condition };
  const named = Object.fromEntries(parts.map((part, nth) => [`${name}${level}${nth + 1}`, part]));
  const names = Object.keys(named).map((Condition) => ({ Condition }));
  return { ...named, ...anyOf(name, names, `${level}Of`) };
}

const either = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 ? (conditions[0] as Condition) : { "Fn::Or": conditions };
