import { policy } from "../../../policy.ts";
import { answered, bytes, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const SnapshotId = ref("written.SnapshotId");
const ImageId = ref("plain.ImageId");
const none = "snap-00000000000000000";
const trust = policy({ Effect: "Allow", Principal: { Service: "vmie.amazonaws.com" }, Action: "sts:AssumeRole" });
const asked = { DiskImageFormat: "VMDK", S3ExportLocation: { S3Bucket: "evidence", S3Prefix: "exports/" } };
const checksum = Buffer.alloc(32).toString("base64");

/** A snapshot that is written block by block, and the export of an image of it. */
export const EXPORT_CALLS: readonly FactoryCall[] = ofService("ec2", [
  answered("ebs:StartSnapshot as written", { VolumeSize: 1 }).says({ Status: "pending", BlockSize: 524288 }),
  refused("ebs:PutSnapshotBlock", {
    SnapshotId,
    BlockIndex: 0,
    BlockData: bytes("short"),
    DataLength: 5,
    Checksum: checksum,
    ChecksumAlgorithm: "SHA256",
  }).with("400 ValidationException: The block's data does not have the length and checksum"),
  refused("ebs:CompleteSnapshot", { SnapshotId, ChangedBlocksCount: 7 }).with(
    "400 ValidationException: The number of changed blocks is 0, not 7.",
  ),
  answered("ebs:CompleteSnapshot", { SnapshotId, ChangedBlocksCount: 0 }).says({ Status: "pending" }),
  answered("ebs:ListSnapshotBlocks", { SnapshotId }, { after: 1 }).says({ VolumeSize: 1 }),
  refused("ebs:ListSnapshotBlocks", { SnapshotId: none }).with("404 ResourceNotFoundException: does not exist"),
  refused("ebs:GetSnapshotBlock", { SnapshotId, BlockIndex: 0, BlockToken: "none" }).with(
    "400 ValidationException: The block token is invalid.",
  ),
  answered("RegisterImage as plain", {
    Name: "plain",
    Architecture: "x86_64",
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId } }],
  }).says({ ImageId: PRESENT }),
  refused("ExportImage", { ...asked, ImageId }).with(
    "400 InvalidParameter: The service role vmimport provided does not exist",
  ),
  answered("iam:CreateRole", { RoleName: "vmimport", AssumeRolePolicyDocument: trust }),
  answered("ExportImage as task", { ...asked, ImageId }).says({
    Status: "active",
    RoleName: "vmimport",
    "S3ExportLocation.S3Prefix": "exports/",
  }),
  refused("ExportImage", { ...asked, ImageId }).with("400 ResourceLimitExceeded: already in progress"),
  answered("DescribeExportImageTasks", { ExportImageTaskIds: [ref("task.ExportImageTaskId")] }, { after: 10 }).says({
    "ExportImageTasks.0.Status": "active",
    "ExportImageTasks.0.Progress": "50",
  }),
  answered("CancelExportTask", { ExportTaskId: ref("task.ExportImageTaskId") }),
  refused("CancelExportTask", { ExportTaskId: "export-ami-00000000000000000" }).with(
    "400 InvalidExportTaskID.NotFound: cannot be found",
  ),
  answered("EnableEbsEncryptionByDefault").says({ EbsEncryptionByDefault: true }),
  answered("ebs:StartSnapshot", { VolumeSize: 1 }).says({ KmsKeyArn: PRESENT }),
  answered("DisableEbsEncryptionByDefault").says({ EbsEncryptionByDefault: false }),
  answered("GetEbsEncryptionByDefault").says({ EbsEncryptionByDefault: false }),
  answered("DeregisterImage", { ImageId }),
  answered("DeleteSnapshot", { SnapshotId }),
  answered("iam:DeleteRole", { RoleName: "vmimport" }),
]);
