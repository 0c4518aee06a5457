import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

export const service: Service = {
  name: "scheduler",
  client: () => import("@aws-sdk/client-scheduler"),
  paging: { asked: "NextToken", given: "NextToken", size: "MaxResults", usual: 100, refusal: "ValidationException" },
  operations: await collect(import("./groups.ts"), import("./schedules.ts")),
};
