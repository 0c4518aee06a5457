import { createRequire } from "node:module";
import type { Operation, Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import {
  disableAllowedImagesSettings,
  enableAllowedImagesSettings,
  getAllowedImagesSettings,
  replaceImageCriteriaInAllowedImagesSettings,
} from "./allowed-images/allowed-images-settings.ts";
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
  disableEbsEncryptionByDefault,
  enableEbsEncryptionByDefault,
  getEbsEncryptionByDefault,
} from "./encryption-by-default.ts";
import { exportImage } from "./export-image/export-image.ts";
import { cancelExportTask, describeExportImageTasks } from "./export-image/export-tasks.ts";
import { getImageAncestry } from "./get-image-ancestry.ts";
import {
  disableImage,
  disableImageDeprecation,
  disableImageDeregistrationProtection,
  enableImage,
  enableImageDeprecation,
  enableImageDeregistrationProtection,
} from "./image-life.ts";
import { describeImageReferences } from "./image-references/describe-image-references.ts";
import { attachImageWatermark, detachImageWatermark } from "./image-watermarks.ts";
import { startInstances, stopInstances, terminateInstances } from "./instances/change-instances.ts";
import { describeInstanceStatus, describeInstances } from "./instances/describe-instances.ts";
import { runInstances } from "./instances/run-instances.ts";
import {
  createLaunchTemplate,
  createLaunchTemplateVersion,
  deleteLaunchTemplate,
} from "./launch-templates/create-launch-template.ts";
import {
  describeLaunchTemplates,
  describeLaunchTemplateVersions,
} from "./launch-templates/describe-launch-templates.ts";
import { modifyImageAttribute, resetImageAttribute } from "./modify-image-attribute.ts";
import { recorded } from "./recorded.ts";
import { listImagesInRecycleBin, listSnapshotsInRecycleBin } from "./recycle-bin/list-in-recycle-bin.ts";
import { restoreImageFromRecycleBin, restoreSnapshotFromRecycleBin } from "./recycle-bin/restore-from-recycle-bin.ts";
import { describeAvailabilityZones, describeRegions } from "./regions.ts";
import { registerImageOperation } from "./register-image-operation.ts";
import { createSecurityGroup, deleteSecurityGroup, describeSecurityGroups } from "./security-groups.ts";
import { describeSnapshotAttribute, modifySnapshotAttribute } from "./snapshot-attribute.ts";
import { createTags, deleteTags, describeTags } from "./tag-operations.ts";
import { createImageUsageReport, deleteImageUsageReport } from "./usage-reports/create-usage-report.ts";
import { describeImageUsageReportEntries, describeImageUsageReports } from "./usage-reports/describe-usage-reports.ts";

const operations: Readonly<Record<string, Operation>> = bindTokens(
  {
    AttachImageWatermark: attachImageWatermark,
    AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
    AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
    CancelExportTask: cancelExportTask,
    CopyImage: copyImage,
    CreateImageUsageReport: createImageUsageReport,
    CreateLaunchTemplate: createLaunchTemplate,
    CreateLaunchTemplateVersion: createLaunchTemplateVersion,
    CreateSecurityGroup: createSecurityGroup,
    CreateTags: createTags,
    DeleteImageUsageReport: deleteImageUsageReport,
    DeleteLaunchTemplate: deleteLaunchTemplate,
    DeleteSecurityGroup: deleteSecurityGroup,
    DeleteSnapshot: deleteSnapshot,
    DeleteTags: deleteTags,
    DeregisterImage: deregisterImage,
    DescribeAvailabilityZones: describeAvailabilityZones,
    DescribeExportImageTasks: describeExportImageTasks,
    DescribeImageAttribute: describeImageAttribute,
    DescribeImageReferences: describeImageReferences,
    DescribeImageUsageReportEntries: describeImageUsageReportEntries,
    DescribeImageUsageReports: describeImageUsageReports,
    DescribeImages: describeImages,
    DescribeInstanceStatus: describeInstanceStatus,
    DescribeInstances: describeInstances,
    DescribeLaunchTemplateVersions: describeLaunchTemplateVersions,
    DescribeLaunchTemplates: describeLaunchTemplates,
    DescribeRegions: describeRegions,
    DescribeSecurityGroups: describeSecurityGroups,
    DescribeSnapshotAttribute: describeSnapshotAttribute,
    DescribeSnapshots: describeSnapshots,
    DescribeSubnets: describeSubnets,
    DescribeTags: describeTags,
    DescribeVpcs: describeVpcs,
    DetachImageWatermark: detachImageWatermark,
    DisableAllowedImagesSettings: disableAllowedImagesSettings,
    DisableEbsEncryptionByDefault: disableEbsEncryptionByDefault,
    DisableImage: disableImage,
    DisableImageBlockPublicAccess: disableImageBlockPublicAccess,
    DisableImageDeprecation: disableImageDeprecation,
    DisableImageDeregistrationProtection: disableImageDeregistrationProtection,
    EnableAllowedImagesSettings: enableAllowedImagesSettings,
    EnableEbsEncryptionByDefault: enableEbsEncryptionByDefault,
    EnableImage: enableImage,
    EnableImageBlockPublicAccess: enableImageBlockPublicAccess,
    EnableImageDeprecation: enableImageDeprecation,
    EnableImageDeregistrationProtection: enableImageDeregistrationProtection,
    ExportImage: exportImage,
    GetAllowedImagesSettings: getAllowedImagesSettings,
    GetEbsEncryptionByDefault: getEbsEncryptionByDefault,
    GetImageAncestry: getImageAncestry,
    GetImageBlockPublicAccessState: getImageBlockPublicAccessState,
    ListImagesInRecycleBin: listImagesInRecycleBin,
    ListSnapshotsInRecycleBin: listSnapshotsInRecycleBin,
    ModifyImageAttribute: modifyImageAttribute,
    ModifySnapshotAttribute: modifySnapshotAttribute,
    RegisterImage: registerImageOperation,
    ReplaceImageCriteriaInAllowedImagesSettings: replaceImageCriteriaInAllowedImagesSettings,
    ResetImageAttribute: resetImageAttribute,
    RestoreImageFromRecycleBin: restoreImageFromRecycleBin,
    RestoreSnapshotFromRecycleBin: restoreSnapshotFromRecycleBin,
    RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
    RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
    StartInstances: startInstances,
    StopInstances: stopInstances,
    TerminateInstances: terminateInstances,
  },
  { asked: "NextToken", given: "NextToken", refusal: "InvalidPaginationToken" },
);

/** Amazon EC2: images, snapshots, instances of them, and the network that these need. */
export const service: Service = {
  name: "ec2",
  recorded,
  // Its bundle is CommonJS of 2 MB, which `import` would read twice: once for the names of its exports.
  client: async () => createRequire(import.meta.url)("@aws-sdk/client-ec2"),
  operations: {
    ...Object.fromEntries(Object.entries(operations).map(([name, one]) => [name, stoppingAtDryRun(one)])),
    // Checks the image before it answers a dry run.
    RunInstances: runInstances,
  },
};
