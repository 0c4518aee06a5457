import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { guarded } from "./access.ts";
import { recorded } from "./recorded.ts";
import { anyResources, checkTags, ownOrganization, tagsOf } from "./resources.ts";

/** AWS Organizations without invitations: accounts are seeded or created. */
export const service: Service = {
  name: "organizations",
  region: "us-east-1",
  recorded,
  client: () => import("@aws-sdk/client-organizations"),
  // At most 20, as in the API reference for every list of Organizations.
  errors: { throttled: ["TooManyRequestsException", 400], failed: ["ServiceException", 500] },
  paging: { asked: "NextToken", size: "MaxResults", most: 20, refusal: "InvalidInputException" },
  operations: guarded(
    await collect(
      import("./accounts.ts"),
      import("./attach-policy.ts"),
      import("./create-account.ts"),
      import("./effective-policy.ts"),
      import("./policies.ts"),
      import("./resource-policy.ts"),
      import("./tree.ts"),
      import("./trusted-services.ts"),
      tagOperations<{ readonly ResourceId?: string }>({
        tags: "Tags",
        keys: "TagKeys",
        form: ["Key", "Value"],
        paged: true,
        authorize: (call, { ResourceId }, context) => anyResources(call, ResourceId, context),
        find: (call, { ResourceId }) => tagsOf(ownOrganization(call), ResourceId),
        check: checkTags,
      }),
    ),
  ),
};
