/** Types of policies that are built; Organizations has more. */
export const POLICY_TYPES = ["SERVICE_CONTROL_POLICY", "DECLARATIVE_POLICY_EC2"] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

export interface Policy {
  /** `p-...` */
  readonly id: string;
  readonly arn: string;
  readonly type: PolicyType;
  /** Made and kept by AWS: it can't be changed. */
  readonly awsManaged: boolean;
  name: string;
  description: string;
  /** JSON */
  content: string;
}

export const FULL_ACCESS = "p-FullAWSAccess";

/** Attached to the root and to every unit and account while service control policies are enabled. */
export const fullAccess = (): Policy => ({
  id: FULL_ACCESS,
  arn: `arn:aws:organizations::aws:policy/service_control_policy/${FULL_ACCESS}`,
  type: "SERVICE_CONTROL_POLICY",
  awsManaged: true,
  name: "FullAWSAccess",
  description: "Allows access to every operation",
  content: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
});
