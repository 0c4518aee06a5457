import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { evidence } from "../evidence/evidence.ts";
import { actInRollouts } from "../organization/consumers.ts";
import { factory } from "../program/factory.ts";
import { arnOf, place, resourceName, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

const name = "watch-exposure";

/** By name, because the function's ARN is unknown before it is created, and the role names it. */
const [itself, role, group] = [
  arnOf("lambda", `function:${resourceName(name)}`),
  `arn:${place.partition}:iam::${place.account}:role/${resourceName(`${name}-scheduler`)}`,
  resourceName(name),
];

/** Undefined if no channel has roll-outs. */
export const watchExposure =
  factory.consumers && rolledOutChannels(factory).length > 0
    ? asyncFunction("rollout/watch-exposure", {
        // Reads hundreds of accounts, at Auto Scaling's and EC2's request rates.
        timeoutSeconds: 900,
        ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
        grants: [
          actInRollouts,
          { actions: ["lambda:InvokeFunction"], resources: [itself] },
          { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
          // Without it S3 returns 403 for a missing object, such as a build's deleted evidence.
          { actions: ["s3:ListBucket"], resources: [evidence.arn] },
          { actions: ["kms:Decrypt"], resources: [keyArn()] },
          {
            actions: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"],
            resources: [arnOf("scheduler", `schedule/${group}/*`)],
          },
          {
            actions: ["iam:PassRole"],
            resources: [role],
            conditions: [
              { test: "StringEquals", variable: "iam:PassedToService", values: ["scheduler.amazonaws.com"] },
            ],
          },
        ],
        invokesItself: true,
        environment: {
          EVIDENCE_BUCKET: evidence.bucket,
          WATCH_EXPOSURE_FUNCTION: resourceName(name),
          SCHEDULE_GROUP: group,
          SCHEDULE_ROLE_ARN: role,
          WATCH_EXPOSURE_ARN: itself,
          DEAD_LETTERS_ARN: arnOf("sqs", resourceName(`${name}-dead-letters`, 80)),
        },
      })
    : undefined;

if (watchExposure) {
  /** The schedule of close counts, which the function creates and deletes: it is deleted with the group. */
  new aws.scheduler.ScheduleGroup("WatchExposureSchedules", { name: group, tags });
}
