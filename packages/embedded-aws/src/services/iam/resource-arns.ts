import type { Call } from "../../engine/operation.ts";
import { iamOf } from "./state.ts";

/** A role's ARN by its name, for authorization: that of the root path where there is no such role. */
export function roleArn({ aws, account }: Call, name: string | undefined): string {
  return iamOf(aws, account).roles.get(name ?? "")?.arn ?? `arn:aws:iam::${account}:role/${name}`;
}

export function instanceProfileArn({ aws, account }: Call, name: string | undefined): string {
  const profile = iamOf(aws, account).instanceProfiles.get(name ?? "");
  return profile?.arn ?? `arn:aws:iam::${account}:instance-profile/${name}`;
}
