import type { InstanceStateName } from "@aws-sdk/client-ec2";
import type { GetContainerRecipeCommandOutput, ListContainerRecipesCommandOutput } from "@aws-sdk/client-imagebuilder";
import { findService } from "../../../engine/find-service.ts";
import type { Call } from "../../../engine/operation.ts";
import { builderState } from "../../imagebuilder/state.ts";
import { latest, ssmState } from "../../ssm/state.ts";
import { ec2Arn } from "../authorization.ts";
import { instancesOf } from "../instances/instance.ts";
import { templatesState } from "../launch-templates/launch-template.ts";

export const REFERENCING = [
  "ec2:Instance",
  "ec2:LaunchTemplate",
  "ssm:Parameter",
  "imagebuilder:ImageRecipe",
  "imagebuilder:ContainerRecipe",
] as const;
export type Referencing = (typeof REFERENCING)[number];

/** The resources that a request searches. */
export interface AskedResources {
  readonly types: ReadonlySet<Referencing>;
  /** For instances. */
  readonly states: ReadonlySet<InstanceStateName>;
  /** Number of launch template versions, newest first. */
  readonly versionDepth: number;
}

/** A resource of the caller's account and region, and an image that it names. */
interface Reference {
  readonly imageId: string;
  readonly type: Referencing;
  readonly arn: string;
}

type Named = Omit<Reference, "type">;

/**
 * Every reference of the requested kinds, whichever account owns the images. It is not documented whether a resource counts that
 * names its image by a parameter (`resolve:ssm:...`, `ssm:...`); the parameter itself does.
 */
export async function findReferences(call: Call, asked: AskedResources): Promise<Reference[]> {
  const found: Reference[] = [];
  for (const type of asked.types) {
    const named = type === "imagebuilder:ContainerRecipe" ? await containerRecipes(call) : read[type](call, asked);
    for (const one of named) found.push({ type, ...one });
  }
  return found;
}

const read: Readonly<
  Record<Exclude<Referencing, "imagebuilder:ContainerRecipe">, (call: Call, asked: AskedResources) => Named[]>
> = {
  "ec2:Instance": (call, { states }) =>
    [...instancesOf(call.aws, call).values()]
      .filter(({ state }) => states.has(state))
      .map(({ id, launch }) => ({ imageId: launch.imageId, arn: ec2Arn(call, "instance", id) })),

  "ec2:LaunchTemplate": (call, { versionDepth }) =>
    [...call.aws.state(templatesState, call.account, call.region).templates.values()].flatMap(({ id, versions }) =>
      distinct(versions.slice(-versionDepth).flatMap(({ data }) => data.ImageId ?? [])).map((imageId) => ({
        imageId,
        arn: ec2Arn(call, "launch-template", id),
      })),
    ),

  // A SecureString's value is not decrypted: EC2 requires only GetParameters, and no key.
  "ssm:Parameter": ({ aws, account, region }) =>
    [...aws.state(ssmState, account, region).parameters.values()].flatMap((parameter) => {
      const { type, value } = latest(parameter);
      const values = type === "SecureString" ? [] : type === "StringList" ? value.split(",") : [value];
      return distinct(values).map((imageId) => ({ imageId, arn: parameter.arn }));
    }),

  "imagebuilder:ImageRecipe": ({ aws, account, region }) =>
    [...aws.state(builderState, account, region).recipes.values()].map(({ parentImage = "", arn = "" }) => ({
      imageId: parentImage,
      arn,
    })),
};

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/**
 * The AMI of the build instances of each container recipe in the account. Calls Image Builder's own operations, as EC2
 * does; an Image Builder without container recipes has none.
 */
async function containerRecipes(call: Call): Promise<Named[]> {
  const named: Named[] = [];
  let nextToken: string | undefined;
  do {
    const page = await carryOut<ListContainerRecipesCommandOutput>(call, "ListContainerRecipes", {
      owner: "Self",
      ...(nextToken !== undefined && { nextToken }),
    });
    for (const { arn = "" } of page?.containerRecipeSummaryList ?? []) {
      const asked = { containerRecipeArn: arn };
      const recipe = await carryOut<GetContainerRecipeCommandOutput>(call, "GetContainerRecipe", asked);
      const imageId = recipe?.containerRecipe?.instanceConfiguration?.image;
      if (imageId !== undefined) named.push({ imageId, arn });
    }
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return named;
}

/** EC2 was authorized for it before. Undefined if Image Builder does not have the operation. */
async function carryOut<Output>(call: Call, name: string, input: object): Promise<Output | undefined> {
  // Its first use loads a module, so virtual time must wait.
  const service = await call.aws.clock.hold(findService(call.aws, "imagebuilder"));
  return (await service?.operations[name]?.run(input as never, call)) as Output | undefined;
}
