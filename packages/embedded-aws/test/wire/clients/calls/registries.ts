import { createHash } from "node:crypto";
import { answered, bytes, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const named = { repositoryName: "acme/web" };
const arn = "arn:aws:ecr:eu-west-1:111122223333:repository/acme/web";
const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const blob = "{}";
const part = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(blob), size: blob.length };
const imageManifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: part,
  layers: [part],
});
const imageDigest = digestOf(imageManifest);
const uploadId = ref("upload.uploadId");
const policyText = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }],
});
const lifecyclePolicyText = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "untagged leftovers of builds",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
});
const containerRecipeArn = "arn:aws:imagebuilder:eu-west-1:111122223333:container-recipe/web/1.0.0";
const recipe = {
  containerType: "DOCKER",
  name: "web",
  semanticVersion: "1.0.0",
  parentImage: "amazonlinux:2023",
  dockerfileTemplateData:
    "FROM {{{ imagebuilder:parentImage }}}\n{{{ imagebuilder:environments }}}\n{{{ imagebuilder:components }}}",
  targetRepository: { service: "ECR", repositoryName: "acme/web" },
  // Required in clients before 2023.
  components: [{ componentArn: "arn:aws:imagebuilder:eu-west-1:aws:component/update-linux/x.x.x" }],
};
const absent = (kind: string) => ({ code: `${kind}NotFoundException`, status: 400, message: "does not exist" });

