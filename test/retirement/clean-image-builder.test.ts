import { DescribeSubnetsCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateComponentCommand,
  CreateContainerRecipeCommand,
  type CreateContainerRecipeCommandInput,
  CreateImagePipelineCommand,
  CreateImageRecipeCommand,
  CreateInfrastructureConfigurationCommand,
  DeleteContainerRecipeCommand,
  ImagebuilderClient,
  ListComponentsCommand,
  ListContainerRecipesCommand,
  ListImageRecipesCommand,
  ListImagesCommand,
} from "@aws-sdk/client-imagebuilder";
import { VirtualClock } from "embedded-aws";
import { builderState, type ImageRecord } from "embedded-aws/state";
import { document } from "embedded-aws/testing/imagebuilder";
import { expect, test } from "vitest";
import { recordCopy } from "../../adapters/promotion/promotion.ts";
import { recordRetiredRegion, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { FACTORY } from "../world/organization.ts";
import { roleCredentials } from "../world/roles.ts";
import { sdkClients } from "../world/sdk-clients.ts";
import { HOUR } from "../world/time.ts";
import { openCleaning } from "./cleaning-world.ts";

const NAME = `sharing-${IMAGE}`;
const tags = { "amint:factory": "sharing" };
const DOCKERFILE = `FROM {{{ imagebuilder:parentImage }}}
{{{ imagebuilder:environments }}}
{{{ imagebuilder:components }}}
`;

/** The clean-up with its role's rights, and Image Builder's parts as deployments leave them. */
async function openBuilder() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const world = await openCleaning({}, clock);
  const { aws, optionsOf } = world;
  const builder = new ImagebuilderClient(optionsOf(FACTORY));
  const own = world.step().client;
  const clientOf = async (role: string) => {
    const asRole = sdkClients({ ...optionsOf(FACTORY), credentials: await roleCredentials(world, role) });
    return instead(
      instead(own, EC2Client, (region) => asRole(EC2Client, region)),
      ImagebuilderClient,
      () => asRole(ImagebuilderClient),
    );
  };
  const [client, marking] = [await clientOf("CleanUpRole"), await clientOf("MarkLeftoversRole")];
  await new ECRClient(optionsOf(FACTORY)).send(new CreateRepositoryCommand({ repositoryName: "builds" }));
  const images = aws.state(builderState, FACTORY, HOME).images;
  return {
    ...world,
    builder,
    run: (day: number) => world.onDay(day, client, marking),
    async component(version: string) {
      const { componentBuildVersionArn = "" } = await builder.send(
        new CreateComponentCommand({
          name: "sharing-smoke",
          semanticVersion: version,
          platform: "Linux",
          data: document("build", "Step"),
          tags,
        }),
      );
      return componentBuildVersionArn;
    },
    async recipe(version: string, component: string) {
      const { imageRecipeArn = "" } = await builder.send(
        new CreateImageRecipeCommand({
          name: NAME,
          semanticVersion: version,
          parentImage: "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
          components: [{ componentArn: component }],
          tags,
        }),
      );
      return imageRecipeArn;
    },
    async containerRecipe(version: string, component: string, more: Partial<CreateContainerRecipeCommandInput> = {}) {
      const { containerRecipeArn = "" } = await builder.send(
        new CreateContainerRecipeCommand({
          name: NAME,
          semanticVersion: version,
          containerType: "DOCKER",
          parentImage: "public.ecr.aws/amazonlinux/amazonlinux:2023",
          platformOverride: "Linux",
          dockerfileTemplateData: DOCKERFILE,
          components: [{ componentArn: component }],
          targetRepository: { service: "ECR", repositoryName: "builds" },
          tags,
          ...more,
        }),
      );
      return containerRecipeArn;
    },
    async pipeline(recipe: string, of: "imageRecipeArn" | "containerRecipeArn" = "imageRecipeArn", name = NAME) {
      const { infrastructureConfigurationArn } = await builder.send(
        new CreateInfrastructureConfigurationCommand({ name, instanceProfileName: "builder" }),
      );
      await builder.send(new CreateImagePipelineCommand({ name, [of]: recipe, infrastructureConfigurationArn }));
    },
    /** An image as Image Builder has it when its build has ended, or not. */
    addImage(arn: string, status: "AVAILABLE" | "BUILDING", type: "AMI" | "DOCKER" = "AMI") {
      const [, name, version] = arn.split("/");
      const image = { arn, name, version, type, state: { status } };
      images.set(arn, { image, account: FACTORY, region: HOME } as unknown as ImageRecord);
    },
    told: () =>
      world.said.flatMap(({ name, detail }) =>
        name === "leftovers.removed" ? (detail.removed as { kind: string; id: string; why: string }[]) : [],
      ),
    async parts() {
      const [recipes, containers, components, found] = await Promise.all([
        builder.send(new ListImageRecipesCommand({ owner: "Self" })),
        builder.send(new ListContainerRecipesCommand({ owner: "Self" })),
        builder.send(new ListComponentsCommand({ owner: "Self" })),
        builder.send(new ListImagesCommand({ owner: "Self" })),
      ]);
      const versionOf = ({ arn }: { arn?: string | undefined }) => arn?.split("/")[2];
      return {
        recipes: recipes.imageRecipeSummaryList?.map(versionOf),
        containerRecipes: containers.containerRecipeSummaryList?.map(({ arn }) => arn),
        components: components.componentVersionList?.map(versionOf),
        images: found.imageVersionList?.map(({ arn }) => arn?.slice(arn.indexOf("/") + 1)),
      };
    },
    async live(days: number) {
      await clock.runUntil(clock.now() + days * 24 * HOUR);
    },
  };
}

