import { busName, refreshForwarderName } from "../../core/names.ts";
import { forwarderArn } from "../../core/organization/management-side.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { instanceRefresh } from "../../events/aws/instance-refresh.ts";
import { factory } from "../program/factory.ts";
import { place, tags } from "./deployment.ts";

/** Receives the factory's events, and the organization's changes from the management account. */
export const bus = new aws.cloudwatch.EventBus("Bus", { name: busName(factory.name), tags });

const { id: organization, managementAccountId } = factory.organization;

/** Consumer accounts can put events of instance refreshes, and no others. */
const instanceRefreshes = {
  sid: "InstanceRefreshes",
  principals: [{ type: "AWS", identifiers: ["*"] }],
  actions: ["events:PutEvents"],
  resources: [bus.arn],
  conditions: [
    { test: "StringEquals", variable: "aws:PrincipalOrgID", values: [organization] },
    {
      test: "ArnLike",
      variable: "aws:PrincipalArn",
      values: [`arn:${place.partition}:iam::*:role/${refreshForwarderName(factory.name, "*")}`],
    },
    { test: "StringEquals", variable: "events:source", values: instanceRefresh.pattern.source },
    { test: "StringEquals", variable: "events:detail-type", values: instanceRefresh.pattern["detail-type"] },
  ],
};

new aws.cloudwatch.EventBusPolicy("BusPolicy", {
  eventBusName: bus.name,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        sid: "OrganizationsChanges",
        principals: [{ type: "AWS", identifiers: [`arn:${place.partition}:iam::${managementAccountId}:root`] }],
        actions: ["events:PutEvents"],
        resources: [bus.arn],
        conditions: [
          { test: "StringEquals", variable: "events:source", values: ["aws.organizations"] },
          // In a condition, because a principal must already exist.
          {
            test: "ArnEquals",
            variable: "aws:PrincipalArn",
            values: [forwarderArn(place.partition, managementAccountId, factory.name)],
          },
        ],
      },
      ...(factory.consumers && rolledOutChannels(factory).length > 0 ? [instanceRefreshes] : []),
    ],
  }).json,
});
