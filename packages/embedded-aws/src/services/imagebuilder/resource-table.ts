import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Operations } from "../../engine/operation.ts";
import type { ArnShape, Place, ResourceKind } from "./arn.ts";
import type { Readers } from "./filters.ts";
import { findComponent, newestFitting } from "./find-version.ts";
import { managedComponents } from "./managed-components.ts";
import { type BuilderState, cancelNextRun } from "./state.ts";

/** Each resource in Get… and List… responses. */
interface Answers {
  Component: { item: Sdk.Component; summary: Sdk.ComponentVersion };
  ImageRecipe: { item: Sdk.ImageRecipe; summary: Sdk.ImageRecipeSummary };
  ContainerRecipe: { item: Sdk.ContainerRecipe; summary: Sdk.ContainerRecipeSummary };
  InfrastructureConfiguration: {
    item: Sdk.InfrastructureConfiguration;
    summary: Sdk.InfrastructureConfigurationSummary;
  };
  DistributionConfiguration: { item: Sdk.DistributionConfiguration; summary: Sdk.DistributionConfigurationSummary };
  ImagePipeline: { item: Sdk.ImagePipeline; summary: Sdk.ImagePipeline };
}

export type ResourceName = keyof Answers;

export type Item<Name extends ResourceName> = Answers[Name]["item"];

export type Summary<Name extends ResourceName> = Answers[Name]["summary"];

type Calls = Required<Operations<typeof Sdk>>;

type Input<Name extends keyof Calls> = keyof Parameters<Calls[Name]["run"]>[0] & string;

type Output<Name extends keyof Calls> = keyof NonNullable<Awaited<ReturnType<Calls[Name]["run"]>>> & string;

/** The differences between the Get…, List… and Delete… operations of each kind of resource. */
interface Resource<Name extends ResourceName> {
  readonly kind: ResourceKind;
  readonly all: (state: BuilderState) => Map<string, Item<Name>>;
  /** The member with the ARN, in the input of Get… and Delete…. */
  readonly arn: Input<`Get${Name}`> & Input<`Delete${Name}`>;
  /** For resources with versions: the ARN's form, beyond AWS's model. */
  readonly versions?: { readonly get: ArnShape; readonly delete?: ArnShape };
  /** Resolves an ARN; omitted: by exact ARN. */
  readonly find?: (all: ReadonlyMap<string, Item<Name>>, arn: string, place: Place) => Item<Name> | undefined;
  /** The output's member in Get…, and in List…. */
  readonly shown: Output<`Get${Name}`>;
  readonly listed: Output<`List${Name}s`>;
  /** Members of an entry in List…; omitted: the whole resource. */
  readonly summary?: readonly (keyof Item<Name> & keyof Summary<Name>)[];
  /** Additional members of an entry. */
  readonly more?: (item: Item<Name>) => Partial<Summary<Name>>;
  /** For entries in List…. */
  readonly filters: Readers<Summary<Name>>;
  /** The resources that AWS owns. */
  readonly managed?: (place: Place) => Item<Name>[];
  /** The ARNs that other resources refer to; omitted: none. */
  readonly named?: (state: BuilderState) => readonly (string | undefined)[];
  /** What else ends with a resource. */
  readonly ending?: (state: BuilderState, item: Item<Name>) => void;
}

const pipelines = ({ pipelines }: BuilderState): Sdk.ImagePipeline[] => [...pipelines.values()];

const RECIPE_VERSIONS = { get: "version-or-pattern", delete: "version" } as const;

export const RESOURCES: { readonly [Name in ResourceName]: Resource<Name> } = {
  Component: {
    kind: "component",
    all: ({ components }) => components,
    arn: "componentBuildVersionArn",
    versions: { get: "build-or-pattern" },
    find: findComponent,
    managed: managedComponents,
    shown: "component",
    listed: "componentVersionList",
    summary: ["name", "version", "description", "platform", "supportedOsVersions", "type", "owner", "dateCreated"],
    more: ({ arn, state }) => ({ arn: arn?.slice(0, arn.lastIndexOf("/")), status: state?.status }),
    filters: [
      "description",
      "name",
      "platform",
      ["supportedOsVersion", (one) => one.supportedOsVersions],
      "type",
      "version",
    ],
    named: ({ recipes, containerRecipes }) =>
      [...recipes.values(), ...containerRecipes.values()].flatMap(({ components = [] }) =>
        components.map(({ componentArn }) => componentArn),
      ),
  },
  ImageRecipe: {
    kind: "image-recipe",
    all: ({ recipes }) => recipes,
    arn: "imageRecipeArn",
    versions: RECIPE_VERSIONS,
    find: newestFitting,
    shown: "imageRecipe",
    listed: "imageRecipeSummaryList",
    summary: ["arn", "name", "platform", "owner", "parentImage", "dateCreated", "tags"],
    filters: ["name", "parentImage", "platform"],
    named: (state) => pipelines(state).map(({ imageRecipeArn }) => imageRecipeArn),
  },
  ContainerRecipe: {
    kind: "container-recipe",
    all: ({ containerRecipes }) => containerRecipes,
    arn: "containerRecipeArn",
    versions: RECIPE_VERSIONS,
    find: newestFitting,
    shown: "containerRecipe",
    listed: "containerRecipeSummaryList",
    summary: ["arn", "containerType", "name", "platform", "owner", "parentImage", "dateCreated", "tags"],
    more: ({ instanceConfiguration }) => ({ instanceImage: instanceConfiguration?.image }),
    filters: ["containerType", "name", "parentImage", "platform"],
    named: (state) => pipelines(state).map(({ containerRecipeArn }) => containerRecipeArn),
  },
  InfrastructureConfiguration: {
    kind: "infrastructure-configuration",
    all: ({ infrastructures }) => infrastructures,
    arn: "infrastructureConfigurationArn",
    shown: "infrastructureConfiguration",
    listed: "infrastructureConfigurationSummaryList",
    summary: [
      "arn",
      "name",
      "description",
      "dateCreated",
      "dateUpdated",
      "resourceTags",
      "tags",
      "instanceTypes",
      "instanceProfileName",
      "placement",
    ],
    filters: ["name"],
    named: (state) => pipelines(state).map(({ infrastructureConfigurationArn }) => infrastructureConfigurationArn),
  },
  DistributionConfiguration: {
    kind: "distribution-configuration",
    all: ({ distributions }) => distributions,
    arn: "distributionConfigurationArn",
    shown: "distributionConfiguration",
    listed: "distributionConfigurationSummaryList",
    summary: ["arn", "name", "description", "dateCreated", "dateUpdated", "tags"],
    more: ({ distributions = [] }) => ({ regions: distributions.map(({ region }) => region ?? "") }),
    filters: ["name"],
    named: (state) => pipelines(state).map(({ distributionConfigurationArn }) => distributionConfigurationArn),
  },
  ImagePipeline: {
    kind: "image-pipeline",
    all: ({ pipelines }) => pipelines,
    arn: "imagePipelineArn",
    shown: "imagePipeline",
    listed: "imagePipelineList",
    ending: cancelNextRun,
    filters: [
      "containerRecipeArn",
      "description",
      "distributionConfigurationArn",
      "imageRecipeArn",
      "infrastructureConfigurationArn",
      "name",
      "status",
    ],
  },
};
