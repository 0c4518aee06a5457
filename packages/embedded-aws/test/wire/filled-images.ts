import { createHash } from "node:crypto";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { BLOCK_BYTES, ebsState } from "../../src/services/ebs/blocks.ts";
import { addSnapshot } from "../../src/services/ec2/add-snapshot.ts";
import { exportsState } from "../../src/services/ec2/export-image/export-tasks.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { reportsState } from "../../src/services/ec2/usage-reports/usage-report.ts";
import { describeContents } from "../../src/services/ecr/image-contents.ts";
import { ACCOUNT, type aBuilder, REGION } from "../imagebuilder/builder.ts";
import { allow, policy } from "../policy.ts";

type Builder = Pick<Awaited<ReturnType<typeof aBuilder>>, "aws" | "call" | "pass">;

const three = [1, 2, 3];
const digestOf = (text: string | Uint8Array): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Repositories with a container recipe each; in the first of them scanned images and a preview of what a policy would remove. */
export async function filledRegistries({ aws, call, pass }: Builder) {
  const named = { repositoryName: "repository-1" };
  for (const n of three) {
    const imageScanningConfiguration = { scanOnPush: true };
    const repositoryName = `repository-${n}`;
    await call("ecr", "CreateRepository", { repositoryName, imageScanningConfiguration });
    await call("imagebuilder", "CreateContainerRecipe", {
      containerType: "DOCKER",
      name: `container-${n}`,
      semanticVersion: "1.0.0",
      parentImage: "amazonlinux:2023",
      dockerfileTemplateData: "FROM {{{ imagebuilder:parentImage }}}",
      targetRepository: { service: "ECR", repositoryName },
    });
  }
  let digest = "";
  for (const n of three) {
    const blob = Buffer.from(`{"n":${n}}`);
    const { uploadId } = await call<{ uploadId: string }>("ecr", "InitiateLayerUpload", named);
    const range = { partFirstByte: 0, partLastByte: blob.length - 1 };
    await call("ecr", "UploadLayerPart", { ...named, uploadId, ...range, layerPartBlob: blob });
    await call("ecr", "CompleteLayerUpload", { ...named, uploadId, layerDigests: [digestOf(blob)] });
    const part = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(blob), size: blob.length };
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config: part, layers: [part] });
    digest = digestOf(imageManifest);
    describeContents(aws, digest, () => three.map((found) => ({ severity: "HIGH", title: `CVE-${found}` })));
    await call("ecr", "PutImage", { ...named, imageManifest, imageTag: `${n}` });
  }
  const selection = { tagStatus: "tagged", tagPatternList: ["*"], countType: "sinceImagePushed", countUnit: "days" };
  const rules = [{ rulePriority: 1, selection: { ...selection, countNumber: 1 }, action: { type: "expire" } }];
  await pass(2 * 24 * 60);
  const lifecyclePolicyText = JSON.stringify({ rules });
  await call("ecr", "StartLifecyclePolicyPreview", { ...named, lifecyclePolicyText });
  await pass(1);
  return { imageDigest: digest };
}

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

/** Three CIS scans of the two current test instances. @returns how to find one of them when it has ended */
export async function filledScans(call: Call) {
  const Action = ["StartCisSession", "SendCisSessionHealth", "SendCisSessionTelemetry", "StopCisSession"];
  await call("iam", "PutRolePolicy", {
    RoleName: "instance",
    PolicyName: "sessions",
    PolicyDocument: policy(allow(Action.map((one) => `inspector2:${one}`))),
  });
  for (const n of three) {
    await call("inspector2", "CreateCisScanConfiguration", {
      scanName: `scan-${n}`,
      securityLevel: "LEVEL_1",
      schedule: { oneTime: {} },
      targets: { accountIds: ["SELF"], targetResourceTags: { CreatedBy: ["EC2 Image Builder"] } },
    });
  }
  return async () => {
    const { scans } = await call<{ scans: { scanArn: string }[] }>("inspector2", "ListCisScans", {});
    const scanArn = scans[0]?.scanArn ?? "";
    const { targetResourceAggregations: found } = await call<{
      targetResourceAggregations: { targetResourceId: string }[];
    }>("inspector2", "ListCisScanResultsAggregatedByTargetResource", { scanArn });
    return { scanArn, otherScanArn: scans[1]?.scanArn ?? "", scanned: found[0]?.targetResourceId ?? "" };
  };
}

const seven = [1, 2, 3, 4, 5, 6, 7];

/** A Recycle Bin with images and snapshots, and rules of each kind. */
export async function filledBin(aws: EmbeddedAws, call: Call, pass: (minutes: number) => Promise<void>): Promise<void> {
  const RetentionPeriod = { RetentionPeriodValue: 365, RetentionPeriodUnit: "DAYS" };
  for (const ResourceType of ["EC2_IMAGE", "EBS_SNAPSHOT"]) {
    for (let n = 0; n < 3; n++) await call("rbin", "CreateRule", { ResourceType, RetentionPeriod });
  }
  await pass(30);
  for (const n of seven) {
    const ImageId = registerImage(aws, ACCOUNT, REGION, {
      name: `retired-${n}`,
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    });
    await call("ec2", "DeregisterImage", { ImageId, DeleteAssociatedSnapshots: true });
  }
}

/** Image usage reports, days after they were requested. */
export function filledReports(aws: EmbeddedAws): void {
  const { reports } = aws.state(reportsState, ACCOUNT, REGION);
  for (const n of three) {
    const id = `imgusgrpt-0123456789abcdef${n}`;
    reports.set(id, {
      id,
      imageId: `ami-0123456789abcdef${n}`,
      types: ["ec2:Instance", "ec2:LaunchTemplate"],
      versionDepth: 20,
      accounts: [],
      createdAt: aws.clock.now(),
      state: "available",
      stateReason: undefined,
      entries: three.map((count) => ({ account: `22223333444${count}`, type: "ec2:Instance", count })),
    });
  }
}

/** Finished export tasks, and a snapshot with more blocks than fit in the smallest page. */
export function filledExports(aws: EmbeddedAws): { readonly writtenSnapshot: string } {
  for (const n of [1, 2, 3]) {
    const id = `export-ami-0000000000000000${n}`;
    aws.state(exportsState, ACCOUNT, REGION).tasks.set(id, {
      id,
      imageId: "ami-00000000000000001",
      format: "raw",
      bucket: "exports",
      prefix: "staging/",
      roleName: "vmimport",
      description: undefined,
      startedAt: aws.clock.now(),
      status: "completed",
      message: undefined,
    });
  }
  const snapshot = { sizeGiB: 8, kmsKeyArn: undefined, description: "written" };
  const writtenSnapshot = addSnapshot(aws, { account: ACCOUNT, region: REGION }, snapshot);
  const block = new Uint8Array(BLOCK_BYTES);
  const blocks = new Map(Array.from({ length: 250 }, (_, index) => [index, block]));
  aws.state(ebsState, ACCOUNT, REGION).written.set(writtenSnapshot, { blocks, sealed: true });
  return { writtenSnapshot };
}
