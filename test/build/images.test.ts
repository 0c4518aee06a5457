import { describe, expect, it } from "vitest";
import { addedDocuments } from "../../core/component/added-documents.ts";
import factory from "../../factory.config.ts";
import { at, namesOf, resourcesOf } from "../world/read-blueprint.ts";

const pipelines = resourcesOf("ImagePipeline");
const recipes = resourcesOf("ImageRecipe");
const everyRecipe = [...recipes, ...resourcesOf("ContainerRecipe")];
/** Names of the images of a kind, as their pipelines are called. */
const pipelinesOf = (wanted: "ami" | "container") =>
  Object.entries(factory.images).flatMap(([image, { kind }]) => (kind === wanted ? [`${factory.name}-${image}`] : []));
const buildRegionsKey = /:key\/\$\{ImageKeyEuWest1\.keyId\}$/;

interface Device {
  deviceName: string;
  ebs: { encrypted: string; kmsKeyId: string };
}

describe("an image's pipeline", () => {
  it("exists for each image of the factory", () => {
    const names = pipelines.map((pipeline) => at<string>(pipeline, "name"));

    expect(names.toSorted()).toEqual(
      Object.keys(factory.images)
        .map((image) => `${factory.name}-${image}`)
        .toSorted(),
    );
  });

  it("distributes no AMI: the promotion does, after the gate", () => {
    const distributing = pipelines.filter((pipeline) => at(pipeline, "distributionConfigurationArn"));

    const names = distributing.map((pipeline) => at<string>(pipeline, "name"));
    expect(names.filter((name) => pipelinesOf("ami").includes(name))).toEqual([]);
  });

  it("has no schedule, which would start builds without the factory", () => {
    expect(namesOf(pipelines.filter((pipeline) => at(pipeline, "schedule")))).toEqual([]);
  });

  it("tests and scans every build", () => {
    for (const pipeline of pipelines) {
      expect(at(pipeline, "imageTestsConfiguration")).toEqual({ imageTestsEnabled: true });
      expect(at(pipeline, "imageScanningConfiguration")).toEqual({ imageScanningEnabled: true });
    }
  });

  it("logs where Image Builder's role may write", () => {
    const groups = pipelines.map((pipeline) => at<string>(pipeline, "loggingConfiguration", "imageLogGroupName"));

    expect(groups.filter((name) => !name.startsWith("/aws/imagebuilder/"))).toEqual([]);
    expect(resourcesOf("LogGroup").map((group) => at(group, "name"))).toEqual(expect.arrayContaining(groups));
  });
});

