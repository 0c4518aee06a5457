import { imageSystemOf } from "../../core/component/image-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Finding } from "./finding.ts";

/** Images of operating systems that Image Builder does not list as supported. */
export const checkSystems = ({ images }: Pick<Factory, "images">): Finding[] =>
  Object.entries(images).flatMap(([name, { os, kind }]): Finding[] => {
    const { unlisted, installsAgent } = imageSystemOf(os);
    if (!unlisted || kind !== "ami") return [];
    const agent = installsAgent ? "; the recipe's user data installs the Systems Manager agent" : "";
    return [
      {
        where: `images.${name}.os`,
        what: `${os} is not in Image Builder's list of supported operating systems`,
        fix: `build and test it in AWS before others depend on it${agent}`,
        warning: true,
      },
    ];
  });
