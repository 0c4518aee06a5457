import type { Service } from "../../engine/operation.ts";
import { assumeRole } from "./assume-role.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";

/** AWS Security Token Service. */
export const service: Service = {
  name: "sts",
  client: () => import("@aws-sdk/client-sts"),
  operations: { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity },
};
