import { answered, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

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
const SCHEDULE = {
  scheduleExpression: "cron(0 3 1 1 ? 2199)",
  pipelineExecutionStartCondition: "EXPRESSION_MATCH_ONLY",
};
const gone = "404 ResourceNotFoundException: does not exist.";
const used = "400 ResourceDependencyException";
const added = { since: 2023 };

/** Image Builder; the instance profile `builder` exists, and Inspector is enabled. */
export const BUILD_CALLS: readonly FactoryCall[] = ofService("imagebuilder", [
  answered("CreateComponent as component", component).says({ componentBuildVersionArn: PRESENT }),
  refused("CreateComponent", { ...component, name: "c" }).with("400 InvalidParameterValueException"),
  answered("GetComponent", { componentBuildVersionArn: ref("component.componentBuildVersionArn") }).says({
    "component.data": data,
  }),
  answered("ListComponents", { owner: "Self" }).says({ "componentVersionList.0.name": "harden" }),
  answered("ListComponentBuildVersions", { componentVersionArn: arn("component/harden/1.0.0") }).says({
    "componentSummaryList.0.name": "harden",
  }),
  answered("CreateImageRecipe as recipe", {
    name: "base",
    semanticVersion: "1.0.0",
    parentImage: "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    components: [{ componentArn: ref("component.componentBuildVersionArn") }],
  }),
  answered("GetImageRecipe", { imageRecipeArn: resources.imageRecipeArn }).says({ "imageRecipe.name": "base" }),
  answered("ListImageRecipes", { owner: "Self" }).says({ "imageRecipeSummaryList.0.name": "base" }),
  answered("CreateInfrastructureConfiguration as infrastructure", {
    name: "acme",
    instanceProfileName: "builder",
  }).says({ infrastructureConfigurationArn }),
  answered("UpdateInfrastructureConfiguration", {
    infrastructureConfigurationArn,
    instanceProfileName: "builder",
    instanceTypes: ["m7i.large"],
  }),
  answered("GetInfrastructureConfiguration", { infrastructureConfigurationArn }).says({
    "infrastructureConfiguration.instanceTypes": ["m7i.large"],
  }),
  answered("ListInfrastructureConfigurations").says({ "infrastructureConfigurationSummaryList.0.name": "acme" }),
  answered("CreateDistributionConfiguration", { name: "copies", distributions: regions }).says({
    distributionConfigurationArn,
  }),
  refused("CreateDistributionConfiguration", { name: "copies", distributions: regions }).with(
    "400 ResourceAlreadyExistsException: already exists",
  ),
  answered("UpdateDistributionConfiguration", {
    distributionConfigurationArn,
    description: "one copy",
    distributions: regions,
  }),
  answered("GetDistributionConfiguration", { distributionConfigurationArn }).says({
    "distributionConfiguration.description": "one copy",
  }),
  answered("ListDistributionConfigurations").says({ "distributionConfigurationSummaryList.0.regions": ["us-east-1"] }),
  answered("CreateImagePipeline", { name: "base", ...resources, schedule: SCHEDULE }).says({ imagePipelineArn }),
  answered("GetImagePipeline", { imagePipelineArn }).says({
    "imagePipeline.schedule.scheduleExpression": SCHEDULE.scheduleExpression,
    "imagePipeline.dateNextRun": "2199-01-01T03:00:00.000Z",
  }),
  refused("CreateImagePipeline", {
    name: "yearly",
    ...resources,
    schedule: { scheduleExpression: "cron(0 0 1 1 *)" },
  }).with("400 InvalidParameterValueException: Invalid CRON expression: error at position 9"),
  answered("UpdateImagePipeline", { imagePipelineArn, ...resources, description: "monthly" }),
  answered("GetImagePipeline", { imagePipelineArn }).says({ "imagePipeline.description": "monthly" }),
  answered("ListImagePipelines").says({ "imagePipelineList.0.name": "base" }),
  answered("TagResource", { resourceArn: imagePipelineArn, tags: { team: "images & more" } }),
  answered("ListTagsForResource", { resourceArn: imagePipelineArn }).says({ tags: { team: "images & more" } }),
  answered("UntagResource", { resourceArn: imagePipelineArn, tagKeys: ["team"] }),

  answered(
    "UpdateImagePipeline",
    { imagePipelineArn, ...resources, imageScanningConfiguration: { imageScanningEnabled: true } },
    added,
  ),
  answered("StartImagePipelineExecution as build", { imagePipelineArn }),
  refused("StartImagePipelineExecution", { imagePipelineArn: arn("image-pipeline/none") }).with(gone),
  answered("GetImage", { imageBuildVersionArn }).says({ "image.name": "base", "image.type": "AMI" }),
  refused("GetImage", { imageBuildVersionArn: noBuild }).with(gone),
  refused("DeleteImage", { imageBuildVersionArn }).with("400 InvalidRequestException"),
  answered("GetImage", { imageBuildVersionArn }, { after: 120 }).says({ "image.state.status": "AVAILABLE" }),
  refused("CancelImageCreation", { imageBuildVersionArn }).with("400 InvalidRequestException"),
  answered("ListImages", { owner: "Self" }).says({ "imageVersionList.0.name": "base" }),
  answered("ListImageBuildVersions", { imageVersionArn: arn("image/base/1.0.0") }).says({
    "imageSummaryList.0.state.status": "AVAILABLE",
  }),
  answered("ListImagePipelineImages", { imagePipelineArn }).says({ "imageSummaryList.0.name": "base" }),
  answered("ListImagePackages", { imageBuildVersionArn }).says({
    imagePackageList: [{ packageName: "openssl", packageVersion: "3.2.2" }],
  }),
  answered("ListImageScanFindings", {}, added).says({ "findings.0.severity": "HIGH" }),
  answered("ListImageScanFindingAggregations", {}, added).says({
    "responses.0.accountAggregation.severityCounts.high": 1,
  }),
  answered("ListWorkflowExecutions as workflows", { imageBuildVersionArn }, { ...added }),
  answered("GetWorkflowExecution", { workflowExecutionId }, added).says({ status: "COMPLETED" }),
  answered("ListWorkflowStepExecutions as steps", { workflowExecutionId }, { ...added }).says({
    "steps.0.status": "COMPLETED",
  }),
  answered("GetWorkflowStepExecution", { stepExecutionId: ref("steps.steps.0.stepExecutionId") }, added).says({
    status: "COMPLETED",
  }),
  answered(
    "DistributeImage",
    {
      sourceImage: imageBuildVersionArn,
      distributionConfigurationArn,
      executionRole:
        "arn:aws:iam::111122223333:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder",
    },
    { since: 2025 },
  ).says({ imageBuildVersionArn: arn("image/base/1.0.0/2") }),
  answered("CreateImage as other", resources, { after: 120 }).says({ imageBuildVersionArn: PRESENT }),
  answered("CancelImageCreation", { imageBuildVersionArn: ref("other.imageBuildVersionArn") }),
  answered("DeleteImage", { imageBuildVersionArn: ref("other.imageBuildVersionArn") }, { after: 60 }),

  refused("DeleteImageRecipe", { imageRecipeArn: resources.imageRecipeArn }).with(used),
  answered("DeleteImagePipeline", { imagePipelineArn }).says({ imagePipelineArn }),
  answered("DeleteImageRecipe", { imageRecipeArn: resources.imageRecipeArn }),
  answered("DeleteComponent", { componentBuildVersionArn: ref("component.componentBuildVersionArn") }),
  answered("DeleteInfrastructureConfiguration", { infrastructureConfigurationArn }),
  answered("DeleteDistributionConfiguration", { distributionConfigurationArn }),
  refused("GetDistributionConfiguration", { distributionConfigurationArn }).with(gone),
  answered("inspector2:Disable", { resourceTypes: ["EC2"] }).says({ "accounts.0.accountId": "111122223333" }),
]);
