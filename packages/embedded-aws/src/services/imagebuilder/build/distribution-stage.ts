import type { DistributionConfiguration } from "@aws-sdk/client-imagebuilder";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { instancePlan, simulatedDurations } from "../simulation.ts";
import { applyConfigurations, modifyAttributes } from "./configure-copies.ts";
import { DISTRIBUTE_IMAGE } from "./default-workflows.ts";
import { copyToRegions, type DistributedImage } from "./distribute.ts";
import type { ImageRecord } from "./image-record.ts";
import { moveImage } from "./image-state.ts";
import { runWorkflow } from "./run-workflow.ts";

/** Distributes an AMI as a configuration says: DISTRIBUTING, and INTEGRATING where parameters are to be written. */
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
    // There is no rollback of a distribution.
    { rollback: false },
  );
}
