import { collect } from "../../engine/collect.ts";
import type { Service } from "../../engine/operation.ts";

/** EC2 Image Builder. Instances are simulated (`simulation.ts`): documents are checked, nothing is executed. */
export const service: Service = {
  name: "imagebuilder",
  client: () => import("@aws-sdk/client-imagebuilder"),
  errors: { throttled: ["CallRateLimitExceededException", 429], failed: ["ServiceException", 500] },
  paging: { asked: "nextToken", size: "maxResults", usual: 25, refusal: "InvalidPaginationTokenException" },
  operations: await collect(
    import("./components.ts"),
    import("./container-recipes.ts"),
    import("./create-image.ts"),
    import("./distribution-configurations.ts"),
    import("./image-pipelines.ts"),
    import("./image-recipes.ts"),
    import("./image-scan-findings.ts"),
    import("./images.ts"),
    import("./infrastructure-configurations.ts"),
    import("./resources.ts"),
    import("./workflow-executions.ts"),
  ),
};
