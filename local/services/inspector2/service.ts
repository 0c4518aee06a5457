import type { Service } from "../../operation.ts";
import { batchGetAccountStatus, disable, enable } from "./account-status.ts";

/** Amazon Inspector: the parts that Image Builder's findings come from. */
export const service: Service = {
  name: "inspector2",
  client: () => import("@aws-sdk/client-inspector2"),
  operations: { BatchGetAccountStatus: batchGetAccountStatus, Disable: disable, Enable: enable },
};
