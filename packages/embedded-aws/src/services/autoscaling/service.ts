import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteAutoScalingGroup, updateAutoScalingGroup } from "./change-auto-scaling-group.ts";
import { createAutoScalingGroup } from "./create-auto-scaling-group.ts";
import { describeAutoScalingGroups, describeScalingActivities } from "./describe-auto-scaling.ts";

/** Amazon EC2 Auto Scaling: groups of instances by launch template, and what became of their launches. */
export const service: Service = {
  name: "autoscaling",
  client: () => import("@aws-sdk/client-auto-scaling"),
  operations: bindTokens(
    {
      CreateAutoScalingGroup: createAutoScalingGroup,
      DeleteAutoScalingGroup: deleteAutoScalingGroup,
      DescribeAutoScalingGroups: describeAutoScalingGroups,
      DescribeScalingActivities: describeScalingActivities,
      UpdateAutoScalingGroup: updateAutoScalingGroup,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidNextToken" },
  ),
};
