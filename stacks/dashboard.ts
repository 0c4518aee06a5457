import factory from "../factory.config.ts";
import { alarmArns } from "./alarm.ts";
import { dashboardBody } from "./dashboard-body.ts";
import { resourceName } from "./deployment.ts";
import { functionNames } from "./lambda-function.ts";
import { promotion } from "./promotion/state-machine.ts";

/** By name: the order in which they are declared is that of the imports. */
const shown = { alarmArns: alarmArns.toSorted(), functionNames: functionNames.toSorted() };

new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: resourceName("images", 255),
  dashboardBody: promotion.arn.apply((promotionArn) =>
    JSON.stringify(dashboardBody(factory, { ...shown, promotionArn })),
  ),
});
