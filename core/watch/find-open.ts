import type { Image } from "../factory/image-schema.ts";
import type { Manifest } from "../manifest.ts";
import type { Advisory } from "../packages/advisory.ts";
import { findApplicable } from "../packages/find-applicable.ts";
import { operatingSystems } from "../packages/operating-system.ts";

interface Asked {
  readonly image: string;
  readonly config: Pick<Image, "os" | "architecture">;
  readonly packages: Manifest;
  readonly advisories: readonly Advisory[];
}

/** Of a feed's advisories those that are worth remembering. */
interface Open {
  /** On what is installed in an older version, however severe: the config's thresholds and waivers can change. */
  readonly open: readonly Advisory[];
  /** On what is installed, and nobody knows whether they apply. */
  readonly unjudged: readonly { readonly advisory: string; readonly reason: string }[];
}

/** Which advisories concern what is installed in an image, whatever its config makes of them. */
export function findOpen({ image, config, packages, advisories }: Asked): Open {
  const { os, architecture } = config;
  const { applicable, passedOver, unjudged } = findApplicable({
    image,
    packages,
    manager: operatingSystems[os].manager,
    architecture,
    advisories,
    threshold: "unknown",
    waivers: [],
    today: "",
  });
  const ids = new Set(applicable.map(({ id }) => id));
  return {
    open: advisories.filter(({ id }) => ids.has(id)),
    unjudged: [
      ...passedOver,
      ...unjudged.map((one) => ({ advisory: one.advisory, reason: `${one.package}: ${one.reason}` })),
    ],
  };
}
