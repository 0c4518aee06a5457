import type { Distribution } from "@aws-sdk/client-imagebuilder";
import { invalidCombination, invalidValue, notBuilt } from "./refusals.ts";

/** It makes each AMI's name unique. */
const BUILD_DATE = "{{ imagebuilder:buildDate }}";

/** Checks the regions of a distribution configuration: what is twice there, or not built, is refused. */
export function checkDistributions(all: readonly Distribution[] = []): Distribution[] {
  const seen = new Set<string>();
  for (const [index, one] of all.entries()) {
    const path = `distributions[${index}]`;
    const { region = "" } = one;
    if (seen.has(region)) throw invalidValue(`${path}.region`, `The region '${region}' appears more than once.`);
    seen.add(region);
    if (one.containerDistributionConfiguration && one.amiDistributionConfiguration) {
      throw invalidCombination(
        `${path}.containerDistributionConfiguration: a region's distribution is of AMIs or of container images, not of both.`,
      );
    }
    if (one.launchTemplateConfigurations?.length) throw notBuilt("launchTemplateConfigurations of a distribution");
    if (one.fastLaunchConfigurations?.length) throw notBuilt("fastLaunchConfigurations of a distribution");
    if (one.s3ExportConfiguration) throw notBuilt("s3ExportConfiguration of a distribution");
    checkAmi(one, `${path}.amiDistributionConfiguration`);
  }
  return structuredClone([...all]);
}

function checkAmi({ amiDistributionConfiguration: ami }: Distribution, path: string): void {
  if (ami?.name && !ami.name.replaceAll(/\s/g, "").includes("{{imagebuilder:buildDate")) {
    throw invalidValue(`${path}.name`, `The AMI name must contain '${BUILD_DATE}'.`);
  }
  if (ami?.targetAccountIds?.length) throw notBuilt("targetAccountIds of a distribution (copies into other accounts)");
}
