import { factory } from "../program/factory.ts";
import { logicalName, tags } from "../resources/deployment.ts";

/**
 * In every region, AMIs and snapshots with the factory's tag go to the Recycle Bin when they are deregistered or deleted, and
 * are deleted permanently after `recycleBin.retain`. Snapshots need their own rule, because an AMI can only be restored after
 * them. Tag-level rules cannot be locked (Recycle Bin API reference, LockRule).
 */
if (factory.recycleBin.enabled) {
  for (const region of factory.regions) {
    for (const [what, resourceType] of [
      ["Images", "EC2_IMAGE"],
      ["Snapshots", "EBS_SNAPSHOT"],
    ] as const) {
      new aws.rbin.Rule(`RecycleBin${what}${logicalName(region)}`, {
        region,
        description: `${what} of the factory ${factory.name}`,
        resourceType,
        resourceTags: [{ resourceTagKey: "amint:factory", resourceTagValue: factory.name }],
        retentionPeriod: { retentionPeriodValue: factory.recycleBin.retain / 86_400, retentionPeriodUnit: "DAYS" },
        tags,
      });
    }
  }
}
