import { createHash } from "node:crypto";
import { policy } from "../../../policy.ts";
import { answered, bytes, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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
const policyText = policy({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" });
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
const absent = (kind: string) => `400 ${kind}NotFoundException: does not exist`;

const firstPart = { ...named, uploadId, partFirstByte: 0, partLastByte: 1, layerPartBlob: bytes(blob) };

export const REGISTRY_CALLS: readonly FactoryCall[] = ofService("ecr", [
  answered("CreateRepository", { ...named, tags: [{ Key: "team", Value: "images" }] }).says({
    "repository.repositoryArn": arn,
    "repository.createdAt": PRESENT,
  }),
  refused("CreateRepository", named).with(
    "400 RepositoryAlreadyExistsException: already exists in the registry with id '111122223333'",
  ),
  answered("DescribeRepositories").says({ "repositories.0.repositoryName": "acme/web" }),
  answered("PutImageTagMutability", { ...named, imageTagMutability: "IMMUTABLE" }).says({
    imageTagMutability: "IMMUTABLE",
  }),
  answered(
    "PutImageTagMutability",
    {
      ...named,
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "channel-*" }],
    },
    { since: 2025 },
  ).says({ "imageTagMutabilityExclusionFilters.0.filter": "channel-*" }),
  answered("PutImageScanningConfiguration", { ...named, imageScanningConfiguration: { scanOnPush: false } }),
  answered("GetRegistryScanningConfiguration").says({ "scanningConfiguration.scanType": "BASIC" }),
  answered("GetAuthorizationToken").says({ "authorizationData.0.authorizationToken": PRESENT }),
  refused("GetRepositoryPolicy", named).with(absent("RepositoryPolicy")),
  answered("SetRepositoryPolicy", { ...named, policyText }).says({ policyText }),
  answered("GetRepositoryPolicy", named).says({ policyText }),
  answered("DeleteRepositoryPolicy", named).says({ policyText }),
  answered("InitiateLayerUpload as upload", named).says({ partSize: PRESENT }),
  answered("UploadLayerPart", firstPart).says({ lastByteReceived: 1 }),
  refused("UploadLayerPart", firstPart).with("400 InvalidLayerPartException: must begin at byte 2"),
  answered("CompleteLayerUpload", { ...named, uploadId, layerDigests: [part.digest] }).says({
    layerDigest: part.digest,
  }),
  answered("BatchCheckLayerAvailability", { ...named, layerDigests: [part.digest] }).says({
    "layers.0.layerAvailability": "AVAILABLE",
    "layers.0.layerSize": blob.length,
  }),
  answered("GetDownloadUrlForLayer", { ...named, layerDigest: part.digest }).says({ downloadUrl: PRESENT }),
  answered("PutImage", { ...named, imageManifest, imageTag: "1.0.0-1" }).says({
    "image.imageId.imageDigest": imageDigest,
  }),
  refused("PutImage", { ...named, imageManifest, imageTag: "1.0.0-1" }).with(
    `400 ImageAlreadyExistsException: ${imageDigest}`,
  ),
  answered("ListImages", named).says({ imageIds: [{ imageDigest, imageTag: "1.0.0-1" }] }),
  answered("DescribeImages", named).says({
    "imageDetails.0.imageTags": ["1.0.0-1"],
    "imageDetails.0.imagePushedAt": PRESENT,
  }),
  answered("BatchGetImage", { ...named, imageIds: [{ imageTag: "1.0.0-1" }] }).says({
    "images.0.imageManifest": imageManifest,
  }),
  refused("DescribeImageScanFindings", { ...named, imageId: { imageDigest } }).with(
    "400 ScanNotFoundException: Image scan does not exist",
  ),
  answered("StartImageScan", { ...named, imageId: { imageDigest } }).says({ "imageScanStatus.status": "IN_PROGRESS" }),
  answered("DescribeImageScanFindings", { ...named, imageId: { imageDigest } }, { after: 5 }).says({
    "imageScanStatus.status": "COMPLETE",
  }),
  refused("GetLifecyclePolicy", named).with(absent("LifecyclePolicy")),
  answered("PutLifecyclePolicy", { ...named, lifecyclePolicyText }).says({ lifecyclePolicyText }),
  answered("GetLifecyclePolicy", named).says({ lifecyclePolicyText }),
  answered("StartLifecyclePolicyPreview", named).says({ status: "IN_PROGRESS" }),
  answered("GetLifecyclePolicyPreview", named, { after: 1 }).says({ status: "COMPLETE" }),
  answered("DeleteLifecyclePolicy", named).says({ lifecyclePolicyText }),
  answered("TagResource", { resourceArn: arn, tags: [{ Key: "stage", Value: "test" }] }),
  answered("UntagResource", { resourceArn: arn, tagKeys: ["team"] }),
  answered("ListTagsForResource", { resourceArn: arn }).says({ tags: [{ Key: "stage", Value: "test" }] }),
  answered("BatchDeleteImage", { ...named, imageIds: [{ imageTag: "1.0.0-1" }] }).says({
    imageIds: [{ imageDigest, imageTag: "1.0.0-1" }],
  }),
  answered("imagebuilder:CreateContainerRecipe", { ...recipe, clientToken: "container-recipe-1" }).says({
    containerRecipeArn,
  }),
  refused("imagebuilder:CreateContainerRecipe", {
    ...recipe,
    dockerfileTemplateData: "FROM scratch",
    clientToken: "container-recipe-2",
  }).with("400 InvalidParameterValueException: must contain '{{{ imagebuilder:parentImage }}}'"),
  answered("imagebuilder:GetContainerRecipe", { containerRecipeArn }).says({
    "containerRecipe.containerType": "DOCKER",
  }),
  answered("imagebuilder:ListContainerRecipes").says({ "containerRecipeSummaryList.0.name": "web" }),
  answered("imagebuilder:DeleteContainerRecipe", { containerRecipeArn }).says({ containerRecipeArn }),
  answered("DeleteRepository", named).says({ "repository.repositoryName": "acme/web" }),
]);
