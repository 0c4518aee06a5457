import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { batchDeleteImage } from "./batch-delete-image.ts";
import { batchGetImage } from "./batch-get-image.ts";
import { createRepository } from "./create-repository.ts";
import { deleteRepository } from "./delete-repository.ts";
import { describeImageScanFindings, getRegistryScanningConfiguration } from "./describe-image-scan-findings.ts";
import { describeImages, listImages } from "./describe-images.ts";
import { describeRepositories } from "./describe-repositories.ts";
import { getAuthorizationToken } from "./get-authorization-token.ts";
import { batchCheckLayerAvailability, getDownloadUrlForLayer } from "./layers.ts";
import { getLifecyclePolicyPreview, startLifecyclePolicyPreview } from "./lifecycle/preview-lifecycle-policy.ts";
import { deleteLifecyclePolicy, getLifecyclePolicy, putLifecyclePolicy } from "./lifecycle/put-lifecycle-policy.ts";
import { INVALID_TOKEN } from "./page.ts";
import { putImage } from "./put-image.ts";
import { recorded } from "./recorded.ts";
import { deleteRepositoryPolicy, getRepositoryPolicy, setRepositoryPolicy } from "./repository-policy.ts";
import { putImageScanningConfiguration, putImageTagMutability } from "./repository-settings.ts";
import { listTagsForResource, tagResource, untagResource } from "./repository-tags.ts";
import { startImageScan } from "./scan-image.ts";
import { completeLayerUpload, initiateLayerUpload, uploadLayerPart } from "./upload-layer.ts";

/** Amazon ECR's private registries, by its API; Docker's own protocol is not spoken. */
export const service: Service = {
  name: "ecr",
  recorded,
  client: () => import("@aws-sdk/client-ecr"),
  operations: bindTokens(
    {
      BatchCheckLayerAvailability: batchCheckLayerAvailability,
      BatchDeleteImage: batchDeleteImage,
      BatchGetImage: batchGetImage,
      CompleteLayerUpload: completeLayerUpload,
      CreateRepository: createRepository,
      DeleteLifecyclePolicy: deleteLifecyclePolicy,
      DeleteRepository: deleteRepository,
      DeleteRepositoryPolicy: deleteRepositoryPolicy,
      DescribeImageScanFindings: describeImageScanFindings,
      DescribeImages: describeImages,
      DescribeRepositories: describeRepositories,
      GetAuthorizationToken: getAuthorizationToken,
      GetDownloadUrlForLayer: getDownloadUrlForLayer,
      GetLifecyclePolicy: getLifecyclePolicy,
      GetLifecyclePolicyPreview: getLifecyclePolicyPreview,
      GetRegistryScanningConfiguration: getRegistryScanningConfiguration,
      GetRepositoryPolicy: getRepositoryPolicy,
      InitiateLayerUpload: initiateLayerUpload,
      ListImages: listImages,
      ListTagsForResource: listTagsForResource,
      PutImage: putImage,
      PutImageScanningConfiguration: putImageScanningConfiguration,
      PutImageTagMutability: putImageTagMutability,
      PutLifecyclePolicy: putLifecyclePolicy,
      SetRepositoryPolicy: setRepositoryPolicy,
      StartImageScan: startImageScan,
      StartLifecyclePolicyPreview: startLifecyclePolicyPreview,
      TagResource: tagResource,
      UntagResource: untagResource,
      UploadLayerPart: uploadLayerPart,
    },
    { asked: "nextToken", given: "nextToken", refusal: INVALID_TOKEN },
  ),
};
