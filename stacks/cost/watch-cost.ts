import { promotionName } from "../../core/names.ts";
import { describeImages } from "../channel/functions.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import { readOwnBuilds, readWorkflows } from "../resources/image-builder-grants.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/** Undefined if the config has no threshold. */
export const watchCost =
  factory.cost?.monthlyAlarm === undefined
    ? undefined
    : asyncFunction("cost/watch-cost", {
        timeoutSeconds: 900,
        ledger: ["GetItem", "Query", "PutItem"],
        putsEvents: true,
        grants: [
          readOwnBuilds,
          ...readWorkflows,
          describeImages,
          // These actions have no resource types (service authorization reference, "Amazon EC2", "AWS Lambda", "Amazon
          // CloudWatch").
          { actions: ["ec2:DescribeSnapshots", "lambda:ListFunctions", "cloudwatch:GetMetricData"], resources: ["*"] },
          ...(Object.values(factory.images).some(({ kind }) => kind === "container")
            ? [
                {
                  actions: ["ecr:DescribeImages"],
                  resources: factory.regions.map((region) => arnOf("ecr", `repository/${factory.name}/*`, region)),
                },
              ]
            : []),
          { actions: ["states:ListExecutions"], resources: [promotion.arn] },
          {
            actions: ["states:DescribeExecution", "states:GetExecutionHistory"],
            resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)],
          },
        ],
        environment: { PROMOTION_ARN: promotion.arn },
      });
