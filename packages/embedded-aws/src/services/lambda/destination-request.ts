import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { endpointOf } from "../../engine/endpoint.ts";
import type { FinishedEvent } from "./invocation-record.ts";
import { DESTINATIONS, requireTarget } from "./target-kinds.ts";

/** A call that hands something to another service. */
export interface TargetRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  readonly region: string;
}

/** The call that gives a destination (an ARN) the invocation record. */
export function destinationRequest(aws: EmbeddedAws, arn: string, event: FinishedEvent, record: string): TargetRequest {
  const { service, region } = requireTarget("destination", arn, DESTINATIONS);
  switch (service) {
    case "sqs":
      return {
        service,
        operation: "SendMessage",
        region,
        input: { QueueUrl: queueUrlOf(aws, arn), MessageBody: record },
      };
    case "sns":
      return { service, operation: "Publish", region, input: { TopicArn: arn, Message: record } };
    case "lambda":
      return {
        service,
        operation: "Invoke",
        region,
        input: { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(record) },
      };
    case "events":
      return { service, operation: "PutEvents", region, input: { Entries: [toEntry(aws, arn, event, record)] } };
  }
}

export function queueUrlOf(aws: EmbeddedAws, arn: string): string {
  const [, , , , account = "", name = ""] = arn.split(":");
  return `${endpointOf(aws)}/${account}/${name}`;
}

const toEntry = (aws: EmbeddedAws, arn: string, { fn, condition }: FinishedEvent, record: string): object => ({
  EventBusName: arn,
  Source: "lambda",
  DetailType: `Lambda Function Invocation Result - ${condition === "Success" ? "Success" : "Failure"}`,
  Resources: [arn, `${fn.arn}:$LATEST`],
  Time: new Date(aws.clock.now()),
  Detail: record,
});
