import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { guarded } from "./access.ts";
import { recorded } from "./recorded.ts";

/** AWS Organizations, but for invitations: accounts are seeded or created. */
export const service: Service = {
  name: "organizations",
  region: "us-east-1",
  recorded,
  client: () => import("@aws-sdk/client-organizations"),
  paging: { asked: "NextToken", given: "NextToken", size: "MaxResults", refusal: "InvalidInputException" },
  operations: guarded(
    await collect(
      import("./accounts.ts"),
      import("./attach-policy.ts"),
      import("./change-units.ts"),
      import("./create-account.ts"),
      import("./delegated-administrators.ts"),
      import("./describe-organization.ts"),
      import("./effective-policy.ts"),
      import("./end-membership.ts"),
      import("./policies.ts"),
      import("./policy-types.ts"),
      import("./resource-policy.ts"),
      import("./service-access.ts"),
      import("./tags.ts"),
      import("./tree.ts"),
      import("./units.ts"),
    ),
  ),
};
