import type * as Sdk from "@aws-sdk/client-inspector2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext, resourceTagContext } from "../tag-context.ts";
import { accessDenied, badRequest, notFound } from "./refusals.ts";
import { startCisScan } from "./run-cis-scan.ts";
import { inspectorState, scansInstances } from "./state.ts";

const configurationArn = ({ account, region }: Call, id: string): string =>
  `arn:aws:inspector2:${region}:${account}:owner/${account}/cis-configuration/${id}`;

export const operations = {
  /** A scan that is to run once starts at once, and its configuration stays. */
  CreateCisScanConfiguration: {
    authorize: ({ tags }, call) => [
      { resources: [configurationArn(call, "*")], context: requestTagContext(Object.entries(tags ?? {})) },
    ],
    run({ scanName, securityLevel, schedule, targets, tags }, call) {
      const kinds = Object.keys(schedule ?? {});
      if (kinds.length !== 1) throw badRequest(`A schedule has exactly one of its kinds, found ${kinds.length}.`);
      if (!schedule?.oneTime) {
        throw new AwsError(
          "NotImplemented",
          `inspector2:CreateCisScanConfiguration is not built for ${kinds[0]} schedules`,
        );
      }
      const { accountIds = [], targetResourceTags = {} } = targets ?? {};
      const other = accountIds.find((one) => one !== "SELF" && one !== call.account);
      if (other !== undefined) {
        throw accessDenied(`Account ${call.account} is not the delegated administrator of ${other}.`);
      }
      if (!scansInstances(call.aws, call.account, call.region)) {
        throw accessDenied(`Amazon EC2 scanning is not enabled for account ${call.account} in ${call.region}.`);
      }
      const scanConfigurationArn = configurationArn(call, call.aws.uuid());
      call.aws.state(inspectorState, call.account, call.region).cisConfigurations.set(scanConfigurationArn, {
        scanConfigurationArn,
        ownerId: call.account,
        scanName,
        securityLevel,
        schedule: { oneTime: {} },
        targets: { accountIds: [call.account], targetResourceTags },
        tags: tags ?? {},
      });
      startCisScan(call, {
        scanConfigurationArn,
        scanName,
        securityLevel,
        targets: { accountIds: [call.account], targetResourceTags },
        scheduledBy: call.account,
      });
      return { scanConfigurationArn };
    },
  },
  /** Scans that were made by it stay. */
  DeleteCisScanConfiguration: {
    authorize: ({ scanConfigurationArn = "*" }, call) => {
      const { cisConfigurations } = call.aws.state(inspectorState, call.account, call.region);
      const tags = Object.entries(cisConfigurations.get(scanConfigurationArn)?.tags ?? {});
      return [{ resources: [scanConfigurationArn], context: resourceTagContext(tags) }];
    },
    run({ scanConfigurationArn = "" }, call) {
      const { cisConfigurations } = call.aws.state(inspectorState, call.account, call.region);
      if (!cisConfigurations.delete(scanConfigurationArn)) {
        throw notFound(`The CIS scan configuration ${scanConfigurationArn} does not exist.`);
      }
      return { scanConfigurationArn };
    },
  },
} satisfies Operations<typeof Sdk>;
