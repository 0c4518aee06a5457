import factory from "../factory.config.ts";
import { alarmArns } from "./alarm.ts";
import { dashboardBody } from "./dashboard-body.ts";
import { resourceName } from "./deployment.ts";
import { functionNames } from "./lambda-function.ts";
import { promotion } from "./promotion/state-machine.ts";

new aws.cloudwatch.Dashboard("Dashboard", {
  dashboardName: resourceName("images", 255),
  dashboardBody: promotion.arn.apply((promotionArn) =>
    JSON.stringify(dashboardBody(factory, { alarmArns, functionNames, promotionArn })),
  ),
});
