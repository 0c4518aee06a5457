import { alarm } from "./alarm.ts";
import { logicalName, resourceName, tags } from "./deployment.ts";

const FOURTEEN_DAYS = 14 * 24 * 3600;

/** The queue of events that a function could not handle, complete and with the reason; an alarm reports them. */
export function deadLetters(functionName: string): aws.sqs.Queue {
  const name = `${functionName}-dead-letters`;
  const queue = new aws.sqs.Queue(logicalName(name), {
    name: resourceName(name, 80),
    messageRetentionSeconds: FOURTEEN_DAYS,
    // With SQS's own key: the policy of a customer managed key would have to allow EventBridge, Scheduler and Lambda.
    sqsManagedSseEnabled: true,
    tags,
  });
  alarm(name, {
    description: `${functionName} could not handle an event. The queue contains the event and the reason.`,
    namespace: "AWS/SQS",
    // NumberOfMessagesSent does not count dead letters (SQS developer guide, "Available CloudWatch metrics").
    metric: "ApproximateNumberOfMessagesVisible",
    statistic: "Maximum",
    dimensions: { QueueName: queue.name },
  });
  return queue;
}

/** Allows only these rules to write to a queue. Functions and schedules write with their own roles. */
export function acceptFromRules(name: string, queue: aws.sqs.Queue, rules: aws.cloudwatch.EventRule[]): void {
  new aws.sqs.QueuePolicy(`${logicalName(name)}DeadLettersPolicy`, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          sid: "RulesSend",
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: rules.map((rule) => rule.arn) }],
        },
        {
          sid: "OnlyByTls",
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["sqs:SendMessage"],
          resources: [queue.arn],
          conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    }).json,
  });
}
