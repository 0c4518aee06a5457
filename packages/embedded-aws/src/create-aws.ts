import { policyAuthorizer } from "./authorization/policy-authorizer.ts";
import { type Directory, setDirectory } from "./engine/directory.ts";
import type { EmbeddedAws } from "./engine/embedded-aws.ts";
import { type EngineOptions, type Stages, StatefulAws } from "./engine/stateful-aws.ts";
import { interferenceOf } from "./faults/interference.ts";
import { throttle } from "./limits/throttle.ts";
import { allServices } from "./services/all.ts";
import { recordCall } from "./services/cloudtrail/record/record-call.ts";
import { findManagedPolicy } from "./services/iam/managed-policies.ts";
import { allRoles, findRole } from "./services/iam/state.ts";
import { serviceControlLevels } from "./services/organizations/attachments.ts";
import { organizationOf } from "./services/organizations/state.ts";
import { checkCall } from "./wire/constraints/check-call.ts";

const stages: Stages = {
  check: checkCall,
  limit: throttle,
  record: recordCall,
  run: ({ name, errors }, operation, call, run) => {
    const interference = interferenceOf(call.aws);
    return interference ? interference.operation({ service: name, operation, errors, call }, run) : run();
  },
};

const directory: Directory = { organizationOf, serviceControlLevels, findRole, allRoles, findManagedPolicy };

export type AwsOptions = Pick<EngineOptions, "clock"> & Partial<Pick<EngineOptions, "services" | "authorizer">>;

/** An AWS without resources: with all services and IAM enforcement, unless the options say otherwise. */
export function createAws({ clock, services = allServices, authorizer = policyAuthorizer() }: AwsOptions): EmbeddedAws {
  const aws = new StatefulAws({ clock, services, authorizer, stages });
  setDirectory(aws, directory);
  return aws;
}
