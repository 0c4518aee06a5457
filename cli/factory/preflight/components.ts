import { GetComponentCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { checkParameters } from "../../../core/component/check-parameters.ts";
import type { Component } from "../../../core/factory/component-schema.ts";
import { type Check, fails, fine } from "../../../core/factory/preflight/check.ts";
import type { Asked, AwsCheck } from "./aws-check.ts";

/** Components of other owners: checks that this account can use them and that they accept the config's parameters. */
export const foreignComponents = ({ factory: { images, buildRegion }, blueprint, client }: Asked): AwsCheck[] =>
  Object.entries(images).flatMap(([name, image]) =>
    (["components", "tests"] as const).flatMap((list) =>
      image[list].flatMap((component, nth): AwsCheck[] => {
        if ("document" in component) return [];
        const arn =
          "arn" in component
            ? component.arn
            : `arn:${blueprint.partition}:imagebuilder:${buildRegion}:aws:component/${component.aws}/x.x.x`;
        const subject = { check: "component", where: `images.${name}.${list}[${nth}]` };
        return [
          {
            ...subject,
            actions: "imagebuilder:GetComponent",
            run: () => checkComponent(client(ImagebuilderClient, buildRegion), arn, component, subject),
          },
        ];
      }),
    ),
  );

async function checkComponent(
  client: ImagebuilderClient,
  arn: string,
  { parameters }: Component,
  subject: { readonly check: string; readonly where: string },
): Promise<Check[]> {
  const breaks = "the deployment: CreateImageRecipe";
  try {
    const { component } = await client.send(new GetComponentCommand({ componentBuildVersionArn: arn }));
    const declared = (component?.parameters ?? []).map(({ name = "", defaultValue }) => ({
      name,
      default: defaultValue?.[0],
    }));
    const faults = checkParameters({ parameters: declared, constants: [] }, Object.keys(parameters));
    if (faults.length === 0) return [fine(subject, component?.arn ?? arn)];
    return faults.map(({ what }) => fails(subject, what, breaks, `correct ${subject.where}.parameters`));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceNotFoundException") throw error;
    return [fails(subject, `no component ${arn}`, breaks, "name one that exists, or have it shared with this account")];
  }
}
