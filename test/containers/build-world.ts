import { readFileSync } from "node:fs";
import { BatchDeleteImageCommand, DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { InstancePlan } from "embedded-aws/instances";
import { ACCOUNT, OTHER_REGION, REGION } from "embedded-aws/testing/imagebuilder";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { buildsRepository, pipelineName } from "../../core/names.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";
import { watchBases } from "../../functions/advisories/watch-base.ts";
import { recordBuild } from "../../functions/build/record-build.ts";
import { startBuild } from "../../functions/build/start-build.ts";
import { collectEvidence } from "../../functions/evidence/collect-evidence.ts";
import { judgeBuild } from "../../functions/gate/decide-gate.ts";
import { type Building, openBuilding } from "../world/building.ts";
import { lastingPromotions } from "../world/promotions.ts";

export const NODE = "node";
const FACTORY = "acme";
const PROMOTION_ARN = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:amint-acme-promotion`;

/** Its base image, and whether it is rebuilt when that is replaced. */
interface Base {
  readonly container: string;
  readonly watched: boolean;
}
const unwatched: Base = { container: "public.ecr.aws/amazonlinux/amazonlinux:2023", watched: false };

/** A factory of one container image in two regions. */
const nodeFactory = ({ container, watched }: Base): Partial<FactoryInput> => ({
  name: FACTORY,
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

/** The lists that a container's components leave. */
const uploads: InstancePlan = {
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

/**
 * What a role may do with recipes, ECR and S3, as `stacks/containers/container-instances.ts` and
 * `stacks/build/infrastructure.ts` grant it.
 */
const grants = [
  statement(
    ["imagebuilder:GetContainerRecipe"],
    `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:container-recipe/${FACTORY}-*`,
  ),
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

/**
 * The embedded AWS with the pipeline, the repositories and the functions of a factory with one container image, up to the
 * gate: what happens is Image Builder's, what is done about it the functions'.
 */
export async function startBuildWorld(plan: InstancePlan = {}, base = unwatched) {
  const building = await openBuilding({ factory: nodeFactory(base), grants, plan: { ...uploads, ...plan } });
  const { builder, world } = building;
  for (const region of [REGION, OTHER_REGION]) {
    const input = { repositoryName: repository, imageTagMutability: "IMMUTABLE" };
    await builder.call("ecr", "CreateRepository", input, region);
  }
  await makePipeline(building, base);
  await lastingPromotions(world, PROMOTION_ARN.split(":").at(-1));
  const { client, ledger, said } = world;
  const ecr = (region: string) => client(ECRClient, { region });
  const promotions = client(SFNClient);
  const step = () => world.step({ env: { ...building.evidence, PROMOTION_ARN }, requestId: crypto.randomUUID() });
  const startedBuild = (): BuildArn =>
    parseBuildArn(String(said.findLast(({ name }) => name === "build.started")?.detail.build));
  return {
    ledger,
    said,
    details: world.details,
    /** Requests a build; Image Builder ends it, with its event, after the given actions. */
    async build(meanwhile = async (): Promise<void> => {}): Promise<BuildArn> {
      await startBuild({ trigger: "manual", image: NODE, requestedBy: "ada" }, step());
      await builder.pass(180);
      await meanwhile();
      await recordBuild({ build: startedBuild() }, step());
      return startedBuild();
    },
    /** Looks up the current base. */
    watch: () => watchBases({}, step()),
    /** A unique trigger, with an event's contents. */
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
    /** Deletes by hand what was pushed to a region. */
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

/** A recipe of Amint's documents, as `stacks/containers/container-recipe.ts` and `stacks/build/images.ts` make it. */
async function makePipeline({ builder: { builder }, component, pipeline }: Building, base: Base): Promise<void> {
  const name = pipelineName(FACTORY, NODE);
  const components = [];
  for (const stem of ["update-al2023-container", "nodejs", "package-manifest", "sbom", "container-smoke"]) {
    components.push(await component(stem));
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
    {
      name,
      distributions: [REGION, OTHER_REGION].map((region) => ({
        region,
        containerDistributionConfiguration: { targetRepository },
      })),
    },
  );
  await pipeline({ name, containerRecipeArn, distributionConfigurationArn });
}
