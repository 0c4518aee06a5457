import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { imageOf as plainImage } from "../world/factory-of.ts";

type Image = FactoryInput["images"][string];

/** Paths of documents, as a config names its own. */
export const documents = (...names: string[]): string[] => names.map((name) => `images/components/${name}.yaml`);

/** Amazon Linux with documents of the config's own, rebuilt for important advisories. */
export const imageOf = (changes: Partial<Image>): Image =>
  plainImage({
    components: documents("update-al2023"),
    tests: documents("smoke"),
    triggers: { packages: { severity: "important" } },
    gate: { cve: { critical: 0, count: "fixable" } },
    ...changes,
  });

export const ubuntu = (version: "22.04" | "24.04", architecture: "amd64" | "arm64", volume: "gp2" | "gp3") => ({
  ssm: `/aws/service/canonical/ubuntu/server/${version}/stable/current/${architecture}/hvm/ebs-${volume}/ami-id`,
});