test("replaced versions of recipes and components go, once no image is of them", async () => {
  const world = await openBuilder();
  const first = await world.component("1.0.0");
  await world.recipe("1.0.0", first);
  await world.recipe("1.0.1", first);
  await world.live(1);
  const second = await world.component("1.7.0");
  await world.pipeline(await world.recipe("1.7.0", second));
  world.addImage(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${NAME}/1.0.1/4`, "BUILDING");

  await world.run(13);
  const kept = await world.parts();
  await world.run(15);
  const some = await world.parts();
  world.aws.state(builderState, FACTORY, HOME).images.clear();
  await world.run(16);
  const { removed } = await world.run(17);

  expect(kept).toMatchObject({ recipes: ["1.0.0", "1.0.1", "1.7.0"], components: ["1.0.0", "1.7.0"] });
  expect(some).toMatchObject({ recipes: ["1.0.1", "1.7.0"], components: ["1.0.0", "1.7.0"] });
  expect(await world.parts()).toMatchObject({ recipes: ["1.7.0"], components: ["1.7.0"] });
  expect(removed).toBe(0);
  expect(world.told()).toMatchObject([
    { kind: "recipe", id: expect.stringContaining("/1.0.0") },
    { kind: "component", id: first },
    { kind: "recipe", id: expect.stringContaining("/1.0.1") },
  ]);
});

test("what was removed from the config goes, container recipes among it, recipes before their components", async () => {
  const world = await openBuilder();
  const removed = await world.component("1.0.0");
  const image = await world.recipe("1.0.0", removed);
  const container = await world.containerRecipe("1.0.0", removed);
  const others = await world.containerRecipe("1.0.0", removed, { name: "by-hand", tags: { team: "other" } });

  await world.run(13);
  const early = await world.parts();
  await world.run(15);
  const late = await world.parts();
  await world.builder.send(new DeleteContainerRecipeCommand({ containerRecipeArn: others }));
  await world.run(16);

  expect(early).toMatchObject({ recipes: ["1.0.0"], containerRecipes: [container, others], components: ["1.0.0"] });
  expect(late).toMatchObject({ recipes: [], containerRecipes: [others], components: ["1.0.0"] });
  expect(await world.parts()).toMatchObject({ containerRecipes: [], components: [] });
  expect(world.told()).toMatchObject([
    { kind: "recipe", id: container },
    { kind: "recipe", id: image, why: "no pipeline, recipe or image uses it" },
    { kind: "component", id: removed },
  ]);
});

test("a container recipe stays while a pipeline, a build under way or a child has it", async () => {
  const world = await openBuilder();
  const part = await world.component("1.0.0");
  const building = await world.containerRecipe("1.0.0", part);
  const used = await world.containerRecipe("1.0.1", part);
  const forChild = await world.containerRecipe("1.0.0", part, { name: "parent" });
  await world.pipeline(used, "containerRecipeArn");
  world.addImage(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${NAME}/1.0.0/1`, "BUILDING");
  const parent = `arn:aws:imagebuilder:${HOME}:${FACTORY}:image/parent/1.0.0/1`;
  world.addImage(parent, "AVAILABLE", "DOCKER");
  const child = await world.containerRecipe("1.0.0", part, { name: "child", parentImage: parent });
  await world.pipeline(child, "containerRecipeArn", "child");
  world.aws.state(builderState, FACTORY, HOME).images.delete(parent);

  await world.run(15);

  expect(await world.parts()).toMatchObject({
    containerRecipes: [building, used, forChild, child],
    components: ["1.0.0"],
  });
  expect(world.told()).toEqual([]);
});

