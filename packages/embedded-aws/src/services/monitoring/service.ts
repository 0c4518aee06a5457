import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Amazon CloudWatch: metrics, that this AWS records itself and others put, alarms on them, and dashboards. */
export const service: Service = {
  name: "monitoring",
  prefix: "cloudwatch",
  client: () => import("@aws-sdk/client-cloudwatch"),
  paging: { asked: "NextToken", given: "NextToken", size: "MaxRecords", refusal: "InvalidNextToken" },
  operations: await collect(import("./alarms.ts"), import("./dashboards.ts"), import("./metrics.ts")),
};
