import { GetInstanceProfileCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetImageRecipeCommand,
  GetInfrastructureConfigurationCommand,
  ImagebuilderClient,
  type ImageRecipe,
  ListImageRecipesCommand,
  ListInfrastructureConfigurationsCommand,
} from "@aws-sdk/client-imagebuilder";
import { credentialsOf, rolePrincipal } from "embedded-aws";
import { pipelineName } from "../../core/names.ts";
import type { Program } from "../../local/boot/boot-factory.ts";
import { bootFactory, type RunningFactory } from "../../local/boot/boot-factory.ts";
import type { ClientOptions } from "../../local/boot/client-options.ts";
import { seedPrerequisites } from "../../local/boot/prerequisites.ts";
import { derivedOrganization } from "../../local/organization/derived-organization.ts";

/** The embedded AWS with a deployed factory, as an image's instances see it. */
export interface FactoryAws {
  /** SDK options with the credentials of the instance profile's role. */
  options(): ClientOptions;
  /** The recipe's parameters for the component at this index. */
  parameters(place: number): Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  close(): Promise<void>;
}

/** @param instanceId of the instance that runs the documents; it names the session of the instance profile's role */
export async function openFactoryAws(
  { factory, blueprint, program }: Program,
  image: string,
  instanceId: string,
): Promise<FactoryAws> {
  const { account, partition, buildRegion } = blueprint;
  const running = await bootFactory({
    factory,
    blueprint,
    program,
    organization: derivedOrganization(factory, account, 1),
    begin: Date.now(),
    plan: {},
    before: (aws) => seedPrerequisites(aws, { factory, account, partition }),
  });
  try {
    const name = pipelineName(factory.name, image);
    const recipe = await recipeOf(running, name);
    const role = await roleOf(running, name);
    const components = recipe.components ?? [];
    return {
      options: () => ({
        ...running.options,
        credentials: credentialsOf(running.booted.aws).issue(rolePrincipal(role, instanceId)),
      }),
      parameters: (place) =>
        Object.fromEntries(
          (components[place]?.parameters ?? []).map(({ name: key = "", value = [] }) => [key, value[0] ?? ""]),
        ),
      workingDirectory: recipe.workingDirectory ?? "/tmp",
      close: () => running.close(),
    };
  } catch (error) {
    await running.close();
    throw error;
  }

  /** A deployment creates one version of each recipe. */
  async function recipeOf({ options }: RunningFactory, name: string): Promise<ImageRecipe> {
    const client = new ImagebuilderClient(options);
    const { imageRecipeSummaryList = [] } = await client.send(
      new ListImageRecipesCommand({ filters: [{ name: "name", values: [name] }] }),
    );
    const { imageRecipe = {} } = await client.send(
      new GetImageRecipeCommand({ imageRecipeArn: imageRecipeSummaryList[0]?.arn }),
    );
    return imageRecipe;
  }

  async function roleOf({ options }: RunningFactory, name: string): Promise<string> {
    const client = new ImagebuilderClient(options);
    const { infrastructureConfigurationSummaryList = [] } = await client.send(
      new ListInfrastructureConfigurationsCommand({ filters: [{ name: "name", values: [name] }] }),
    );
    const [found] = infrastructureConfigurationSummaryList;
    const { infrastructureConfiguration } = await client.send(
      new GetInfrastructureConfigurationCommand({ infrastructureConfigurationArn: found?.arn }),
    );
    const { InstanceProfile } = await new IAMClient({ ...options, region: buildRegion }).send(
      new GetInstanceProfileCommand({ InstanceProfileName: infrastructureConfiguration?.instanceProfileName }),
    );
    return InstanceProfile?.Roles?.[0]?.Arn ?? "";
  }
}
