import type * as Sdk from "@aws-sdk/client-iam";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { AUTO_SCALING_ROLE, makeAutoScalingRole } from "../autoscaling/service-linked-role.ts";
import { describeRole } from "./find-roles.ts";
import { iamOf } from "./state.ts";

const AUTO_SCALING = "autoscaling.amazonaws.com";

export const operations = {
  /** A service has one such role in an account, unless it takes a suffix, as Auto Scaling does; that is not built here. */
  CreateServiceLinkedRole: {
    authorize: ({ AWSServiceName: service = "" }, { aws, account }) => [
      {
        resources: [`arn:${aws.partition}:iam::${account}:role/aws-service-role/${service}/${nameOf(service)}`],
        context: { "iam:AWSServiceName": service },
      },
    ],
    run({ AWSServiceName: service = "", CustomSuffix }, { aws, account }) {
      if (service !== AUTO_SCALING || CustomSuffix) {
        const what = CustomSuffix ? `the suffix ${CustomSuffix}` : service;
        throw new AwsError(
          "NotImplemented",
          `iam: CreateServiceLinkedRole for ${what} is not built in the embedded AWS`,
        );
      }
      if (iamOf(aws, account).roles.has(AUTO_SCALING_ROLE)) {
        throw new AwsError(
          "InvalidInput",
          `Service role name ${AUTO_SCALING_ROLE} has been taken in this account, please try a different suffix.`,
          { status: 400 },
        );
      }
      return { Role: describeRole(makeAutoScalingRole(aws, account)) };
    },
  },
} satisfies Operations<typeof Sdk>;

const nameOf = (service: string): string => (service === AUTO_SCALING ? AUTO_SCALING_ROLE : "AWSServiceRoleFor*");
