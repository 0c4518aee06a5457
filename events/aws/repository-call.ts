import * as z from "zod";
import { defineAwsEvent, loggedCall } from "../define-event.ts";

/**
 * An ECR call that changes a repository, as logged by CloudTrail (ECR user guide, "Logging Amazon ECR actions with AWS
 * CloudTrail"); best effort, and only with a trail that logs management events in this region.
 */
export const repositoryCall = defineAwsEvent(
  "aws.ecr",
  "AWS API Call via CloudTrail",
  loggedCall({ requestParameters: z.object({ repositoryName: z.string().min(1) }) }),
);
