import { optimizedCall } from "./optimized-call.ts";
import type { Integration } from "./task-call.ts";
import { withText } from "./text-parameter.ts";

const sqs = { service: "sqs", operation: "SendMessage", prefix: "SQS", general: "AmazonSQSException" };

export const sendMessage: Integration["call"] = (task) =>
  optimizedCall(task, sqs, withText(task.parameters, "MessageBody"));