test("a retired build's image resources go when it can no longer be restored, its copies' too; a used one's stay", async () => {
  const world = await openBuilder();
  const [retired, used] = [await world.addBuild(1), await world.addBuild(2)];
  const copyOf = (nth: number) => parseBuildArn(`arn:aws:imagebuilder:${HOME}:${FACTORY}:image/copy/1.0.0/${nth}`);
  for (const [nth, { build, amis }] of [retired, used].entries()) {
    await recordCopy(world.ledger, build, { region: "us-east-1", copy: copyOf(nth), amiId: amis["us-east-1"]! }, build);
    for (const arn of [build, copyOf(nth)]) world.addImage(arn, "AVAILABLE");
  }
  const at = new Date(world.aws.clock.now()).toISOString();
  const { build, amis } = retired;
  await recordRetirement(world.ledger, { image: IMAGE, build, stage: "deregistered", at, why: [] }, undefined);
  for (const region of REGIONS) {
    const done = { stage: "deregistered" as const, at };
    await recordRetiredRegion(world.ledger, { build, region, amiId: amis[region]!, done, proofs: {} });
  }

  await world.run(13);
  const kept = await world.parts();
  await world.run(14);

  expect(kept.images).toEqual([`${NAME}/1.0.0`, "copy/1.0.0"]);
  const left = [...world.aws.state(builderState, FACTORY, HOME).images.keys()];
  expect(left).toEqual([used.build, copyOf(1)]);
  expect(world.said.at(-1)?.detail.removed).toContainEqual({
    kind: "image-resource",
    id: build,
    region: HOME,
    image: IMAGE,
    build,
    why: "it is retired",
  });
});

test("instances whose builds ended a day ago are terminated; those of a build under way, and others', are not", async () => {
  const world = await openBuilder();
  const { amis } = await world.addBuildWithSnapshots(1);
  const image = (nth: number) => `arn:aws:imagebuilder:${HOME}:${FACTORY}:image/${NAME}/1.0.0/${nth}`;
  const ec2 = new EC2Client(world.optionsOf(FACTORY));
  const { Subnets: [subnet] = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const launch = async (own: Record<string, string>) => {
    const Tags = Object.entries(own).map(([Key, Value]) => ({ Key, Value }));
    const TagSpecifications = [{ ResourceType: "instance" as const, Tags }];
    const where = { ImageId: amis[HOME], SubnetId: subnet?.SubnetId, InstanceType: "t3.micro" as const };
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({ ...where, MinCount: 1, MaxCount: 1, TagSpecifications }),
    );
    return Instances[0]?.InstanceId ?? "";
  };
  const byBuilder = { ...tags, CreatedBy: "EC2 Image Builder" };
  world.addImage(image(7), "AVAILABLE");
  world.addImage(image(8), "BUILDING");
  const ended = await launch({ ...byBuilder, Ec2ImageBuilderArn: image(7) });
  const forgotten = await launch({ ...byBuilder, Ec2ImageBuilderArn: image(9) });
  await launch({ ...byBuilder, Ec2ImageBuilderArn: image(8) });
  await launch({ ...tags, Ec2ImageBuilderArn: image(7) });
  await launch({ CreatedBy: "EC2 Image Builder", Ec2ImageBuilderArn: image(7) });

  const { removed: early } = await world.run(0.9);
  const { removed } = await world.run(1.1);
  const { removed: again } = await world.run(2.2);

  expect([early, removed, again]).toEqual([0, 2, 0]);
  expect(world.told().toSorted((one) => (one.id === ended ? -1 : 1))).toMatchObject([
    { kind: "instance", id: ended, why: expect.stringContaining("did not terminate it when its build ended") },
    { kind: "instance", id: forgotten, why: expect.stringContaining("does not have the image") },
  ]);
});
