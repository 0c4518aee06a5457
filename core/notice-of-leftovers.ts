import type * as z from "zod";
import type { leftoversRemoved, RemovedThing } from "../events/leftovers-removed.ts";
import { buildVersion } from "./build-arn.ts";
import type { Notice } from "./notice.ts";

const MOST_NAMED = 20;

/** What was removed, whose it was, and why nobody would have used it. */
export function describeLeftoversRemoved({ removed, more }: z.output<typeof leftoversRemoved.detail>): Notice {
  const count = removed.length + more;
  const unnamed = count - Math.min(removed.length, MOST_NAMED);
  return {
    title: `${count} leftover${count === 1 ? "" : "s"} of builds and trials removed`,
    lines: [
      ...removed.slice(0, MOST_NAMED).map(sayRemoved),
      ...(unnamed > 0 ? [`... and ${unnamed} more`] : []),
      "Nobody uses any of them. How long such things are kept stands in `leftovers` of factory.config.ts.",
    ],
    tone: "news",
    attributes: { event: "leftovers.removed" },
  };
}

const kinds: Readonly<Record<RemovedThing["kind"], string>> = {
  ami: "AMI",
  snapshot: "snapshot",
  "container-image": "container image",
  "image-resource": "image of Image Builder's",
  canary: "canary",
  instance: "instance",
  recipe: "recipe",
  component: "component",
};

function sayRemoved({ kind, id, region, account, image, build, why }: RemovedThing): string {
  const whose = image && build ? ` of ${image} ${buildVersion(build)}` : "";
  return `${kinds[kind]} ${id}${whose} in ${region}${account ? ` of ${account}` : ""}: ${why}`;
}
