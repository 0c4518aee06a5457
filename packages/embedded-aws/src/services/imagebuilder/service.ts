import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteComponent, getComponent, listComponentBuildVersions, listComponents } from "./components.ts";
import { deleteContainerRecipe, getContainerRecipe, listContainerRecipes } from "./container-recipes.ts";
import { createComponent } from "./create-component.ts";
import { createContainerRecipe } from "./create-container-recipe.ts";
import { createImage } from "./create-image.ts";
import { createImagePipeline, updateImagePipeline } from "./create-image-pipeline.ts";
import { createImageRecipe } from "./create-image-recipe.ts";
import { distributeImage } from "./distribute-image.ts";
import {
  createDistributionConfiguration,
  deleteDistributionConfiguration,
  getDistributionConfiguration,
  listDistributionConfigurations,
  updateDistributionConfiguration,
} from "./distribution-configurations.ts";
import { deleteImagePipeline, getImagePipeline, listImagePipelines } from "./image-pipelines.ts";
import { deleteImageRecipe, getImageRecipe, listImageRecipes } from "./image-recipes.ts";
import { listImageScanFindingAggregations, listImageScanFindings } from "./image-scan-findings.ts";
import { cancelImageCreation, deleteImage, getImage } from "./images.ts";
import {
  createInfrastructureConfiguration,
  deleteInfrastructureConfiguration,
  getInfrastructureConfiguration,
  listInfrastructureConfigurations,
  updateInfrastructureConfiguration,
} from "./infrastructure-configurations.ts";
import { listImagePackages } from "./list-image-packages.ts";
import { listImageBuildVersions, listImagePipelineImages, listImages } from "./list-images.ts";
import { startImagePipelineExecution } from "./start-image-pipeline-execution.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";
import {
  getWorkflowExecution,
  getWorkflowStepExecution,
  listWorkflowExecutions,
  listWorkflowStepExecutions,
} from "./workflow-executions.ts";

/** EC2 Image Builder. Instances are simulated (`simulation.ts`): documents are checked, nothing is executed. */
export const service: Service = {
  name: "imagebuilder",
  client: () => import("@aws-sdk/client-imagebuilder"),
  operations: bindTokens(
    {
      CancelImageCreation: cancelImageCreation,
      CreateComponent: createComponent,
      CreateContainerRecipe: createContainerRecipe,
      CreateDistributionConfiguration: createDistributionConfiguration,
      CreateImage: createImage,
      CreateImagePipeline: createImagePipeline,
      CreateImageRecipe: createImageRecipe,
      CreateInfrastructureConfiguration: createInfrastructureConfiguration,
      DeleteComponent: deleteComponent,
      DeleteContainerRecipe: deleteContainerRecipe,
      DeleteDistributionConfiguration: deleteDistributionConfiguration,
      DeleteImage: deleteImage,
      DeleteImagePipeline: deleteImagePipeline,
      DeleteImageRecipe: deleteImageRecipe,
      DeleteInfrastructureConfiguration: deleteInfrastructureConfiguration,
      DistributeImage: distributeImage,
      GetComponent: getComponent,
      GetContainerRecipe: getContainerRecipe,
      GetDistributionConfiguration: getDistributionConfiguration,
      GetImage: getImage,
      GetImagePipeline: getImagePipeline,
      GetImageRecipe: getImageRecipe,
      GetInfrastructureConfiguration: getInfrastructureConfiguration,
      GetWorkflowExecution: getWorkflowExecution,
      GetWorkflowStepExecution: getWorkflowStepExecution,
      ListComponentBuildVersions: listComponentBuildVersions,
      ListComponents: listComponents,
      ListContainerRecipes: listContainerRecipes,
      ListDistributionConfigurations: listDistributionConfigurations,
      ListImageBuildVersions: listImageBuildVersions,
      ListImagePackages: listImagePackages,
      ListImagePipelineImages: listImagePipelineImages,
      ListImagePipelines: listImagePipelines,
      ListImageRecipes: listImageRecipes,
      ListImageScanFindingAggregations: listImageScanFindingAggregations,
      ListImageScanFindings: listImageScanFindings,
      ListImages: listImages,
      ListInfrastructureConfigurations: listInfrastructureConfigurations,
      ListTagsForResource: listTagsForResource,
      ListWorkflowExecutions: listWorkflowExecutions,
      ListWorkflowStepExecutions: listWorkflowStepExecutions,
      StartImagePipelineExecution: startImagePipelineExecution,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateDistributionConfiguration: updateDistributionConfiguration,
      UpdateImagePipeline: updateImagePipeline,
      UpdateInfrastructureConfiguration: updateInfrastructureConfiguration,
    },
    { asked: "nextToken", given: "nextToken", refusal: "InvalidPaginationTokenException" },
  ),
};
