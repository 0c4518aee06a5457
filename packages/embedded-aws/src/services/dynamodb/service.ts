import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Items are stored in dynalite; time to live, recovery and deletion protection are ours. No transactions. */
export const service: Service = {
  name: "dynamodb",
  client: () => import("@aws-sdk/client-dynamodb"),
  errors: { throttled: ["ProvisionedThroughputExceededException", 400], failed: ["InternalServerError", 500] },
  operations: await collect(import("./items.ts"), import("./table-settings.ts"), import("./tables.ts")),
};
