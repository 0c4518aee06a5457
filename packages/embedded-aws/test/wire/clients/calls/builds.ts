import { answered, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const data =
  "schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: A\n        action: ExecuteBash\n        inputs: { commands: ['true'] }\n";
const arn = (path: string) => `arn:aws:imagebuilder:eu-west-1:111122223333:${path}`;
const noBuild = arn("image/none/1.0.0/1");
const component = { name: "harden", semanticVersion: "1.0.0", platform: "Linux", data };
const resources = {
  imageRecipeArn: ref("recipe.imageRecipeArn"),
  infrastructureConfigurationArn: ref("infrastructure.infrastructureConfigurationArn"),
};
const imagePipelineArn = arn("image-pipeline/base");
const imageBuildVersionArn = ref("build.imageBuildVersionArn");
const distributionConfigurationArn = arn("distribution-configuration/copies");
const infrastructureConfigurationArn = arn("infrastructure-configuration/acme");
const workflowExecutionId = ref("workflows.workflowExecutions.0.workflowExecutionId");
const regions = [{ region: "us-east-1", amiDistributionConfiguration: {} }];
const gone = { code: "ResourceNotFoundException", status: 404, message: "does not exist." };
const used = { code: "ResourceDependencyException", status: 400 };
const added = { since: 2023 };

/** Image Builder; the instance profile `builder` exists, and Inspector is enabled. */
export const BUILD_CALLS: readonly FactoryCall[] = [
  answered("imagebuilder:CreateComponent", component, { componentBuildVersionArn: PRESENT }, { as: "component" }),
  refused(
    "imagebuilder:CreateComponent",
    { ...component, name: "c" },
    {
      code: "InvalidParameterValueException",
      status: 400,
      message: "",
    },
  ),
  answered(
    "imagebuilder:GetComponent",
    { componentBuildVersionArn: ref("component.componentBuildVersionArn") },
    {
      "component.data": data,
    },
  ),
  answered("imagebuilder:ListComponents", { owner: "Self" }, { "componentVersionList.0.name": "harden" }),
  answered(
    "imagebuilder:ListComponentBuildVersions",
    { componentVersionArn: arn("component/harden/1.0.0") },
    {
      "componentSummaryList.0.name": "harden",
    },
  ),
  answered(
    "imagebuilder:CreateImageRecipe",
    {
      name: "base",
      semanticVersion: "1.0.0",
      parentImage: "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      components: [{ componentArn: ref("component.componentBuildVersionArn") }],
    },
    {},
    { as: "recipe" },
  ),
  answered("imagebuilder:GetImageRecipe", { imageRecipeArn: resources.imageRecipeArn }, { "imageRecipe.name": "base" }),
  answered("imagebuilder:ListImageRecipes", { owner: "Self" }, { "imageRecipeSummaryList.0.name": "base" }),
  answered(
    "imagebuilder:CreateInfrastructureConfiguration",
    { name: "acme", instanceProfileName: "builder" },
    { infrastructureConfigurationArn },
    { as: "infrastructure" },
  ),
  answered("imagebuilder:UpdateInfrastructureConfiguration", {
    infrastructureConfigurationArn,
    instanceProfileName: "builder",
    instanceTypes: ["m7i.large"],
  }),
  answered(
    "imagebuilder:GetInfrastructureConfiguration",
    { infrastructureConfigurationArn },
    {
      "infrastructureConfiguration.instanceTypes": ["m7i.large"],
    },
  ),
  answered(
    "imagebuilder:ListInfrastructureConfigurations",
    {},
    {
      "infrastructureConfigurationSummaryList.0.name": "acme",
    },
  ),
  answered(
    "imagebuilder:CreateDistributionConfiguration",
    { name: "copies", distributions: regions },
    {
      distributionConfigurationArn,
    },
  ),
  refused(
    "imagebuilder:CreateDistributionConfiguration",
    { name: "copies", distributions: regions },
    {
      code: "ResourceAlreadyExistsException",
      status: 400,
      message: "already exists",
    },
  ),
  answered("imagebuilder:UpdateDistributionConfiguration", {
    distributionConfigurationArn,
    description: "one copy",
    distributions: regions,
  }),
  answered(
    "imagebuilder:GetDistributionConfiguration",
    { distributionConfigurationArn },
    {
      "distributionConfiguration.description": "one copy",
    },
  ),
  answered(
    "imagebuilder:ListDistributionConfigurations",
    {},
    {
      "distributionConfigurationSummaryList.0.regions": ["us-east-1"],
    },
  ),
  answered("imagebuilder:CreateImagePipeline", { name: "base", ...resources }, { imagePipelineArn }),
  answered("imagebuilder:UpdateImagePipeline", { imagePipelineArn, ...resources, description: "monthly" }),
  answered("imagebuilder:GetImagePipeline", { imagePipelineArn }, { "imagePipeline.description": "monthly" }),
  answered("imagebuilder:ListImagePipelines", {}, { "imagePipelineList.0.name": "base" }),
  answered("imagebuilder:TagResource", { resourceArn: imagePipelineArn, tags: { team: "images & more" } }),
  answered("imagebuilder:ListTagsForResource", { resourceArn: imagePipelineArn }, { tags: { team: "images & more" } }),
  answered("imagebuilder:UntagResource", { resourceArn: imagePipelineArn, tagKeys: ["team"] }),

  answered(
    "imagebuilder:UpdateImagePipeline",
    { imagePipelineArn, ...resources, imageScanningConfiguration: { imageScanningEnabled: true } },
    {},
    added,
  ),
  answered("imagebuilder:StartImagePipelineExecution", { imagePipelineArn }, {}, { as: "build" }),
  refused("imagebuilder:StartImagePipelineExecution", { imagePipelineArn: arn("image-pipeline/none") }, gone),
  answered("imagebuilder:GetImage", { imageBuildVersionArn }, { "image.name": "base", "image.type": "AMI" }),
  refused("imagebuilder:GetImage", { imageBuildVersionArn: noBuild }, gone),
  refused("imagebuilder:DeleteImage", { imageBuildVersionArn }, { code: "InvalidRequestException", status: 400 }),
  answered("imagebuilder:GetImage", { imageBuildVersionArn }, { "image.state.status": "AVAILABLE" }, { after: 120 }),
  refused(
    "imagebuilder:CancelImageCreation",
    { imageBuildVersionArn },
    { code: "InvalidRequestException", status: 400 },
  ),
  answered("imagebuilder:ListImages", { owner: "Self" }, { "imageVersionList.0.name": "base" }),
  answered(
    "imagebuilder:ListImageBuildVersions",
    { imageVersionArn: arn("image/base/1.0.0") },
    {
      "imageSummaryList.0.state.status": "AVAILABLE",
    },
  ),
  answered("imagebuilder:ListImagePipelineImages", { imagePipelineArn }, { "imageSummaryList.0.name": "base" }),
  answered(
    "imagebuilder:ListImagePackages",
    { imageBuildVersionArn },
    {
      imagePackageList: [{ packageName: "openssl", packageVersion: "3.2.2" }],
    },
  ),
  answered("imagebuilder:ListImageScanFindings", {}, { "findings.0.severity": "HIGH" }, added),
  answered(
    "imagebuilder:ListImageScanFindingAggregations",
    {},
    { "responses.0.accountAggregation.severityCounts.high": 1 },
    added,
  ),
  answered("imagebuilder:ListWorkflowExecutions", { imageBuildVersionArn }, {}, { ...added, as: "workflows" }),
  answered("imagebuilder:GetWorkflowExecution", { workflowExecutionId }, { status: "COMPLETED" }, added),
  answered(
    "imagebuilder:ListWorkflowStepExecutions",
    { workflowExecutionId },
    { "steps.0.status": "COMPLETED" },
    { ...added, as: "steps" },
  ),
  answered(
    "imagebuilder:GetWorkflowStepExecution",
    { stepExecutionId: ref("steps.steps.0.stepExecutionId") },
    { status: "COMPLETED" },
    added,
  ),
  answered(
    "imagebuilder:DistributeImage",
    {
      sourceImage: imageBuildVersionArn,
      distributionConfigurationArn,
      executionRole:
        "arn:aws:iam::111122223333:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder",
    },
    { imageBuildVersionArn: arn("image/base/1.0.0/2") },
    { since: 2025 },
  ),
  answered("imagebuilder:CreateImage", resources, { imageBuildVersionArn: PRESENT }, { as: "other", after: 120 }),
  answered("imagebuilder:CancelImageCreation", { imageBuildVersionArn: ref("other.imageBuildVersionArn") }),
  answered("imagebuilder:DeleteImage", { imageBuildVersionArn: ref("other.imageBuildVersionArn") }, {}, { after: 60 }),

  refused("imagebuilder:DeleteImageRecipe", { imageRecipeArn: resources.imageRecipeArn }, used),
  answered("imagebuilder:DeleteImagePipeline", { imagePipelineArn }, { imagePipelineArn }),
  answered("imagebuilder:DeleteImageRecipe", { imageRecipeArn: resources.imageRecipeArn }),
  answered("imagebuilder:DeleteComponent", { componentBuildVersionArn: ref("component.componentBuildVersionArn") }),
  answered("imagebuilder:DeleteInfrastructureConfiguration", { infrastructureConfigurationArn }),
  answered("imagebuilder:DeleteDistributionConfiguration", { distributionConfigurationArn }),
  refused("imagebuilder:GetDistributionConfiguration", { distributionConfigurationArn }, gone),
  answered("inspector2:Disable", { resourceTypes: ["EC2"] }, { "accounts.0.accountId": "111122223333" }),
];
