import { type EmbeddedAws, endpointOf } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";

/** The invocation of a target: one call of the service in its ARN. */
export interface TargetRequest {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly input: object;
}

const KINDS = ["lambda", "sqs", "sns", "states"] as const;

type TargetKind = (typeof KINDS)[number];

/** Undefined for an ARN that cannot be a target here. */
export function targetKind(arn: string): TargetKind | undefined {
  const [, , service = "", , , resource = ""] = arn.split(":");
  if (service === "lambda" && resource !== "function") return undefined;
  if (service === "states" && resource !== "stateMachine") return undefined;
  return KINDS.find((kind) => kind === service);
}

/** The call that passes `payload` to a function, queue, topic or state machine. */
export function targetRequest(
  aws: EmbeddedAws,
  arn: string,
  payload: string,
  messageGroupId?: string | undefined,
): TargetRequest {
  const [, , , region = "", account = "", resource = ""] = arn.split(":");
  const place = { region, account };
  switch (targetKind(arn)) {
    case "lambda":
      return {
        ...place,
        service: "lambda",
        operation: "Invoke",
        input: { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(payload) },
      };
    case "sqs":
      return {
        ...place,
        service: "sqs",
        operation: "SendMessage",
        input: {
          QueueUrl: `${endpointOf(aws)}/${account}/${resource}`,
          MessageBody: payload,
          ...(messageGroupId !== undefined && { MessageGroupId: messageGroupId }),
        },
      };
    case "sns":
      return { ...place, service: "sns", operation: "Publish", input: { TopicArn: arn, Message: payload } };
    case "states":
      return {
        ...place,
        service: "states",
        operation: "StartExecution",
        input: { stateMachineArn: arn, input: payload },
      };
    case undefined:
      throw new AwsError("NotImplemented", `Targets such as ${arn} are not built in the embedded AWS`);
  }
}
