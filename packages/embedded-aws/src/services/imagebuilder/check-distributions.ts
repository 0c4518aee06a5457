import type { Distribution } from "@aws-sdk/client-imagebuilder";
import { required } from "./check-input.ts";
import { invalidCombination, invalidValue, notBuilt } from "./refusals.ts";

/** From the API model: `AmiNameString`; the build date makes each name unique. */
const BUILD_DATE = "{{ imagebuilder:buildDate }}";
const AMI_NAME = /^[-_A-Za-z0-9{][-_A-Za-z0-9\s:{}.]+[-_A-Za-z0-9}]$/;
const LONGEST_AMI_NAME = 127;
const MOST_ACCOUNTS = 1536;
const MOST_ORGANIZATION_ARNS = 25;

/** Checks the regions of a distribution configuration: what is unknown, twice, too long or not built is refused. */
export function checkDistributions(distributions: Distribution[] | undefined): Distribution[] {
  const all = required(distributions, "distributions");
  const seen = new Set<string>();
  for (const [index, one] of all.entries()) {
    const path = `distributions[${index}]`;
    const region = required(one.region, `${path}.region`);
    if (seen.has(region)) throw invalidValue(`${path}.region`, `The region '${region}' appears more than once.`);
    seen.add(region);
    if (one.containerDistributionConfiguration) checkContainer(one, `${path}.containerDistributionConfiguration`);
    if (one.launchTemplateConfigurations?.length) throw notBuilt("launchTemplateConfigurations of a distribution");
    if (one.fastLaunchConfigurations?.length) throw notBuilt("fastLaunchConfigurations of a distribution");
    if (one.s3ExportConfiguration) throw notBuilt("s3ExportConfiguration of a distribution");
    checkAmi(one, `${path}.amiDistributionConfiguration`);
    for (const [at, { parameterName }] of (one.ssmParameterConfigurations ?? []).entries()) {
      const parameter = `${path}.ssmParameterConfigurations[${at}].parameterName`;
      if (required(parameterName, parameter).length > 1011)
        throw invalidValue(parameter, "It exceeds 1011 characters.");
    }
  }
  return all;
}

/** A container image goes to a repository that is looked for when there is one to distribute. */
function checkContainer({ containerDistributionConfiguration: container, ...one }: Distribution, path: string): void {
  if (one.amiDistributionConfiguration) {
    throw invalidCombination(`${path}: a region's distribution is of AMIs or of container images, not of both.`);
  }
  const { service, repositoryName } = required(container?.targetRepository, `${path}.targetRepository`);
  required(service, `${path}.targetRepository.service`);
  required(repositoryName, `${path}.targetRepository.repositoryName`);
}

function checkAmi({ amiDistributionConfiguration: ami }: Distribution, path: string): void {
  if (!ami) return;
  const { name } = ami;
  if (name !== undefined) {
    if (name.length > LONGEST_AMI_NAME || !AMI_NAME.test(name)) {
      throw invalidValue(
        `${path}.name`,
        `It must have at most ${LONGEST_AMI_NAME} characters and match ${AMI_NAME.source}`,
      );
    }
    if (!name.replaceAll(/\s/g, "").includes("{{imagebuilder:buildDate")) {
      throw invalidValue(`${path}.name`, `The AMI name must contain '${BUILD_DATE}'.`);
    }
  }
  if (ami.targetAccountIds?.length) throw notBuilt("targetAccountIds of a distribution (copies into other accounts)");
  const { userIds = [], organizationArns = [], organizationalUnitArns = [] } = ami.launchPermission ?? {};
  if (userIds.length > MOST_ACCOUNTS)
    throw invalidValue(`${path}.launchPermission.userIds`, `At most ${MOST_ACCOUNTS}.`);
  for (const [kind, arns] of Object.entries({ organizationArns, organizationalUnitArns })) {
    if (arns.length > MOST_ORGANIZATION_ARNS) {
      throw invalidValue(`${path}.launchPermission.${kind}`, `At most ${MOST_ORGANIZATION_ARNS} ARNs are allowed.`);
    }
  }
}
