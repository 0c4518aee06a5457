import { imageSystemOf } from "../component/image-system.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

const defaults: Readonly<Record<Image["architecture"], readonly string[]>> = {
  x86_64: ["m7i.large", "m6i.large", "m5.large"],
  arm64: ["m7g.large", "m6g.large"],
};

/** What an image is built and tested on. */
export const instanceTypesOf = (
  factory: Pick<Factory, "instanceTypes">,
  { instanceTypes, architecture, os }: Pick<Image, "instanceTypes" | "architecture" | "os">,
): readonly string[] =>
  instanceTypes ?? factory.instanceTypes?.[architecture] ?? imageSystemOf(os).instanceTypes ?? defaults[architecture];
