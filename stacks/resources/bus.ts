import { busName } from "../../core/names.ts";
import { forwarderArn } from "../../core/organization/management-side.ts";
import { factory } from "../program/given.ts";
import { place, tags } from "./deployment.ts";

/** Where the factory says what happened, and where the management account says what happened to the organization. */
export const bus = new aws.cloudwatch.EventBus("Bus", { name: busName(factory.name), tags });

const { managementAccountId } = factory.organization;

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
          // As a principal the role would have to be there first.
          {
            test: "ArnEquals",
            variable: "aws:PrincipalArn",
            values: [forwarderArn(place.partition, managementAccountId, factory.name)],
          },
        ],
      },
    ],
  }).json,
});
