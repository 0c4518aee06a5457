import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import type { Json } from "../asl/json.ts";
import { StateError } from "../asl/state-error.ts";
import { errorShape, fromSdkOutput, operationSchema, toSdkInput, UnknownParameter } from "./sdk-shapes.ts";
import type { Integration, TaskCall } from "./task-call.ts";

/**
 * Services by their name in a Task's Resource: signing name, and prefix of their errors (the list in "Learning to use
 * AWS service SDK integrations", Developer Guide).
 */
const services: Readonly<Record<string, { service: string; prefix: string }>> = {
  cloudwatch: { service: "monitoring", prefix: "CloudWatch" },
  dynamodb: { service: "dynamodb", prefix: "DynamoDb" },
  ec2: { service: "ec2", prefix: "Ec2" },
  eventbridge: { service: "events", prefix: "EventBridge" },
  iam: { service: "iam", prefix: "Iam" },
  imagebuilder: { service: "imagebuilder", prefix: "Imagebuilder" },
  inspector2: { service: "inspector2", prefix: "Inspector2" },
  kms: { service: "kms", prefix: "Kms" },
  lambda: { service: "lambda", prefix: "Lambda" },
  organizations: { service: "organizations", prefix: "Organizations" },
  s3: { service: "s3", prefix: "S3" },
  scheduler: { service: "scheduler", prefix: "Scheduler" },
  sfn: { service: "states", prefix: "Sfn" },
  sns: { service: "sns", prefix: "Sns" },
  sqs: { service: "sqs", prefix: "Sqs" },
  ssm: { service: "ssm", prefix: "Ssm" },
  sts: { service: "sts", prefix: "Sts" },
};

export const isAwsSdkAction = (type: string): boolean => type.startsWith("aws-sdk:");

/**
 * `aws-sdk:<service>:<action>`: every operation that is built here (others answer NotImplemented), with parameters and
 * results in PascalCase.
 */
export function sdkCall(type: string, action: string): Integration["call"] | undefined {
  const names = services[type.slice("aws-sdk:".length)];
  return (
    names && ((task) => callService(task, { ...names, general: `${names.prefix}Exception` }, action, task.parameters))
  );
}

/** The operation's output in PascalCase; throws StateError if the service or its schema refuses. */
export async function callService(
  { aws, principal, region }: TaskCall,
  names: { service: string; prefix: string; general: string },
  action: string,
  parameters: Json,
): Promise<Json> {
  const operation = await operationSchema(aws, names.service, action);
  if (!operation) throw new StateError("States.Runtime", `The operation ${names.service}:${action} does not exist.`);
  try {
    const input = toSdkInput(operation.input, parameters) as object;
    const output = await aws.call<unknown>(names.service, operation.name, input, { principal, region });
    return fromSdkOutput(operation.output, output ?? {}) ?? {};
  } catch (failure) {
    if (failure instanceof UnknownParameter) {
      const why = `The parameter '${failure.message}' is not a parameter of ${names.service}:${operation.name}.`;
      throw new StateError("States.Runtime", why);
    }
    throw await serviceError(aws, failure, names);
  }
}

/**
 * A service's error as a Task's error: `Imagebuilder.ResourceNotFoundException`. Names end in "Exception" even if the
 * service's do not; errors that the service's model does not name become its general error, `Ec2.Ec2Exception`
 * (Developer Guide, "Learning to use AWS service SDK integrations"). Failures of the embedded AWS itself are not
 * changed.
 */
export async function serviceError(
  aws: EmbeddedAws,
  failure: unknown,
  names: { service: string; prefix: string; general: string },
): Promise<unknown> {
  if (!(failure instanceof AwsError)) return failure;
  const shape = await errorShape(aws, names.service, failure.code);
  const exception = shape === undefined ? names.general : shape.endsWith("Exception") ? shape : `${shape}Exception`;
  const status = failure.status ?? 400;
  const about = `(Service: ${names.prefix}, Status Code: ${status}, Request ID: ${aws.uuid()})`;
  const message = shape === undefined ? `${failure.code}: ${failure.message}` : failure.message;
  return new StateError(`${names.prefix}.${exception}`, `${message} ${about}`);
}
