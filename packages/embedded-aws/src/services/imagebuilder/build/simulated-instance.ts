import type { GetInstanceProfileCommandOutput } from "@aws-sdk/client-iam";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { assertAssumable } from "../../iam/assert-assumable.ts";
import { normalised, type Place } from "../arn.ts";
import type { InstanceContext } from "../simulation.ts";
import { callService, type ImageRecord } from "../state.ts";
import { type SimulatedSystem, systemOf } from "./simulated-system.ts";

/**
 * An instance that executes nothing: the plan determines its steps' outcomes; files that documents create are recorded.
 */
export interface SimulatedInstance {
  readonly aws: EmbeddedAws;
  readonly record: ImageRecord;
  readonly stage: InstanceContext["stage"];
  readonly instanceId: string;
  readonly instanceProfileName: string;
  readonly files: Map<string, string>;
  readonly system: SimulatedSystem;
  /** The instance's current context for a plan. */
  context(): InstanceContext;
}

/**
 * @param imageId the AMI it is launched from
 * @param system omitted: that AMI's
 */
export function simulatedInstance(
  aws: EmbeddedAws,
  record: ImageRecord,
  stage: InstanceContext["stage"],
  imageId: string,
  instanceProfileName: string,
  system: SimulatedSystem = systemOf(aws, record, imageId),
): SimulatedInstance {
  const instanceId = `i-${aws.hexId(17)}`;
  const context = (): InstanceContext => ({
    stage,
    image: normalised(record.image.name ?? ""),
    version: record.image.version ?? "",
    build: record.buildNumber,
    parentImageId: imageId,
    instanceId,
    time: aws.clock.now(),
  });
  return { aws, record, stage, instanceId, instanceProfileName, files: new Map(), system, context };
}

/** A call from the instance, in its region, with its instance profile's role. */
export async function callAsInstance<Output>(
  { aws, record, instanceProfileName, instanceId }: SimulatedInstance,
  service: string,
  operation: string,
  input: object,
): Promise<Output> {
  const principal = await instancePrincipal(aws, record, instanceProfileName, instanceId);
  return callService<Output>(aws, service, operation, input, { principal, region: record.region });
}

/** The instance's principal: its instance profile's role, in a session named after the instance. */
export async function instancePrincipal(
  aws: EmbeddedAws,
  place: Place,
  instanceProfileName: string,
  instanceId: string,
): Promise<Principal> {
  const { InstanceProfile: profile } = await callService<GetInstanceProfileCommandOutput>(
    aws,
    "iam",
    "GetInstanceProfile",
    { InstanceProfileName: instanceProfileName },
    { principal: accountPrincipal(place.account), region: place.region },
  );
  const role = profile?.Roles?.[0]?.Arn;
  if (role === undefined) throw new Error(`The instance profile '${instanceProfileName}' has no role.`);
  assertAssumable(aws, role, "ec2.amazonaws.com");
  return rolePrincipal(role, instanceId);
}
