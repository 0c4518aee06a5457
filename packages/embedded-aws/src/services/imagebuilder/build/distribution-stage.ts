import type { LaunchPermissionModifications } from "@aws-sdk/client-ec2";
import type {
  Distribution,
  DistributionConfiguration,
  LaunchPermissionConfiguration,
} from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { instancePlan, simulatedDurations } from "../simulation.ts";
import { callService, type ImageRecord } from "../state.ts";
import { copyToRegions, type DistributedImage, failedTarget, notDistributed } from "./distribute.ts";
import type { RegionFailure } from "./failure-context.ts";
import { moveImage } from "./image-state.ts";
import { runWorkflow } from "./run-workflow.ts";
import { acrossAccounts, principalIn } from "./target-account.ts";
import { DISTRIBUTE_IMAGE } from "./workflows.ts";

/** Distributes an AMI by a configuration: DISTRIBUTING, then INTEGRATING if it writes parameters. */
export async function distributionStage(
  aws: EmbeddedAws,
  record: ImageRecord,
  configuration: DistributionConfiguration,
  imageId: string,
): Promise<void> {
  const distributions = configuration.distributions ?? [];
  const { integrate } = simulatedDurations(instancePlan(aws, record.account, record.region));
  const shares = distributions.some((one) => one.amiDistributionConfiguration?.launchPermission);
  const integrates = distributions.some((one) => one.ssmParameterConfigurations?.length);
  let copies: DistributedImage[] = [];
  const onCopies = { "distributedImages.$": "$.stepOutputs.DistributeImage.distributedImages" };
  moveImage(aws, record, "DISTRIBUTING");
  await runWorkflow(
    aws,
    record,
    DISTRIBUTE_IMAGE,
    {
      DistributeImage: {
        inputs: {},
        run: async () => {
          copies = await copyToRegions(aws, record, imageId, distributions);
          return { distributedImages: copies };
        },
      },
      ModifyImageAttributes: shares
        ? { inputs: onCopies, run: () => modifyAttributes(aws, record, copies, distributions) }
        : "skip",
      ApplyImageConfigurations: integrates
        ? {
            inputs: onCopies,
            run: async () => {
              moveImage(aws, record, "INTEGRATING");
              await aws.clock.sleep(integrate, record.cancellation.signal);
              await applyConfigurations(aws, record, copies, distributions);
            },
          }
        : "skip",
    },
    // A distribution cannot be rolled back.
    { rollback: false },
  );
}

type Step = (copy: DistributedImage, distribution: Distribution) => Promise<void>;

/** Sets each copy's launch permissions from its region's distribution. */
const modifyAttributes = (
  aws: EmbeddedAws,
  record: ImageRecord,
  copies: readonly DistributedImage[],
  distributions: readonly Distribution[],
): Promise<void> =>
  inEachRegion(aws, record, copies, distributions, "distribution", undefined, async (copy, distribution) => {
    const permissions = launchPermissions(distribution.amiDistributionConfiguration?.launchPermission);
    if (!permissions) return;
    await callService(
      aws,
      "ec2",
      "ModifyImageAttribute",
      { ImageId: copy.amiId, LaunchPermission: permissions },
      { principal: await principalIn(aws, record, copy.accountId), region: copy.region },
    );
  });

/** Writes the parameters of a region's distribution. */
const applyConfigurations = (
  aws: EmbeddedAws,
  record: ImageRecord,
  copies: readonly DistributedImage[],
  distributions: readonly Distribution[],
): Promise<void> =>
  inEachRegion(aws, record, copies, distributions, "integration", "PUT_SSM_PARAMETERS", async (copy, distribution) => {
    for (const { parameterName, dataType, amiAccountId } of distribution.ssmParameterConfigurations ?? []) {
      if ((amiAccountId ?? record.account) !== copy.accountId) continue;
      await callService(
        aws,
        "ssm",
        "PutParameter",
        {
          Name: parameterName,
          Value: copy.amiId,
          Type: "String",
          DataType: dataType ?? "text",
          Overwrite: true,
        },
        { principal: await principalIn(aws, record, copy.accountId), region: copy.region },
      );
    }
  });

async function inEachRegion(
  aws: EmbeddedAws,
  record: ImageRecord,
  copies: readonly DistributedImage[],
  distributions: readonly Distribution[],
  what: "distribution" | "integration",
  imageConfigurationStep: string | undefined,
  step: Step,
): Promise<void> {
  const failures: RegionFailure[] = [];
  for (const copy of copies) {
    const distribution = distributions.find(({ region }) => region === copy.region);
    try {
      if (distribution) await step(copy, distribution);
    } catch (error) {
      failures.push({
        region: copy.region,
        status: "FAILED",
        ...(imageConfigurationStep && { imageConfigurationStep }),
        ...failedTarget(record, copy.accountId),
        errorMessage: acrossAccounts(error, record, copy.accountId, copy.region),
      });
    }
  }
  if (failures.length > 0) throw notDistributed(aws, record, failures, what);
}

function launchPermissions(
  asked: LaunchPermissionConfiguration | undefined,
): LaunchPermissionModifications | undefined {
  const Add = [
    ...(asked?.userIds ?? []).map((UserId) => ({ UserId })),
    ...(asked?.userGroups ?? []).map((Group) => ({ Group: Group as "all" })),
    ...(asked?.organizationArns ?? []).map((OrganizationArn) => ({ OrganizationArn })),
    ...(asked?.organizationalUnitArns ?? []).map((OrganizationalUnitArn) => ({ OrganizationalUnitArn })),
  ];
  return Add.length > 0 ? { Add } : undefined;
}
