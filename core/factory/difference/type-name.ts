/** AWS's service names, by module of Pulumi's AWS provider. */
const services: Readonly<Record<string, string>> = {
  cloudformation: "CloudFormation",
  cloudwatch: "CloudWatch",
  dynamodb: "DynamoDB",
  ec2: "EC2",
  ecr: "ECR",
  iam: "IAM",
  imagebuilder: "Image Builder",
  inspector2: "Inspector",
  kms: "KMS",
  lambda: "Lambda",
  rbin: "Recycle Bin",
  s3: "S3",
  scheduler: "EventBridge Scheduler",
  sfn: "Step Functions",
  sns: "SNS",
  sqs: "SQS",
  ssm: "SSM",
};

/** `aws:cloudwatch/eventRule:EventRule` as display text: `EventBridge rule`. */
export function nameOfType(type: string): string {
  const [, module = "", kind = type] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
  const lookup = /^get([A-Z]\w*)$/.exec(kind)?.[1];
  if (lookup) return `${services[module] ?? module} lookup of a ${lookup}`;
  // Pulumi keeps EventBridge's former name, CloudWatch Events.
  const isEvents = module === "cloudwatch" && kind.startsWith("Event");
  const words = (isEvents ? kind.slice("Event".length) : kind).replace(/V2$/i, "").split(/(?=[A-Z])/);
  const service = isEvents ? "EventBridge" : (services[module] ?? module);
  return [service, ...words.map((word) => word.toLowerCase())].filter(Boolean).join(" ");
}
