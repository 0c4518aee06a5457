import type { Factory } from "../factory/factory-schema.ts";

type Parent = Factory["images"][string]["parent"];

/** What names the base of an image: a public SSM parameter, or a registry's container image by a tag. */
export const baseName = (parent: Parent): string | undefined => {
  if ("ssm" in parent) return parent.ssm;
  return "container" in parent ? parent.container : undefined;
};

/** Images that are rebuilt when what their parent's name means is replaced. */
export const watchedBases = ({ images }: Factory): { image: string; name: string }[] =>
  Object.entries(images).flatMap(([image, { parent, triggers }]) => {
    const name = triggers.base ? baseName(parent) : undefined;
    return name === undefined ? [] : [{ image, name }];
  });

/** Public parameters' names begin so; no container image's does. */
export const isParameter = (name: string): boolean => name.startsWith("/");
