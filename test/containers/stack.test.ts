import { describe, expect, it } from "vitest";
import factory from "../../factory.config.ts";
import { grantsOf, list } from "../architecture/policies.ts";
import { at, resourcesOf } from "../world/read-blueprint.ts";

const repositories = resourcesOf("Repository");
const images = Object.entries(factory.images).filter(([, { kind }]) => kind === "container");
const policies = resourcesOf("RepositoryPolicy");

describe("a container image's repositories", () => {
  it("exist for builds and for each channel, in every region of the image", () => {
    const wanted = images.flatMap(([image, { channels }]) =>
      ["builds", ...channels.map(({ name }) => name)].flatMap((place) =>
        factory.regions.map((region) => `${region} ${factory.name}/${image}/${place}`),
      ),
    );

    expect(images).not.toEqual([]);
    expect(repositories.map((one) => `${one.region} ${at(one, "name")}`).toSorted()).toEqual(wanted.toSorted());
  });

  it("are encrypted with the region's key, and have immutable tags except for channels' tags", () => {
    for (const repository of repositories) {
      const name = at<string>(repository, "name");
      const [encryption] = at<{ encryptionType: string; kmsKey: string }[]>(repository, "encryptionConfigurations");
      expect(encryption?.encryptionType).toBe("KMS");
      expect(encryption?.kmsKey).toContain(`:kms:${repository.region}:`);
      const channel = name.split("/").at(-1);
      if (channel === "builds") expect(at(repository, "imageTagMutability")).toBe("IMMUTABLE");
      else {
        expect(at(repository, "imageTagMutability")).toBe("IMMUTABLE_WITH_EXCLUSION");
        expect(at(repository, "imageTagMutabilityExclusionFilters")).toEqual([
          { filter: channel, filterType: "WILDCARD" },
        ]);
      }
    }
  });

  it("share no image with other accounts before its gate", () => {
    const given = policies.map((policy) => at<string>(policy, "repository"));

    expect(given.filter((name) => name.endsWith("/builds"))).toEqual([]);
    expect(new Set(given).size).toBe(repositories.length / factory.regions.length - images.length);
  });

  it("expire only untagged images, and only in the builds' repository", () => {
    for (const lifecycle of resourcesOf("LifecyclePolicy")) {
      expect(at(lifecycle, "repository")).toMatch(/\/builds$/);
      const rules = at<{ selection: { tagStatus: string } }[]>(lifecycle, "policy", "rules");
      expect(rules.map(({ selection }) => selection.tagStatus)).toEqual(["untagged"]);
    }
  });

  it("accept pushes from container build instances, except channels' repositories", () => {
    const pushing = resourcesOf("Role").filter((role) =>
      grantsOf(role).some(({ Action }) => list(Action).includes("ecr:PutImage")),
    );
    const instance = pushing.find(({ name }) => name === "ContainerBuildInstanceRole");

    const pushed = grantsOf(instance!)
      .filter(({ Action }) => list(Action).includes("ecr:PutImage"))
      .flatMap(({ Resource }) => list(Resource));
    for (const resource of pushed) expect(resource).toMatch(/(\/builds|image-builder-image-scanning-repository)$/);
  });
});

describe("a container image's pipeline", () => {
  it("starts from the configured parent, and pushes to the builds' repository", () => {
    for (const recipe of resourcesOf("ContainerRecipe")) {
      expect(at(recipe, "targetRepository", "repositoryName")).toMatch(/\/builds$/);
      expect(at(recipe, "parentImage")).toMatch(/(:[\w.-]+|@sha256:[0-9a-f]{64})$/);
    }
  });

  it("is distributed to the builds' repositories, the build region listed first", () => {
    const distributions = resourcesOf("DistributionConfiguration").filter(
      (one) => at(one, "distributions", 0, "containerDistributionConfiguration") !== undefined,
    );

    expect(distributions).toHaveLength(images.length);
    for (const distribution of distributions) {
      const regions = at<{ region: string }[]>(distribution, "distributions").map(({ region }) => region);
      expect(regions[0]).toBe(factory.buildRegion);
      expect(regions.toSorted()).toEqual(factory.regions.toSorted());
    }
  });

  it("is scanned by Inspector", () => {
    const [enabler] = resourcesOf("Enabler");

    expect(at(enabler!, "resourceTypes")).toEqual(["EC2", "ECR"]);
  });
});
