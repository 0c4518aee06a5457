import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** AWS Security Token Service. */
export const service: Service = {
  name: "sts",
  client: () => import("@aws-sdk/client-sts"),
  operations: await collect(import("./sessions.ts")),
};
