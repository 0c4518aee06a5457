import { boundary, logicalName, place, resourceName, tags } from "./deployment.ts";

/** Actions that a role allows on named resources. `*` only where AWS requires it. */
export interface Grant {
  readonly actions: string[];
  readonly resources: $util.Input<string>[];
  readonly conditions?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

/** The IAM policy of grants, as JSON. */
export const policyOf = (grants: Grant[]): $util.Output<string> =>
  aws.iam.getPolicyDocumentOutput({ statements: grants }).json;

interface RoleSettings {
  readonly grants: Grant[];
  /** Names of AWS managed policies, with their path. */
  readonly managed?: string[];
  /** Whether the service sends `aws:SourceAccount`, so that the role can be limited to this account. */
  readonly bySourceAccount?: boolean;
}

/** A role that only one AWS service can assume. */
export function serviceRole(name: string, service: string, settings: RoleSettings): aws.iam.Role {
  const { grants, managed = [], bySourceAccount = false } = settings;
  return new aws.iam.Role(`${logicalName(name)}Role`, {
    name: resourceName(name),
    assumeRolePolicy: trustPolicy(service, bySourceAccount),
    inlinePolicies: grants.length > 0 ? [{ name: "grants", policy: policyOf(grants) }] : [],
    managedPolicyArns: managed.map((policy) => `arn:${place.partition}:iam::aws:policy/${policy}`),
    ...boundary,
    tags,
  });
}

/** A role that the config names, by its name or ARN. */
export const roleNameOf = (role: string): string => role.slice(role.lastIndexOf("/") + 1);

export const roleArnOf = (role: string): string =>
  role.startsWith("arn:") ? role : `arn:${place.partition}:iam::${place.account}:role/${role}`;

export const trustPolicy = (service: string, bySourceAccount = false): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(bySourceAccount && { Condition: { StringEquals: { "aws:SourceAccount": place.account } } }),
      },
    ],
  });
