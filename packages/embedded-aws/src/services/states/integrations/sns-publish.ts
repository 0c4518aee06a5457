import { optimizedCall } from "./optimized-call.ts";
import type { Integration } from "./task-call.ts";
import { withText } from "./text-parameter.ts";

const target = { service: "sns", operation: "Publish", prefix: "SNS", general: "AmazonSNSException" };

export const publish: Integration["call"] = (task) => optimizedCall(task, target, withText(task.parameters, "Message"));
