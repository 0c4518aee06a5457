import { createRequire } from "node:module";
import type { Operation, Service } from "../../operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
} from "./authorize-security-group.ts";
import {
  disableImageBlockPublicAccess,
  enableImageBlockPublicAccess,
  getImageBlockPublicAccessState,
} from "./block-public-access.ts";
import { copyImage } from "./copy-image.ts";
import { deleteSnapshot } from "./delete-snapshot.ts";
import { deregisterImage } from "./deregister-image.ts";
import { describeImageAttribute } from "./describe-image-attribute.ts";
import { describeImages } from "./describe-images.ts";
import { describeSubnets, describeVpcs } from "./describe-network.ts";
import { describeSnapshots } from "./describe-snapshots.ts";
import { stoppingAtDryRun } from "./dry-run.ts";
import {
  disableImage,
  disableImageDeprecation,
  disableImageDeregistrationProtection,
  enableImage,
  enableImageDeprecation,
  enableImageDeregistrationProtection,
} from "./image-life.ts";
import { modifyImageAttribute, resetImageAttribute } from "./modify-image-attribute.ts";
import { describeAvailabilityZones, describeRegions } from "./regions.ts";
import { registerImageOperation } from "./register-image-operation.ts";
import { runInstances } from "./run-instances.ts";
import { createSecurityGroup, deleteSecurityGroup, describeSecurityGroups } from "./security-groups.ts";
import { describeSnapshotAttribute, modifySnapshotAttribute } from "./snapshot-attribute.ts";
import { createTags, deleteTags, describeTags } from "./tag-operations.ts";

const operations: Readonly<Record<string, Operation>> = bindTokens(
  {
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
    CopyImage: copyImage,
    CreateSecurityGroup: createSecurityGroup,
    CreateTags: createTags,
    DeleteSecurityGroup: deleteSecurityGroup,
    DeleteSnapshot: deleteSnapshot,
    DeleteTags: deleteTags,
    DeregisterImage: deregisterImage,
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeImageAttribute: describeImageAttribute,
    DescribeImages: describeImages,
    DescribeRegions: describeRegions,
    DescribeSecurityGroups: describeSecurityGroups,
    DescribeSnapshotAttribute: describeSnapshotAttribute,
    DescribeSnapshots: describeSnapshots,
    DescribeSubnets: describeSubnets,
    DescribeTags: describeTags,
    DescribeVpcs: describeVpcs,
    DisableImage: disableImage,
    DisableImageBlockPublicAccess: disableImageBlockPublicAccess,
    DisableImageDeprecation: disableImageDeprecation,
    DisableImageDeregistrationProtection: disableImageDeregistrationProtection,
    EnableImage: enableImage,
    EnableImageBlockPublicAccess: enableImageBlockPublicAccess,
    EnableImageDeprecation: enableImageDeprecation,
    EnableImageDeregistrationProtection: enableImageDeregistrationProtection,
    GetImageBlockPublicAccessState: getImageBlockPublicAccessState,
    ModifyImageAttribute: modifyImageAttribute,
    ModifySnapshotAttribute: modifySnapshotAttribute,
    RegisterImage: registerImageOperation,
    ResetImageAttribute: resetImageAttribute,
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
    RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
  },
  { asked: "NextToken", given: "NextToken", refusal: "InvalidPaginationToken" },
);

/** Amazon EC2: images, snapshots and the network that building them needs. */
export const service: Service = {
  name: "ec2",
  // Its bundle is CommonJS of 2 MB, which `import` would read twice: once for the names of its exports.
  client: async () => createRequire(import.meta.url)("@aws-sdk/client-ec2"),
  operations: {
    ...Object.fromEntries(Object.entries(operations).map(([name, one]) => [name, stoppingAtDryRun(one)])),
    // Checks the image before it answers a dry run.
    RunInstances: runInstances,
  },
};
