import { readFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchDeleteImageCommand, DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { clientOptions } from "../../cli/local/client-options.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import { buildsRepository, busName, pipelineName } from "../../core/names.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { watchBases } from "../../functions/advisories/watch-base.ts";
import { recordBuild } from "../../functions/build/record-build.ts";
import { startBuild } from "../../functions/build/start-build.ts";
import { collectEvidence } from "../../functions/evidence/collect-evidence.ts";
import { judgeBuild } from "../../functions/gate/decide-gate.ts";
import { watchBus } from "../../local/services/events/watch.ts";
import { type InstancePlan, simulateInstances } from "../../local/services/imagebuilder/simulation.ts";
import { inProcessHandler } from "../../local/wire/in-process-handler.ts";
import { ACCOUNT, aBuilder, OTHER_REGION, REGION } from "../local/imagebuilder/builder.ts";
import { ledgerTable } from "../world/ledger-table.ts";
import { sdkClients } from "../world/sdk-clients.ts";
import { stepOf } from "../world/step-of.ts";

export const NODE = "node";
const FACTORY = "acme";
const BUCKET = `acme-evidence-${ACCOUNT}`;
const PROMOTION_ARN = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:amint-acme-promotion`;

/** Where it starts from, and whether it is rebuilt when that is replaced. */
interface Base {
  readonly container: string;
  readonly watched: boolean;
}
const unwatched: Base = { container: "public.ecr.aws/amazonlinux/amazonlinux:2023", watched: false };

/** A factory of one container image in two regions. */
const factoryOf = ({ container, watched }: Base) =>
  defineFactory({
    name: FACTORY,
    buildRegion: REGION,
    regions: [REGION, OTHER_REGION],
    organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
    images: {
      [NODE]: {
        kind: "container",
        os: "al2023",
        architecture: "x86_64",
        parent: { container },
        components: ["images/components/update-al2023-container.yaml", "images/components/nodejs.yaml"],
        tests: ["images/components/container-smoke.yaml"],
        triggers: { base: watched },
        gate: { cve: { critical: 0, high: 0, count: "fixable" }, drift: { sizeMiB: 1 }, sbom: "required" },
        channels: [{ name: "stable", share: { organization: true } }],
      },
    },
  });

/** The lists that a container's components would have left. */
const uploads: InstancePlan = {
  step: ({ step, instanceId }) => (step === "ReadInstanceId" ? { stdout: instanceId } : undefined),
  file: (_context, path) => {
    const one = { name: "nodejs22", version: "22.1.0" };
    if (path.endsWith("packages.json")) {
      const rest = { epoch: "1", release: "1.amzn2023", architecture: "x86_64", source: "nodejs22" };
      return JSON.stringify({ packages: [{ ...one, ...rest }] });
    }
    if (!path.endsWith("sbom.cdx.json")) return undefined;
    const timestamp = "2026-04-01T08:00:00Z";
    const component = { type: "library", ...one, purl: "pkg:rpm/amzn/nodejs22@22.1.0" };
    return JSON.stringify({
      bomFormat: "CycloneDX",
      specVersion: "1.5",
      metadata: { timestamp },
      components: [component],
    });
  },
};

const repository = buildsRepository(FACTORY, NODE);
const statement = (Action: string[], Resource: string | string[]) => ({ Effect: "Allow", Action, Resource });

/** What a role may do with ECR and S3, as `stacks/containers/container-instances.ts` and `stacks/build/infrastructure.ts` grant it. */
const grants = [
  statement(["s3:PutObject"], `arn:aws:s3:::${BUCKET}/manifests/*`),
  statement(["ecr:GetAuthorizationToken"], "*"),
  statement(
    ["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer", "InitiateLayerUpload", "UploadLayerPart"]
      .concat("CompleteLayerUpload", "PutImage")
      .map((action) => `ecr:${action}`),
    [
      ...[REGION, OTHER_REGION].map((region) => `arn:aws:ecr:${region}:${ACCOUNT}:repository/${repository}`),
      `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/image-builder-image-scanning-repository`,
    ],
  ),
];

const policy = (Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

/**
 * The embedded AWS with the pipeline, the repositories and the functions of a factory with one container image, up to the
 * gate: what happens is Image Builder's, what is done about it the functions'.
 */
export async function startBuildWorld(plan: InstancePlan = {}, base = unwatched) {
  const factory = factoryOf(base);
  const builder = await aBuilder();
  const { aws, clock, call } = builder;
  await call("s3", "CreateBucket", {
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: REGION },
  });
  await call("iam", "PutRolePolicy", { RoleName: "instance", PolicyName: "build", PolicyDocument: policy(grants) });
  await call("dynamodb", "CreateTable", ledgerTable("ledger"));
  await call("events", "CreateEventBus", { Name: busName(factory.name) });
  await call("inspector2", "Enable", { resourceTypes: ["EC2", "ECR"] });
  await makePromotion(call);
  for (const region of [REGION, OTHER_REGION]) {
    const input = { repositoryName: repository, imageTagMutability: "IMMUTABLE" };
    await call("ecr", "CreateRepository", input, region);
  }
  await makePipeline(builder, base);
  simulateInstances(aws, ACCOUNT, REGION, {
    ...uploads,
    ...plan,
    step: (context) => plan.step?.(context) ?? uploads.step?.(context),
  });
  const said: { name: string; detail: Readonly<Record<string, unknown>> }[] = [];
  watchBus(aws, ACCOUNT, REGION, busName(factory.name), ({ "detail-type": name, detail }) =>
    said.push({ name, detail: detail as Record<string, unknown> }),
  );
  const options = { ...clientOptions("http://127.0.0.1:1", ACCOUNT, REGION), requestHandler: inProcessHandler(aws) };
  const client = sdkClients(options);
  const ecr = (region: string) => client(ECRClient, region);
  const promotions = client(SFNClient);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(options), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const ledger = { documents, table: "ledger" };
  const step = () =>
    stepOf({
      factory,
      env: { EVIDENCE_BUCKET: BUCKET, PROMOTION_ARN },
      ledger,
      bus: { client: client(EventBridgeClient), name: busName(factory.name) },
      client,
      now: new Date(clock.now()),
      requestId: crypto.randomUUID(),
    });
  const startedBuild = (): BuildArn =>
    parseBuildArn(String(said.findLast(({ name }) => name === "build.started")?.detail.build));
  return {
    ledger,
    said,
    details: (event: string) => said.filter(({ name }) => name === event).map(({ detail }) => detail),
    /** Somebody asks for a build; Image Builder ends it, and says so, after what happens meanwhile. */
    async build(meanwhile = async (): Promise<void> => {}): Promise<BuildArn> {
      await startBuild({ trigger: "manual", image: NODE, requestedBy: "ada" }, step());
      await builder.pass(180);
      await meanwhile();
      await recordBuild({ build: startedBuild() }, step());
      return startedBuild();
    },
    /** Asks what the base is by now. */
    watch: () => watchBases({}, step()),
    /** A trigger of its own, with what an event says. */
    start: (event: Parameters<typeof startBuild>[0]) => startBuild(event, step()),
    record: (build: BuildArn) => recordBuild({ build }, step()),
    /** The promotion's first steps. */
    async judge(build: BuildArn) {
      await collectEvidence({ image: NODE, build }, step());
      return judgeBuild({ image: NODE, build }, step());
    },
    async pushed(region: string) {
      const found = await ecr(region).send(new DescribeImagesCommand({ repositoryName: repository }));
      return (found.imageDetails ?? []).map(({ imageDigest, imageTags }) => ({ imageDigest, imageTags }));
    },
    /** Somebody deletes what was pushed to a region. */
    async remove(region: string): Promise<void> {
      const imageIds = [{ imageTag: "1.0.0-1" }];
      await ecr(region).send(new BatchDeleteImageCommand({ repositoryName: repository, imageIds }));
    },
    async promotions(): Promise<number> {
      const found = await promotions.send(new ListExecutionsCommand({ stateMachineArn: PROMOTION_ARN }));
      return found.executions?.length ?? 0;
    },
    idIn: (region: string, digest: string | undefined) =>
      `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/${repository}@${digest}`,
  };
}