describe("an image's recipe", () => {
  it("encrypts every block device with the build region's key, by its full ARN", () => {
    for (const recipe of recipes) {
      const devices = at<Device[]>(recipe, "blockDeviceMappings");
      expect(devices.length).toBeGreaterThan(0);
      for (const { ebs } of devices) {
        expect(ebs.encrypted).toBe("true");
        expect(ebs.kmsKeyId).toMatch(buildRegionsKey);
      }
    }
  });

  it("starts from a parameter, never from an image that has not passed its gate", () => {
    const parents = recipes.map((recipe) => at<string>(recipe, "parentImage"));

    for (const parent of parents) expect(parent).toMatch(/^ssm:\/(aws\/service|imagebuilder\/amint-parents)\//);
  });

  it("writes package manifest and bill of materials after everything that installs, and before the tests", () => {
    for (const [name, image] of Object.entries(factory.images)) {
      const recipe = everyRecipe.find((one) => at(one, "name") === `${factory.name}-${name}`)!;
      const { afterBuild, afterTests } = addedDocuments(image);

      const components = at<{ componentArn: string; parameters?: object[] }[]>(recipe, "components");

      expect(components.length).toBe(
        image.components.length + image.tests.length + afterBuild.length + afterTests.length,
      );
      const parameters = [{ name: "EvidenceBucket" }, { name: "RoleId" }];
      expect(components.slice(image.components.length, image.components.length + 2)).toMatchObject([
        { componentArn: expect.stringContaining("/acme-package-manifest/"), parameters },
        { componentArn: expect.stringContaining("/acme-sbom/"), parameters },
      ]);
    }
  });

  it("evaluates the gate's benchmark last, with pinned content", () => {
    for (const [name, { gate }] of Object.entries(factory.images)) {
      const recipe = everyRecipe.find((one) => at(one, "name") === `${factory.name}-${name}`)!;

      const last = at<{ componentArn: string; parameters?: { name: string; value: string }[] }[]>(
        recipe,
        "components",
      ).at(-1);

      const scanner = { openscap: "/acme-openscap/", inspector: "/acme-inspector-cis/" }[
        gate.benchmark?.by ?? "openscap"
      ];
      expect(last?.componentArn.includes(scanner)).toBe(gate.benchmark !== undefined);
      if (!gate.benchmark) continue;
      if (gate.benchmark.by === "inspector") {
        expect(last?.parameters).toEqual([
          { name: "Factory", value: factory.name },
          { name: "Level", value: `LEVEL_${gate.benchmark.level}` },
        ]);
        continue;
      }
      expect(last?.parameters).toEqual(
        expect.arrayContaining([
          { name: "ContentUrl", value: gate.benchmark.content.url },
          { name: "ContentSha256", value: gate.benchmark.content.sha256 },
          { name: "Profile", value: gate.benchmark.profile },
        ]),
      );
    }
  });

  it("tags its AMIs, so that only they can be shared", () => {
    for (const recipe of recipes) expect(at(recipe, "amiTags", "amint:factory")).toBe(factory.name);
  });
});

describe("an image's instances", () => {
  it("provide credentials through IMDSv2 only, with a hop limit for their containers", () => {
    const infrastructures = resourcesOf("InfrastructureConfiguration");

    expect(infrastructures).toHaveLength(pipelines.length);
    for (const infrastructure of infrastructures) {
      const hops = pipelinesOf("container").includes(at(infrastructure, "name")) ? 2 : 1;
      expect(at(infrastructure, "instanceMetadataOptions")).toEqual({
        httpTokens: "required",
        httpPutResponseHopLimit: hops,
      });
    }
  });

  it("end when a build fails", () => {
    const lasting = resourcesOf("InfrastructureConfiguration").filter(
      (one) => at(one, "terminateInstanceOnFailure") !== true,
    );

    expect(namesOf(lasting)).toEqual([]);
  });

  it("allow no inbound traffic, and outbound HTTPS and HTTP", () => {
    const [group, ...others] = resourcesOf("SecurityGroup");

    expect(others).toEqual([]);
    expect(at(group!, "ingress")).toEqual([]);
    expect(at<{ toPort: number }[]>(group!, "egress").map(({ toPort }) => toPort)).toEqual([443, 80]);
  });
});

describe("an AMI's distribution", () => {
  const distributions = resourcesOf("DistributionConfiguration").filter(
    (one) => !pipelinesOf("container").includes(at(one, "name")),
  );

  it("exists per image and other region, so that one region can be retried alone", () => {
    const others = factory.regions.filter((region) => region !== factory.buildRegion);
    const wanted = pipelinesOf("ami").flatMap((name) => others.map((region) => `${name}-${region}`));

    expect(distributions.map((one) => at<string>(one, "name")).toSorted()).toEqual(wanted.toSorted());
  });

  it("shares nothing and publishes nothing", () => {
    const text = JSON.stringify(distributions);

    expect(text).not.toMatch(/launchPermission|targetAccountIds|ssmParameterConfigurations|launchTemplate/);
  });

  it("encrypts the copy with the key of its own region", () => {
    for (const distribution of distributions) {
      const [only] = at<{ region: string; amiDistributionConfiguration: { kmsKeyId: string } }[]>(
        distribution,
        "distributions",
      );
      expect(only?.amiDistributionConfiguration.kmsKeyId).toContain(`:kms:${only?.region}:`);
    }
  });
});

describe("the factory's keys", () => {
  it("are single-Region keys, one per region, and rotated", () => {
    // Slack's secrets have a separate one.
    const keys = resourcesOf("Key").filter(({ name }) => !name.includes("Slack"));

    expect(keys.map(({ region }) => region).toSorted()).toEqual([...factory.regions].toSorted());
    for (const key of keys) expect(key.inputs).toMatchObject({ enableKeyRotation: true, multiRegion: false });
  });
});
