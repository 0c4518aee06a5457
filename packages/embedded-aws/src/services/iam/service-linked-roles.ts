import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { iamOf, type Role } from "./state.ts";

interface ServiceLinkedRole {
  readonly name: string;
  /** The managed policy's path and name. */
  readonly policy: string;
  readonly description: string;
}

/** Service-linked roles by their service principal (each service's user guide, "Service-linked roles"). */
export const serviceLinkedRoles: Readonly<Record<string, ServiceLinkedRole>> = {
  "autoscaling.amazonaws.com": {
    name: "AWSServiceRoleForAutoScaling",
    policy: "aws-service-role/AutoScalingServiceRolePolicy",
    description:
      "Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto Scaling",
  },
  "imagebuilder.amazonaws.com": {
    name: "AWSServiceRoleForImageBuilder",
    policy: "aws-service-role/AWSServiceRoleForImageBuilder",
    description: "Allows EC2 Image Builder to call AWS services on your behalf.",
  },
};

/** Creates the role, on request or with the first use of a service. */
export function makeServiceLinkedRole(aws: EmbeddedAws, account: string, service: string): Role {
  const known = serviceLinkedRoles[service];
  if (!known) throw new Error(`No service-linked role is known for ${service}`);
  const { name, policy, description } = known;
  const path = `/aws-service-role/${service}/`;
  const role: Role = {
    name,
    path,
    arn: `arn:${aws.partition}:iam::${account}:role${path}${name}`,
    id: `AROA${aws.hexId(17).toUpperCase()}`,
    created: aws.clock.now(),
    description,
    maxSessionDuration: 3600,
    trustPolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    }),
    tags: new Map(),
    inline: new Map(),
    attached: new Set([`arn:aws:iam::aws:policy/${policy}`]),
    boundary: undefined,
  };
  iamOf(aws, account).roles.set(name, role);
  return role;
}
