import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";
import { recorded } from "./recorded.ts";

/** AWS Resource Access Manager: shares of Parameter Store's advanced parameters. */
export const service: Service = {
  name: "ram",
  recorded,
  client: () => import("@aws-sdk/client-ram"),
  paging: { asked: "nextToken", given: "nextToken", size: "maxResults", refusal: "InvalidNextTokenException" },
  operations: await collect(
    import("./associate-resource-share.ts"),
    import("./get-resource-shares.ts"),
    import("./invitations.ts"),
    import("./list-shared.ts"),
    import("./organization-sharing.ts"),
    import("./resource-shares.ts"),
    import("./tag-resource.ts"),
  ),
};
