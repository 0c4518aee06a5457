import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { accountOf, regionOf } from "../arns.ts";
import type { Execution } from "../state.ts";

/** "Step Functions Execution Status Change" on the default bus (Developer Guide, "Step Functions event notifications"). */
export function publishStatus(aws: EmbeddedAws, execution: Execution): void {
  const { arn, machine, name, status, startDate, stopDate, input, output, error, cause } = execution;
  publishServiceEvent(aws, {
    account: accountOf(arn),
    region: regionOf(arn),
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name,
      status,
      startDate: startDate.getTime(),
      stopDate: stopDate?.getTime() ?? null,
      input,
      inputDetails: { included: true },
      output: output ?? null,
      outputDetails: output === undefined ? null : { included: true },
      error: error ?? null,
      cause: cause ?? null,
      redriveCount: 0,
      redriveDate: null,
    },
  });
}
