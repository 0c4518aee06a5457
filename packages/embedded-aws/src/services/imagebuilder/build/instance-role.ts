import type { GetInstanceProfileCommandOutput } from "@aws-sdk/client-iam";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../../engine/principal.ts";
import { assertAssumable } from "../../iam/assert-assumable.ts";
import type { Place } from "../arn.ts";
import { callService } from "../call-service.ts";

/** Who an instance is: its instance profile's role, in a session named after the instance. */
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
