import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** Service Quotas: the quotas that image factories use, with their default values. */
export const service: Service = {
  name: "servicequotas",
  client: () => import("@aws-sdk/client-service-quotas"),
  paging: { asked: "NextToken", size: "MaxResults", usual: 100, most: 100, refusal: "InvalidPaginationTokenException" },
  operations: await collect(import("./state.ts")),
};
