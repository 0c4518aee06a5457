import { optimizedCall } from "./optimized-call.ts";
import type { Integration } from "./task-call.ts";
import { withText } from "./text-parameter.ts";

const sns = { service: "sns", operation: "Publish", prefix: "SNS", general: "AmazonSNSException" };

export const publish: Integration["call"] = (task) => optimizedCall(task, sns, withText(task.parameters, "Message"));
