import {
  DistributeImageCommand,
  GetImageCommand,
  GetImagePipelineCommand,
  type ImagebuilderClient,
  paginateListImageScanFindings,
  paginateListWorkflowExecutions,
  paginateListWorkflowStepExecutions,
  StartImagePipelineExecutionCommand,
} from "@aws-sdk/client-imagebuilder";
import type { ImageTruth } from "../../core/build/decide-outcome.ts";
import type { WorkflowStep } from "../../core/build/workflow-steps.ts";
import type { Finding } from "../../core/evidence/evidence.ts";
import { needsUbuntuPro } from "../../core/evidence/ubuntu-pro.ts";
import type { Listed } from "../../core/share/decide-proof.ts";
import {
  type AmiId,
  type BuildArn,
  type ImageResourceArn,
  imageResourceArn,
  parseAmiId,
  parseBuildArn,
} from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

export interface ImageDetails extends ImageTruth {
  /** Inspector's scan of the test instance; only COMPLETED counts as evidence. */
  readonly scan: string;
  /** AMIs by region, once they exist. */
  readonly amis: Readonly<Record<string, AmiId>>;
  /** The container image's URIs by region, once they exist: one per tag. */
  readonly imageUris: Readonly<Record<string, readonly string[]>>;
  /** The recipe's components by name, in order. */
  readonly components: readonly string[];
  /** The recipe's components with versions, in order. */
  readonly recipe: readonly { readonly name: string; readonly version: string }[];
  /** The instance types of its infrastructure configuration, in order. */
  readonly instanceTypes: readonly string[];
}

/** Image Builder's present description of an image. */
export async function readImage(client: ImagebuilderClient, arn: ImageResourceArn): Promise<ImageDetails> {
  const { image } = await client.send(new GetImageCommand({ imageBuildVersionArn: arn }));
  const outputs = image?.outputResources?.amis ?? [];
  const amis = Object.fromEntries(
    outputs.flatMap(({ region, image: id }) => (region && id ? [[region, parseAmiId(id)]] : [])),
  );
  const containers = image?.outputResources?.containers ?? [];
  const recipe = image?.imageRecipe ?? image?.containerRecipe;
  return {
    status: image?.state?.status ?? "unknown",
    reason: image?.state?.reason,
    sourcePipelineArn: image?.sourcePipelineArn,
    scan: image?.scanState?.status ?? "none",
    amis,
    imageUris: Object.fromEntries(
      containers.flatMap(({ region, imageUris = [] }) => (region ? [[region, imageUris]] : [])),
    ),
    components: (recipe?.components ?? []).flatMap(
      ({ componentArn }) => /:component\/([^/]+)/.exec(componentArn ?? "")?.[1] ?? [],
    ),
    recipe: (recipe?.components ?? []).flatMap(({ componentArn }) => {
      const [, name, version] = /:component\/([^/]+)\/([^/]+)/.exec(componentArn ?? "") ?? [];
      return name && version ? [{ name, version }] : [];
    }),
    instanceTypes: image?.infrastructureConfiguration?.instanceTypes ?? [],
    artifact: amis[arn.split(":")[3] ?? ""],
  };
}

/** An image resource's outputs; undefined where Image Builder does not list it. */
export const findOutputs = (client: ImagebuilderClient, arn: ImageResourceArn): Promise<Listed | undefined> =>
  unlessError(readImage(client, arn), /^ResourceNotFoundException$/);

/** Every step of all workflows of an image, in order. */
export async function readWorkflowSteps(client: ImagebuilderClient, arn: BuildArn): Promise<WorkflowStep[]> {
  const steps: WorkflowStep[] = [];
  for await (const page of paginateListWorkflowExecutions({ client }, { imageBuildVersionArn: arn })) {
    for (const { workflowExecutionId, type } of page.workflowExecutions ?? []) {
      if (workflowExecutionId) steps.push(...(await stepsOf(client, workflowExecutionId, type ?? "")));
    }
  }
  return steps;
}

async function stepsOf(client: ImagebuilderClient, workflowExecutionId: string, workflow: string) {
  const steps: WorkflowStep[] = [];
  for await (const page of paginateListWorkflowStepExecutions({ client }, { workflowExecutionId })) {
    for (const step of page.steps ?? []) {
      steps.push({
        workflow,
        name: step.name ?? "",
        action: step.action ?? "",
        status: step.status ?? "",
        message: step.message,
        outputs: step.outputs,
        startedAt: step.startTime,
        endedAt: step.endTime,
      });
    }
  }
  return steps;
}

/**
 * All CVE findings on a build.
 * @param ubuntuPro whether the build can install fixes that only Ubuntu Pro has
 */
export async function readFindings(
  client: ImagebuilderClient,
  arn: BuildArn,
  { ubuntuPro }: { readonly ubuntuPro: boolean },
): Promise<Finding[]> {
  const filters = [{ name: "imageBuildVersionArn", values: [arn] }];
  const findings: Finding[] = [];
  for await (const page of paginateListImageScanFindings({ client }, { filters })) {
    for (const found of page.findings ?? []) {
      const { packageVulnerabilityDetails, severity, fixAvailable, title, inspectorScore } = found;
      const vulnerable = packageVulnerabilityDetails?.vulnerablePackages ?? [];
      const isOutOfReach = !ubuntuPro && vulnerable.some(({ fixedInVersion = "" }) => needsUbuntuPro(fixedInVersion));
      findings.push({
        id: packageVulnerabilityDetails?.vulnerabilityId ?? title ?? "unnamed finding",
        severity: (severity ?? "untriaged").toLowerCase(),
        packages: vulnerable.map(({ name, version }) => `${name ?? "?"} ${version ?? ""}`.trim()),
        fixable: fixAvailable === "YES" && !isOutOfReach,
        ...(inspectorScore !== undefined && { score: inspectorScore }),
      });
    }
  }
  return findings;
}

/** Copies an AMI by a distribution configuration. @returns the image resource to follow, which gets the copy's AMI */
export async function distributeImage(
  client: ImagebuilderClient,
  request: { amiId: AmiId; distributionConfigurationArn: string; executionRole: string; clientToken: string },
): Promise<ImageResourceArn> {
  const { amiId: sourceImage, ...rest } = request;
  const { imageBuildVersionArn } = await client.send(new DistributeImageCommand({ sourceImage, ...rest }));
  return imageResourceArn.parse(imageBuildVersionArn);
}

/** Starts a pipeline, once per token. */
export async function startPipeline(
  client: ImagebuilderClient,
  imagePipelineArn: string,
  clientToken: string,
): Promise<BuildArn> {
  const { imageBuildVersionArn } = await client.send(
    new StartImagePipelineExecutionCommand({ imagePipelineArn, clientToken }),
  );
  return parseBuildArn(imageBuildVersionArn ?? "");
}

/** The ARN of a pipeline's present recipe. */
export async function readRecipe(client: ImagebuilderClient, imagePipelineArn: string): Promise<string> {
  const { imagePipeline } = await client.send(new GetImagePipelineCommand({ imagePipelineArn }));
  return imagePipeline?.imageRecipeArn ?? imagePipeline?.containerRecipeArn ?? "";
}
