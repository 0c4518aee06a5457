import { createHash } from "node:crypto";
import { describeContents } from "../../src/services/ecr/image-contents.ts";
import type { aBuilder } from "../imagebuilder/builder.ts";

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