type Builder = Awaited<ReturnType<typeof aBuilder>>;

/** It does nothing: what a promotion's steps do here, tests ask them to. */
async function makePromotion(call: Builder["call"]): Promise<void> {
  const trust = policy([{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }]);
  await call("iam", "CreateRole", { RoleName: "promotion", AssumeRolePolicyDocument: trust });
  await call("states", "CreateStateMachine", {
    name: PROMOTION_ARN.split(":").at(-1),
    roleArn: `arn:aws:iam::${ACCOUNT}:role/promotion`,
    definition: JSON.stringify({ QueryLanguage: "JSONata", StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
  });
}

const document = (stem: string) => readFileSync(`images/components/${stem}.yaml`, "utf8");

/** Of Amint's own documents, as `stacks/containers/container-recipe.ts` and `stacks/build/images.ts` make it. */
async function makePipeline({ component, builder, infrastructure }: Builder, base: Base): Promise<void> {
  const name = pipelineName(FACTORY, NODE);
  const stems = ["update-al2023-container", "nodejs", "package-manifest", "sbom", "container-smoke"];
  const components = [];
  for (const stem of stems) {
    const uploading = stem === "package-manifest" || stem === "sbom";
    const parameters = [{ name: "EvidenceBucket", value: [BUCKET] }];
    const componentArn = await component(`acme-${stem}`, document(stem));
    components.push({ componentArn, ...(uploading && { parameters }) });
  }
  const targetRepository = { service: "ECR", repositoryName: repository };
  const { containerRecipeArn } = await builder<{ containerRecipeArn: string }>("CreateContainerRecipe", {
    containerType: "DOCKER",
    name,
    semanticVersion: "1.0.0",
    parentImage: base.container,
    platformOverride: "Linux",
    components,
    dockerfileTemplateData: readFileSync("images/dockerfiles/plain", "utf8"),
    targetRepository,
  });
  const { distributionConfigurationArn } = await builder<{ distributionConfigurationArn: string }>(
    "CreateDistributionConfiguration",
    { name, distributions: [{ region: OTHER_REGION, containerDistributionConfiguration: { targetRepository } }] },
  );
  await builder("CreateImagePipeline", {
    name,
    containerRecipeArn,
    distributionConfigurationArn,
    infrastructureConfigurationArn: await infrastructure(),
    imageTestsConfiguration: { imageTestsEnabled: true },
    imageScanningConfiguration: { imageScanningEnabled: true },
  });
}