export const REGISTRY_CALLS: readonly FactoryCall[] = [
  answered(
    "ecr:CreateRepository",
    { ...named, tags: [{ Key: "team", Value: "images" }] },
    { "repository.repositoryArn": arn, "repository.createdAt": PRESENT },
  ),
  refused("ecr:CreateRepository", named, {
    code: "RepositoryAlreadyExistsException",
    status: 400,
    message: "already exists in the registry with id '111122223333'",
  }),
  answered("ecr:DescribeRepositories", {}, { "repositories.0.repositoryName": "acme/web" }),
  answered(
    "ecr:PutImageTagMutability",
    { ...named, imageTagMutability: "IMMUTABLE" },
    { imageTagMutability: "IMMUTABLE" },
  ),
  answered(
    "ecr:PutImageTagMutability",
    {
      ...named,
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "channel-*" }],
    },
    { "imageTagMutabilityExclusionFilters.0.filter": "channel-*" },
    { since: 2025 },
  ),
  answered("ecr:PutImageScanningConfiguration", { ...named, imageScanningConfiguration: { scanOnPush: false } }),
  answered("ecr:GetRegistryScanningConfiguration", {}, { "scanningConfiguration.scanType": "BASIC" }),
  answered("ecr:GetAuthorizationToken", {}, { "authorizationData.0.authorizationToken": PRESENT }),
  refused("ecr:GetRepositoryPolicy", named, absent("RepositoryPolicy")),
  answered("ecr:SetRepositoryPolicy", { ...named, policyText }, { policyText }),
  answered("ecr:GetRepositoryPolicy", named, { policyText }),
  answered("ecr:DeleteRepositoryPolicy", named, { policyText }),
  answered("ecr:InitiateLayerUpload", named, { partSize: PRESENT }, { as: "upload" }),
  answered(
    "ecr:UploadLayerPart",
    { ...named, uploadId, partFirstByte: 0, partLastByte: 1, layerPartBlob: bytes(blob) },
    { lastByteReceived: 1 },
  ),
  refused(
    "ecr:UploadLayerPart",
    { ...named, uploadId, partFirstByte: 0, partLastByte: 1, layerPartBlob: bytes(blob) },
    { code: "InvalidLayerPartException", status: 400, message: "must begin at byte 2" },
  ),
  answered(
    "ecr:CompleteLayerUpload",
    { ...named, uploadId, layerDigests: [part.digest] },
    { layerDigest: part.digest },
  ),
  answered(
    "ecr:BatchCheckLayerAvailability",
    { ...named, layerDigests: [part.digest] },
    { "layers.0.layerAvailability": "AVAILABLE", "layers.0.layerSize": blob.length },
  ),
  answered("ecr:GetDownloadUrlForLayer", { ...named, layerDigest: part.digest }, { downloadUrl: PRESENT }),
  answered(
    "ecr:PutImage",
    { ...named, imageManifest, imageTag: "1.0.0-1" },
    { "image.imageId.imageDigest": imageDigest },
  ),
  refused(
    "ecr:PutImage",
    { ...named, imageManifest, imageTag: "1.0.0-1" },
    {
      code: "ImageAlreadyExistsException",
      status: 400,
      message: imageDigest,
    },
  ),
  answered("ecr:ListImages", named, { imageIds: [{ imageDigest, imageTag: "1.0.0-1" }] }),
  answered("ecr:DescribeImages", named, {
    "imageDetails.0.imageTags": ["1.0.0-1"],
    "imageDetails.0.imagePushedAt": PRESENT,
  }),
  answered(
    "ecr:BatchGetImage",
    { ...named, imageIds: [{ imageTag: "1.0.0-1" }] },
    { "images.0.imageManifest": imageManifest },
  ),
  refused(
    "ecr:DescribeImageScanFindings",
    { ...named, imageId: { imageDigest } },
    { code: "ScanNotFoundException", status: 400, message: "Image scan does not exist" },
  ),
  answered("ecr:StartImageScan", { ...named, imageId: { imageDigest } }, { "imageScanStatus.status": "IN_PROGRESS" }),
  answered(
    "ecr:DescribeImageScanFindings",
    { ...named, imageId: { imageDigest } },
    { "imageScanStatus.status": "COMPLETE" },
    { after: 5 },
  ),
  refused("ecr:GetLifecyclePolicy", named, absent("LifecyclePolicy")),
  answered("ecr:PutLifecyclePolicy", { ...named, lifecyclePolicyText }, { lifecyclePolicyText }),
  answered("ecr:GetLifecyclePolicy", named, { lifecyclePolicyText }),
  answered("ecr:StartLifecyclePolicyPreview", named, { status: "IN_PROGRESS" }),
  answered("ecr:GetLifecyclePolicyPreview", named, { status: "COMPLETE" }, { after: 1 }),
  answered("ecr:DeleteLifecyclePolicy", named, { lifecyclePolicyText }),
  answered("ecr:TagResource", { resourceArn: arn, tags: [{ Key: "stage", Value: "test" }] }),
  answered("ecr:UntagResource", { resourceArn: arn, tagKeys: ["team"] }),
  answered("ecr:ListTagsForResource", { resourceArn: arn }, { tags: [{ Key: "stage", Value: "test" }] }),
  answered(
    "ecr:BatchDeleteImage",
    { ...named, imageIds: [{ imageTag: "1.0.0-1" }] },
    { imageIds: [{ imageDigest, imageTag: "1.0.0-1" }] },
  ),
  answered(
    "imagebuilder:CreateContainerRecipe",
    { ...recipe, clientToken: "container-recipe-1" },
    { containerRecipeArn },
  ),
  refused(
    "imagebuilder:CreateContainerRecipe",
    { ...recipe, dockerfileTemplateData: "FROM scratch", clientToken: "container-recipe-2" },
    {
      code: "InvalidParameterValueException",
      status: 400,
      message: "must contain '{{{ imagebuilder:parentImage }}}'",
    },
  ),
  answered("imagebuilder:GetContainerRecipe", { containerRecipeArn }, { "containerRecipe.containerType": "DOCKER" }),
  answered("imagebuilder:ListContainerRecipes", {}, { "containerRecipeSummaryList.0.name": "web" }),
  answered("imagebuilder:DeleteContainerRecipe", { containerRecipeArn }, { containerRecipeArn }),
  answered("ecr:DeleteRepository", named, { "repository.repositoryName": "acme/web" }),
];
