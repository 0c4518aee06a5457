import { createRequire } from "node:module";
import { collect } from "../../engine/collect.ts";
import type { Service, ServiceOperation } from "../../engine/operation.ts";
import { recorded } from "./recorded.ts";
import { dryRunSucceeded } from "./refusals.ts";

const operations = await collect(
  import("./account-settings.ts"),
  import("./allowed-images/allowed-images-settings.ts"),
  import("./copy-image.ts"),
  import("./describe-images.ts"),
  import("./export-image/export-image.ts"),
  import("./export-image/export-tasks.ts"),
  import("./image-attributes.ts"),
  import("./image-life.ts"),
  import("./image-references/describe-image-references.ts"),
  import("./image-watermarks.ts"),
  import("./instances/attachments.ts"),
  import("./instances/describe-instances.ts"),
  import("./instances/instance-life.ts"),
  import("./instances/instance-types.ts"),
  import("./instances/run-instances.ts"),
  import("./launch-templates/change-launch-template.ts"),
  import("./launch-templates/create-launch-template.ts"),
  import("./launch-templates/describe-launch-templates.ts"),
  import("./network/endpoints.ts"),
  import("./network/gateways.ts"),
  import("./network/remove-network.ts"),
  import("./network/route-tables.ts"),
  import("./network/subnets.ts"),
  import("./network/vpcs.ts"),
  import("./recycle-bin.ts"),
  import("./regions.ts"),
  import("./register-image.ts"),
  import("./security-groups.ts"),
  import("./snapshots.ts"),
  import("./tag-operations.ts"),
  import("./usage-reports/create-usage-report.ts"),
  import("./usage-reports/describe-usage-reports.ts"),
);

/** A dry run ends after authorization; the operation does not run. */
const stoppingAtDryRun = (operation: ServiceOperation<{ DryRun?: boolean }>): ServiceOperation => ({
  ...operation,
  run(input: { DryRun?: boolean }, call) {
    if (input.DryRun) throw dryRunSucceeded();
    return operation.run(input, call);
  },
});

/** Amazon EC2: images, snapshots, instances, and the networks that they need. */
export const service: Service = {
  name: "ec2",
  recorded,
  // Its bundle is 2 MB of CommonJS, which `import` would read twice, to detect the names of its exports.
  client: async () => createRequire(import.meta.url)("@aws-sdk/client-ec2"),
  errors: { throttled: ["RequestLimitExceeded", 503], failed: ["InternalError", 500] },
  paging: { asked: "NextToken", size: "MaxResults", refusal: "InvalidPaginationToken" },
  operations: {
    ...Object.fromEntries(Object.entries(operations).map(([name, one]) => [name, stoppingAtDryRun(one)])),
    // Checks the image before it answers a dry run.
    RunInstances: operations.RunInstances as ServiceOperation,
  },
};
