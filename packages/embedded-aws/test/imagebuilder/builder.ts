import type { CreateImageRecipeCommandInput, Image, WorkflowStepMetadata } from "@aws-sdk/client-imagebuilder";
import { createAws } from "../../src/create-aws.ts";
import type { Clock } from "../../src/engine/clock/clock.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { seedPublicImages } from "../../src/services/ec2/release-public-image.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { makeRole } from "../policy.ts";
import type { TypedCall } from "../typed-call.ts";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const OTHER_REGION = "us-east-1";
const MINUTE = 60_000;
export const PARENT = "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
const START = Date.UTC(2026, 3, 1, 8);

export const builderArn = (path: string): string => `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:${path}`;

export const document = (phase: string, ...steps: string[]): string => `name: a document
schemaVersion: 1.0
phases:
  - name: ${phase}
    steps:
${steps
  .map(
    (step) => `      - name: ${step}
        action: ExecuteBash
        inputs: { commands: ["true"] }
`,
  )
  .join("")}`;

/**
 * An embedded AWS in which one account builds images, with shortcuts for frequent test steps.
 * @param time another clock than the virtual one that `pass` moves
 */
export async function aBuilder(time?: Clock) {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock: time ?? clock });
  const owner = accountPrincipal(ACCOUNT);
  const call = <Output>(
    service: string,
    operation: string,
    input: object = {},
    region = REGION,
    as: Principal = owner,
  ) => aws.call<Output>(service, operation, input, { principal: as, region });
  const builder: TypedCall<"imagebuilder"> = (operation: string, input: object = {}) =>
    call<never>("imagebuilder", operation, input);

  seedPublicImages(aws, [REGION, OTHER_REGION]);
  await makeRole(aws, ACCOUNT, "instance", { Service: "ec2.amazonaws.com" });
  await call("iam", "CreateInstanceProfile", { InstanceProfileName: "builder" });
  await call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: "builder", RoleName: "instance" });

  const events: BusEvent[] = [];
  for (const region of [REGION, OTHER_REGION]) watchBus(aws, ACCOUNT, region, "default", (event) => events.push(event));
  /** Image Builder's events, as `previous > state` with the image's path. */
  const transitions = (): string[] =>
    events
      .filter((event) => event["detail-type"] === "EC2 Image Builder Image State Change")
      .map(({ detail, resources }) => {
        const { state, "previous-state": previous } = detail as Record<string, { status: string }>;
        return `${previous?.status} > ${state?.status} ${resources[0]?.split(":image/")[1]}`;
      });

  async function component(name: string, data: string, semanticVersion = "1.0.0"): Promise<string> {
    const input = { name, semanticVersion, platform: "Linux", data };
    const made = await builder("CreateComponent", input);
    return made.componentBuildVersionArn ?? "";
  }

  async function infrastructure(name = "acme", httpPutResponseHopLimit = 2): Promise<string> {
    const made = await builder("CreateInfrastructureConfiguration", {
      name,
      instanceProfileName: "builder",
      instanceMetadataOptions: { httpTokens: "required", httpPutResponseHopLimit },
    });
    return made.infrastructureConfigurationArn ?? "";
  }

  async function recipe(more: Partial<CreateImageRecipeCommandInput> = {}): Promise<string> {
    const made = await builder("CreateImageRecipe", {
      name: "acme-base",
      semanticVersion: "1.0.0",
      parentImage: PARENT,
      ...more,
    });
    return made.imageRecipeArn ?? "";
  }

  /** A pipeline `acme-base` with a build component `harden` and a test component `smoke`. */
  async function pipeline(
    options: { recipe?: Partial<CreateImageRecipeCommandInput>; pipeline?: Record<string, unknown> } = {},
  ): Promise<string> {
    const harden = await component("harden", document("build", "Configure", "Verify"));
    const smoke = await component("smoke", document("test", "Boot"));
    const imageRecipeArn = await recipe({
      components: [
        { componentArn: `arn:aws:imagebuilder:${REGION}:aws:component/update-linux/x.x.x` },
        { componentArn: harden },
        { componentArn: smoke },
      ],
      ...options.recipe,
    });
    const made = await builder("CreateImagePipeline", {
      name: "acme-base",
      imageRecipeArn,
      infrastructureConfigurationArn: await infrastructure(),
      ...options.pipeline,
    });
    return made.imagePipelineArn ?? "";
  }

  async function start(imagePipelineArn: string, more: object = {}): Promise<string> {
    const input = { imagePipelineArn, ...more };
    const started = await builder("StartImagePipelineExecution", input);
    return started.imageBuildVersionArn ?? "";
  }

  async function image(imageBuildVersionArn: string): Promise<Image> {
    const { image: found = {} } = await builder("GetImage", { imageBuildVersionArn });
    return found;
  }

  async function workflows(imageBuildVersionArn: string) {
    const found = await builder("ListWorkflowExecutions", { imageBuildVersionArn });
    return found.workflowExecutions ?? [];
  }

  async function steps(workflowExecutionId: string | undefined): Promise<WorkflowStepMetadata[]> {
    const input = { workflowExecutionId };
    const found = await builder("ListWorkflowStepExecutions", input);
    return found.steps ?? [];
  }

  const pass = (minutes: number): Promise<void> => clock.runUntil(clock.now() + minutes * MINUTE);
  const arranged = { component, infrastructure, recipe, pipeline, start };
  return { aws, clock, call, builder, events, transitions, image, workflows, steps, pass, ...arranged };
}
